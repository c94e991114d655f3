import { computed, signal } from '@preact/signals';
import { service, touched } from './service.js';

/** Counts up as time passes: whatever is drawn from `now()` is drawn again. */
const tick = signal(0);

/** Often enough for what is told in minutes. */
const everyMs = 20_000;

const tickNow = (): void => {
  tick.value += 1;
};

setInterval(tickNow, everyMs);
// A page that was hidden or a computer that slept comes back to a later time.
document.addEventListener('visibilitychange', tickNow);

/** The service's time: the sandbox's can be ahead of ours. The one clock of the page: what reads it is drawn again. */
export function now(): Date {
  tick.value;
  touched.value;
  return service.value?.sandbox?.now() ?? new Date();
}

/** The same, and the same object until it is drawn again: for what is worked out from thousands of orders. */
export const present = computed(now);
