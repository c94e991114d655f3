/** Time that passes only when it is let: in place of `performance.now`, `setTimeout` and `clearTimeout` of this process. */
import { setImmediate as turn } from 'node:timers/promises';

/**
 * More turns of the event loop than what is not waiting for a timer takes. A sandbox in the same process reads no file
 * and no socket, so their number does not depend on the machine.
 */
const turns = 50;

/** Stops the time of this process until the test (or suite) has ended. Load the wasm before: that reads a file. */
export function virtualTime(test) {
  const { setTimeout, clearTimeout } = globalThis;
  const { now: realNow } = performance;
  const timers = new Map();
  // Whole, so that sums are exact.
  let now = Math.ceil(performance.now());
  let lastId = 0;

  performance.now = () => now;
  globalThis.setTimeout = (callback, ms = 0, ...args) => {
    lastId += 1;
    timers.set(lastId, { at: now + Math.max(ms, 1), ring: () => callback(...args) });
    return lastId;
  };
  globalThis.clearTimeout = (id) => timers.delete(id);
  test.after(() => {
    performance.now = realNow;
    Object.assign(globalThis, { setTimeout, clearTimeout });
  });

  const settle = async () => {
    for (let count = 0; count < turns; count += 1) await turn();
  };
  const next = () => [...timers].sort(([, a], [, b]) => a.at - b.at)[0];
  /** Jumps to the next timer. */
  function jump() {
    const [id, { at, ring }] = next();
    timers.delete(id);
    now = at;
    ring();
  }

  return {
    now: () => now,
    /** Lets so much time pass, and whatever comes with it happen. */
    async pass(ms) {
      const end = now + ms;
      await settle();
      while (next()?.[1].at <= end) {
        jump();
        await settle();
      }
      now = end;
    },
    /** Lets time pass until this has settled, and not a moment more. */
    async until(promise) {
      let isSettled = false;
      const ended = promise.finally(() => {
        isSettled = true;
      });
      ended.catch(() => {});
      for (;;) {
        await settle();
        if (isSettled) return ended;
        if (next() === undefined) throw new Error('Nothing waits for time to pass, and the promise is still open.');
        jump();
      }
    },
  };
}
