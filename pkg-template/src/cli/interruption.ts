/** What ends a process from outside, and what a command does about it that must not be cut off anywhere. */
import { constants } from 'node:os';
import { exit, Failure } from './failure.js';

const codes = { SIGINT: exit.interrupted, SIGTERM: exit.terminated, SIGHUP: exit.hungUp } as const;
const signals = Object.keys(codes) as (keyof typeof codes)[];

/**
 * Does something with a signal that Ctrl-C aborts, as do SIGTERM and SIGHUP: it has the time to end in good order. A second
 * Ctrl-C ends the process at once.
 *
 * @param onStop Called on the first of them.
 * @throws Failure It was ended so, where the work throws why it was aborted.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>, onStop: () => void): Promise<T> {
  const controller = new AbortController();
  const leave = () => {
    for (const signal of signals) process.off(signal, stop);
  };
  const stop = (signal: NodeJS.Signals) => {
    // Without a listener the next one does what it always does.
    leave();
    onStop();
    const by = signal === 'SIGINT' ? 'Ctrl-C' : signal;
    controller.abort(new Failure(codes[signal as keyof typeof codes], `Stopped by ${by}.`));
  };
  for (const signal of signals) process.on(signal, stop);
  try {
    return await work(controller.signal);
  } finally {
    leave();
  }
}

/**
 * Lets signals end the first process of a container as they end any other: the kernel gives it none that nobody listens to. What a
 * command listens to itself is its own matter.
 */
export function endByAnySignal(): void {
  if (process.pid !== 1) return;
  for (const signal of signals) {
    process.on(signal, () => {
      if (process.listenerCount(signal) === 1) process.exit(codes[signal]);
    });
  }
}

/**
 * Ends the process by the signal that its exit code stands for, as if nobody had caught it: a shell leaves its loop on Ctrl-C only
 * if what it ran ended so. The first process of a container cannot be ended by itself, and exits with the code.
 */
export function endLikeSignalled(code: number): void {
  // Windows has no signals: this would end it with 1.
  if (process.platform === 'win32') return;
  const signal = signals.find((signal) => 128 + constants.signals[signal] === code);
  if (signal) process.kill(process.pid, signal);
}
