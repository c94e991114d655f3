import { effect, signal } from '@preact/signals';
import { explain } from '../explain.js';
import { type Placed, Placing } from '../portal/placing.js';
import { clearDraft } from './draft.js';
import { keepName, nameOf } from './ordered.js';
import { remember } from './orders.js';
import { href, navigate, route } from './route.js';
import { accountKey, connect, service, touch } from './service.js';
import { storageOf } from './stored.js';
import { toast } from './toasts.js';

/** The slot of the form for a new order; there is one. */
export const formSlot = 'form';

/** Counts up when a placement moves on. */
const moved = signal(0);

/** What is being placed, in this page or the one before it: a tab's, as the form is. */
export const placing = new Placing({
  storage: storageOf('sessionStorage'),
  key: `${accountKey}placing`,
  clients: connect,
  tell,
});

/** A placement, drawn again when it moves on. */
export function placementOf(slot: string): Placed | undefined {
  moved.value;
  return placing.get(slot);
}

/** Those that this page has sent, and nobody has heard of since. */
const sent = new Set<string>();

function tell(slot: string, placed: Placed | undefined): void {
  moved.value += 1;
  if (!placed) return;
  const { order, progress } = placed;
  const isSeen = slot === formSlot && route.peek().view === 'new';
  if (progress.kind === 'sending') sent.add(slot);
  if (progress.kind === 'placed') {
    keepName(progress.order.id, order.cert.commonName);
    remember([progress.order]);
    touch();
    const text = progress.isNew ? 'is placed' : 'was there already: nothing was bought';
    const to = href('order', progress.order.id);
    if (!isSeen || progress.isNew)
      toast(`The order of ${nameOf(progress.order)} ${text}.`, 'good', isSeen ? undefined : to);
    if (slot === formSlot && progress.isNew) clearDraft();
    // Who waits for it sees it; who has left the form, or loaded the page again, is led nowhere.
    if (isSeen && sent.delete(slot) && progress.isNew) {
      placing.forget(slot);
      navigate(to);
    }
  } else if (!isSeen && 'error' in progress) {
    const isUnknown = progress.kind === 'unknown';
    const what = isUnknown ? 'may or may not be placed.' : `was not placed. ${explain(progress.error).why}`;
    const form = placed.replaces ? href('new', '', { renew: placed.replaces }) : href('new');
    toast(`The order of ${order.cert.commonName} ${what}`, 'bad', form);
  }
}

// As soon as the service is there, whatever view wanted it.
const stop = effect(() => {
  if (!service.value) return;
  queueMicrotask(() => {
    stop();
    void placing.resume();
  });
});
