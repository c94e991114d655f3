import { refuse } from '../errors/refuse.js';
import type { RenewalJournal } from '../types/renewals.js';
import type { Store } from '../types/store.js';
import { damaged, isJson, ofStore } from './journal-lines.js';

/**
 * A journal in a store that machines share, such as that of `markmonitor-certs/redis`: a key for each entry.
 *
 * @param name Sets several journals of one store apart.
 * @throws ValidationError `store` is not a store.
 *
 * @example
 * const journal = createRenewalJournal(createRedisStore(redis));
 * for await (const event of client.renewals.run(plan, { journal, key, deliver })) console.log(event);
 */
export function createRenewalJournal(store: Store, name = 'default'): RenewalJournal {
  if (typeof store?.get !== 'function' || typeof store.update !== 'function') {
    throw refuse('invalid_argument', 'store', '`store` must be a store, such as that of createRedisStore.');
  }
  const keyOf = (what: string | number) => `markmonitor-certs renewals ${name} ${what}`;
  return {
    async read() {
      const entries: string[] = [];
      for (;;) {
        const key = keyOf(entries.length);
        const value = await store.get(key);
        if (typeof value !== 'string') {
          // Some after it: a store that forgets does so with one here, one there.
          const later = Array.from({ length: lookahead }, (_, at) => store.get(keyOf(entries.length + 1 + at)));
          const isLast = (await Promise.all(later)).every((entry) => typeof entry !== 'string');
          if (isLast) return entries;
          // Or another run has written both meanwhile.
          if (typeof (await store.get(key)) !== 'string') throw damaged(`The store has lost \`${key}\` of the journal`);
          continue;
        }
        const entry = entryOf(value);
        if (entry === undefined) throw damaged(`\`${key}\` in the store is not an entry of the journal`);
        entries.push(entry);
      }
    },
    async append(at, entry) {
      // By whom, so that two who write the same are told apart.
      const own = JSON.stringify({ by: crypto.randomUUID(), entry });
      let isOwn = false;
      await store.update(keyOf(at), (value) => {
        isOwn = value === undefined;
        return value ?? own;
      });
      return isOwn;
    },
    async lock(leaseMs) {
      const owner = crypto.randomUUID();
      const key = keyOf('lock');
      const holder = (value: string | undefined) => holderOf(value ?? '', `\`${key}\` in the store`);
      const take = async (ms: number, isFree: (held: Held | undefined, now: number) => boolean) => {
        let isTaken = false;
        await store.update(key, (value, now = Date.now()) => {
          isTaken = isFree(holder(value), now);
          return isTaken ? JSON.stringify({ owner, until: now + ms } satisfies Held) : value;
        });
        return isTaken;
      };
      const isOwn = (held: Held | undefined) => held?.owner === owner;
      if (!(await take(leaseMs, (held, now) => held === undefined || hasEnded(held.until, now)))) return undefined;
      return {
        renew: (ms) => take(ms, isOwn),
        release: () => store.update(key, (value) => (isOwn(holder(value)) ? undefined : value)),
      };
    },
  };
}

/** So many entries after the last one are looked for. */
const lookahead = 8;

function entryOf(value: unknown): string | undefined {
  try {
    const { entry } = JSON.parse(value as string);
    return typeof entry === 'string' && isJson(entry) ? entry : undefined;
  } catch {
    return undefined;
  }
}

/** What is in a lock: who has it, and until when. */
export interface Held {
  readonly owner: string;
  readonly until: number;
}

/** Clocks that may be trusted differ by less. */
const day = 86_400_000;

/** Whether the time of a lock is over. One that lies further ahead than any lease is of a clock that was wrong. */
export const hasEnded = (until: number, now: number): boolean => until <= now || until > now + day;

const beginning = '{"owner":';

/**
 * Who has a lock, by what is in it; undefined where a crash has left a part of it, or nothing.
 *
 * @throws CertsError It is something else, which is not to be overwritten.
 */
export function holderOf(text: string, name: string): Held | undefined {
  try {
    const held: Partial<Held> | null = JSON.parse(text);
    if (typeof held?.owner === 'string' && typeof held.until === 'number') return held as Held;
  } catch {
    const left = text.replace(/\0+$/, '');
    if (beginning.startsWith(left.slice(0, beginning.length))) return undefined;
  }
  throw ofStore(`${name} is not a lock of a journal: remove it, or name another`);
}
