import type { RenewalPlan } from 'markmonitor-certs';
import { explain } from '../explain.js';
import { count } from '../format.js';
import { keepName } from './ordered.js';
import { href } from './route.js';
import { connect, type Service, touch } from './service.js';
import { toast } from './toasts.js';

/** So many days before its end, which is always: who chose a certificate knows that it is wanted. */
const anyDay = 399;

/** What becomes of every certificate. What was placed by this page and is not done yet is looked after by the way. */
export async function planAll({ client, journal }: Service, signal: AbortSignal): Promise<RenewalPlan> {
  const plan = await client.renewals.plan({ journal, signal });
  const isOpen = plan.counts.continue + plan.counts.unknown > 0;
  // Without its items nothing new is placed.
  if (isOpen && !running) void carryOut({ ...plan, items: [] }, new Map());
  return plan;
}

/** What it takes to renew these orders, due or not. */
export async function planOf(only: readonly string[]): Promise<RenewalPlan> {
  const { client, journal } = await connect();
  return await client.renewals.plan({ journal, only, policy: { at: anyDay } });
}

let running: Promise<void> | undefined;

/**
 * Places what a plan says, each order once, as far as it can be done now; what is left is in the journal. One after the
 * other: they share it. What comes of it is told.
 *
 * @param requests By the orders that are renewed. Their keys are saved: this page has them no more.
 */
export function carryOut(plan: RenewalPlan, requests: ReadonlyMap<string, string>): Promise<void> {
  const run = (running ?? Promise.resolve())
    .then(() => runOf(plan, requests))
    .catch((error) => toast(`The renewals stopped. ${explain(error).why}`, 'bad'))
    .finally(() => {
      if (running === run) running = undefined;
    });
  running = run;
  return run;
}

async function runOf(plan: RenewalPlan, requests: ReadonlyMap<string, string>): Promise<void> {
  const { client, journal } = await connect();
  const key = ({ orderId }: { orderId: string }) => {
    const csr = requests.get(orderId);
    if (!csr) throw new Error('The request for it is gone: renew it again.');
    return { csr };
  };
  let isNews = false;
  for await (const event of client.renewals.run(plan, { journal, key, maxWait: 0 })) {
    isNews ||= event.type === 'step';
    if (event.type === 'step' && event.newOrderId) keepName(event.newOrderId, event.commonName);
    if (event.type === 'problem' && requests.has(event.orderId)) {
      toast(`${event.commonName}: ${event.message}`, 'bad', href('order', event.orderId));
    } else if (event.type === 'ended') {
      const { orders, outcome } = event.summary;
      if (orders > 0) toast(`${count(orders, 'renewal')} placed.`);
      if (outcome === 'locked' && requests.size > 0) {
        toast('Another tab is renewing: nothing was placed. Try again when it is done.', 'bad');
      }
    }
  }
  if (isNews) touch();
}
