import { isKey, readingsOf } from './reading.js';
import { toast } from './toasts.js';

/** What is public in a text that was pasted, frame by frame. */
const publicFrames =
  /-----BEGIN ((?:NEW )?CERTIFICATE REQUEST|(?:X509 |TRUSTED )?CERTIFICATE|PKCS7|CMS|PUBLIC KEY)-----[^-]*-----END \1-----/g;
const keyFrame = /PRIVATE KEY/i;
/** Enough of base64 or hex to be a key without a frame. */
const encoded = /(?:[\w+/=:]\s*){60}/;

/** Whether a text holds a private key. The reader decides, but for the plain case and for what cannot be one. */
function holdsKey(text: string): boolean | Promise<boolean> {
  const rest = text.replaceAll(publicFrames, '');
  if (keyFrame.test(rest)) return true;
  if (!encoded.test(rest)) return false;
  return readingsOf(rest).then((found) => found.some(isKey));
}

/** Says that a key was refused; the same words for every way in. */
export const refuseKey = (): void =>
  toast(
    'That was a private key. It is removed, and kept nowhere: nobody needs it here, and nobody should have it.',
    'bad',
  );

/** More than all certificates of a browser, and what is read while nobody notices. */
export const mostBytes = 4_000_000;

/** The same for what is too large to be read, and so to be known for what it is. */
export const refuseSize = (): void =>
  toast('That is larger than 4 MB, and was not read: take the part that has the request or the certificates.', 'bad');

/**
 * Stands before every field of the page: a private key that is typed or pasted into one, or what is too large to be looked
 * through, is cleared before anything else hears of it. So nothing can keep it by accident, whatever the field is for.
 */
export function guardFields(): void {
  const passed = new WeakSet<Event>();
  const latest = new WeakMap<EventTarget, Event>();
  const send = (field: HTMLElement) => {
    const event = new InputEvent('input', { bubbles: true });
    passed.add(event);
    field.dispatchEvent(event);
  };
  const guard = async (event: Event) => {
    const field = event.target;
    const isText = field instanceof HTMLTextAreaElement || (field instanceof HTMLInputElement && field.type !== 'file');
    if (!isText || passed.has(event)) return;
    latest.set(field, event);
    const text = field.value;
    const isTooLarge = text.length > mostBytes;
    const verdict = isTooLarge || holdsKey(text);
    if (verdict === false) return;
    event.stopImmediatePropagation();
    const isRefused = await verdict;
    // More was typed meanwhile: that is looked at.
    if (latest.get(field) !== event) return;
    if (isTooLarge) refuseSize();
    else if (isRefused) refuseKey();
    // What was drawn meanwhile may have put the last text back.
    field.value = isRefused ? '' : text;
    send(field);
  };
  document.addEventListener('input', guard, { capture: true });
}
