import type { Store } from '../types/store.js';
import type { Answer } from './answer.js';
import { outcomeUnknown } from './failure.js';
import { Refusal } from './refusal.js';

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

/** How long another process may take with the change that it sends, and how often it is looked at. */
const leaseMs = 120_000;
const lookEvery = 500;
const looks = 40;

/**
 * Passes each change on once. Browsers send a request again by themselves when a connection ends without a reply, and people
 * click twice: the first is sent, whoever comes after it waits for its answer.
 */
export class Memory {
  readonly #store: Store;
  readonly #account: () => Promise<unknown>;
  readonly #keepFor: number;
  readonly #onError: (error: unknown) => void;
  readonly #underWay = new Map<string, UnderWay>();

  /** `account`: sets those apart who share a store. It may be secret: of it, only a digest is kept. */
  constructor(store: Store, account: () => Promise<unknown>, keepFor: number, onError: (error: unknown) => void) {
    this.#store = store;
    this.#account = account;
    this.#keepFor = keepFor;
    this.#onError = onError;
  }

  /** What the change of this name came to; `send` is called if nobody has sent it. */
  async once(user: string, id: string, change: readonly unknown[], send: () => Promise<Answer>): Promise<Once> {
    const account = await this.#account();
    const [key, of] = await Promise.all([digest(['proxy', account, user, id]), digest(change)]);
    const first = this.#underWay.get(key);
    if (first) {
      if (first.of !== of) throw taken();
      return { answer: await first.answer, again: true };
    }
    let again = false;
    const answer = this.#first(`markmonitor-certs once ${key}`, of, send, () => {
      again = true;
    });
    this.#underWay.set(key, { of, answer });
    try {
      return { answer: await answer, again };
    } finally {
      this.#underWay.delete(key);
    }
  }

  async #first(key: string, of: string, send: () => Promise<Answer>, isAgain: () => void): Promise<Answer> {
    const lease = await this.#stored(() => this.#store.lock(`${key} lock`, leaseMs));
    if (!lease) {
      isAgain();
      return this.#ofOthers(key, of);
    }
    try {
      const before = await this.#claim(key, of);
      if (before) {
        isAgain();
        return answerOf(before, of);
      }
      return await this.#sent(key, of, send);
    } finally {
      await this.#tried(() => lease.release());
    }
  }

  /** Writes that it is sent from now on, unless somebody did before: then what they wrote. */
  async #claim(key: string, of: string): Promise<Kept | undefined> {
    const kept: Kept = { of, at: Date.now() };
    let before: Kept | undefined;
    const replace = (value: string | undefined) => {
      before = this.#read(value);
      return before ? value : JSON.stringify(kept);
    };
    await this.#stored(() => this.#store.update(key, replace, this.#keepFor));
    return before;
  }

  async #sent(key: string, of: string, send: () => Promise<Answer>): Promise<Answer> {
    const put = (value: string | undefined) => this.#tried(() => this.#store.set(key, value, this.#keepFor));
    try {
      const answer = await send();
      await put(JSON.stringify({ of, at: Date.now(), answer } satisfies Kept));
      return answer;
    } catch (reason) {
      // What was certainly not done may be sent again. Of all else it stays written that it was sent.
      if (!mayBeDone(reason)) await put(undefined);
      throw reason;
    }
  }

  /** What another process, which has it under way, came to. */
  async #ofOthers(key: string, of: string): Promise<Answer> {
    for (let look = 0; look < looks; look += 1) {
      const kept = this.#read(await this.#stored(() => this.#store.get(key)));
      if (kept?.answer || (kept && kept.of !== of)) return answerOf(kept, of);
      await new Promise((resolve) => setTimeout(resolve, lookEvery));
    }
    throw outcomeUnknown();
  }

  #read(value: string | undefined): Kept | undefined {
    if (value === undefined) return undefined;
    try {
      const kept = JSON.parse(value) as Kept;
      return kept.at + this.#keepFor > Date.now() ? kept : undefined;
    } catch {
      // What nobody can read may be the record of something that was sent.
      return { of: '', at: 0 };
    }
  }

  async #stored<T>(work: () => T | Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (reason) {
      this.#onError(reason);
      throw new Refusal(503, 'store_failed', 'Nothing was sent: the server cannot remember just now what it sends.');
    }
  }

  /** The change is made: a store that fails now fails no call. */
  async #tried(work: () => unknown): Promise<void> {
    try {
      await work();
    } catch (reason) {
      this.#onError(reason);
    }
  }
}

function answerOf({ of: kept, answer }: Kept, of: string): Answer {
  if (kept !== '' && kept !== of) throw taken();
  if (!answer) throw outcomeUnknown();
  return answer;
}

const taken = () =>
  new Refusal(422, 'once_id_taken', 'Nothing was sent: this Idempotency-Key was used for another change before.');

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
