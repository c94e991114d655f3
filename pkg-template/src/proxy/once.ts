import { storePatienceMs } from '../store/patience.js';
import type { Lease, Store } from '../types/store.js';
import type { Answer } from './answer.js';
import { outcomeUnknown } from './failure.js';
import { inTime } from './in-time.js';
import type { Caller } from './queue.js';
import { pageLeft, Refusal } from './refusal.js';

/** What is remembered of a change: before it is sent without, and then with its answer. */
interface Kept {
  /** A digest of what was sent. */
  readonly of: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly answer?: Answer;
}

/** An answer, and whether it is that of a call before. */
export interface Once {
  readonly answer: Answer;
  readonly again: boolean;
}

interface UnderWay {
  readonly of: string;
  readonly answer: Promise<Answer>;
}

/** What is written of a change; and the lock of it, unless another process has it under way. */
interface Claim {
  readonly before?: Kept | undefined;
  readonly lease?: Lease | undefined;
}

/** How often what another process has under way is looked at, in milliseconds. */
const lookEvery = 500;

export interface OnceSettings {
  readonly store: Store;
  /** Sets those apart who share a store. It may be secret: of it, only a digest is kept. */
  account(): Promise<unknown>;
  readonly keepFor: number;
  /** How long a process may take with the change that it sends. */
  readonly leaseMs: number;
  onError(error: unknown): void;
}

/**
 * Passes each change on once. Browsers send a request again by themselves when a connection ends without a reply, and people
 * click twice: the first is sent, whoever comes after it waits for its answer.
 */
export class OnceRecords {
  readonly #settings: OnceSettings;
  readonly #underWay = new Map<string, UnderWay>();

  constructor(settings: OnceSettings) {
    this.#settings = settings;
  }

  /** What the change of this name came to; `send` is called if nobody has sent it, and the page still waits. */
  async once(caller: Caller, id: string, change: readonly unknown[], send: () => Promise<Answer>): Promise<Once> {
    const account = await this.#settings.account();
    const [key, of] = await Promise.all([digest(['proxy', account, caller.user, id]), digest(change)]);
    for (let first = this.#underWay.get(key); first; first = this.#underWay.get(key)) {
      if (first.of !== of) throw taken();
      try {
        return { answer: await first.answer, again: true };
      } catch (reason) {
        // The first sent nothing, for its page had left: this page is still there.
        if (!isPageLeft(reason)) throw reason;
      }
    }
    let again = false;
    const answer = this.#first(`markmonitor-certs once ${key}`, of, caller.signal, send, () => {
      again = true;
    });
    this.#underWay.set(key, { of, answer });
    try {
      return { answer: await answer, again };
    } finally {
      this.#underWay.delete(key);
    }
  }

  async #first(
    key: string,
    of: string,
    signal: AbortSignal,
    send: () => Promise<Answer>,
    isAgain: () => void,
  ): Promise<Answer> {
    const last = performance.now() + this.#settings.leaseMs;
    for (;;) {
      const { lease, before } = await this.#claim(key, of);
      if (!lease) {
        // Another process has it under way: when that has ended, it is answered, free or of unknown outcome.
        if (before && (before.answer || before.of !== of)) {
          isAgain();
          return answerOf(before, of);
        }
        if (signal.aborted) throw pageLeft();
        if (performance.now() > last) throw outcomeUnknown();
        await new Promise((resolve) => setTimeout(resolve, lookEvery));
      } else if (before) {
        await this.#release(lease);
        isAgain();
        return answerOf(before, of);
      } else {
        return await this.#sent(key, of, lease, signal, send);
      }
    }
  }

  /** Writes that it is sent from now on, unless somebody did before. What a store does too late is undone. */
  async #claim(key: string, of: string): Promise<Claim> {
    const claim = this.#written(key, of);
    try {
      return await fromStore(claim);
    } catch (reason) {
      this.#settings.onError(reason);
      claim.then(
        ({ lease, before }) => lease && this.#release(lease, before ? undefined : () => this.#put(key, undefined)),
        () => {},
      );
      throw new Refusal(503, 'store_failed', 'Nothing was sent: the server cannot remember just now what it sends.');
    }
  }

  async #written(key: string, of: string): Promise<Claim> {
    const { store, keepFor, leaseMs } = this.#settings;
    const lease = await store.lock(`${key} lock`, leaseMs);
    if (!lease) return { before: this.#read(await store.get(key)) };
    const kept: Kept = { of, at: Date.now() };
    let before: Kept | undefined;
    const replace = (value: string | undefined) => {
      before = this.#read(value);
      return before ? value : JSON.stringify(kept);
    };
    try {
      await store.update(key, replace, keepFor);
    } catch (reason) {
      await this.#release(lease);
      throw reason;
    }
    return { lease, before };
  }

  async #sent(
    key: string,
    of: string,
    lease: Lease,
    signal: AbortSignal,
    send: () => Promise<Answer>,
  ): Promise<Answer> {
    try {
      if (signal.aborted) throw pageLeft();
      const answer = await send();
      const kept: Kept = { of, at: Date.now(), answer };
      await this.#release(lease, () => this.#put(key, kept));
      return answer;
    } catch (reason) {
      // What was certainly not done may be sent again. Of all else it stays written that it was sent.
      await this.#release(lease, mayBeDone(reason) ? undefined : () => this.#put(key, undefined));
      throw reason;
    }
  }

  #put(key: string, kept: Kept | undefined): unknown {
    const { store, keepFor } = this.#settings;
    return store.set(key, kept && JSON.stringify(kept), keepFor);
  }

  /** Writes what it came to, and gives the lock back. The change is made: a store that fails now fails no call. */
  async #release(lease: Lease, write?: () => unknown): Promise<void> {
    const both = async () => {
      try {
        await write?.();
      } finally {
        await lease.release();
      }
    };
    try {
      await fromStore(both());
    } catch (reason) {
      this.#settings.onError(reason);
    }
  }

  #read(value: string | undefined): Kept | undefined {
    if (value === undefined) return undefined;
    try {
      const kept = JSON.parse(value) as Kept;
      return kept.at + this.#settings.keepFor > Date.now() ? kept : undefined;
    } catch {
      // What nobody can read may be the record of something that was sent.
      return { of: '', at: 0 };
    }
  }
}

/** What the store does, or that it is silent. */
const fromStore = <T>(work: Promise<T>): Promise<T> =>
  inTime(work, storePatienceMs, () => new Error(`The store has not answered within ${storePatienceMs / 1000} s.`));

function answerOf({ of: kept, answer }: Kept, of: string): Answer {
  if (kept !== '' && kept !== of) throw taken();
  if (!answer) throw outcomeUnknown();
  return answer;
}

const taken = () =>
  new Refusal(422, 'once_id_taken', 'Nothing was sent: this Idempotency-Key was used for another change before.');

const isPageLeft = (reason: unknown): boolean => reason instanceof Refusal && reason.code === 'page_left';

/** Whether what failed may be done all the same. */
function mayBeDone(reason: unknown): boolean {
  if (reason instanceof Refusal) return false;
  const { mayHaveBeenApplied } = Object(reason) as { mayHaveBeenApplied?: unknown };
  // What is not an error of the client says nothing.
  return typeof mayHaveBeenApplied === 'boolean' ? mayHaveBeenApplied : true;
}

async function digest(parts: readonly unknown[]): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(parts));
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...hash.subarray(0, 16)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
