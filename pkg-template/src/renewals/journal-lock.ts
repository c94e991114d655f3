/** What is in a lock: who has it, and until when. */
export interface Held {
  readonly owner: string;
  readonly until: number;
}

const beginning = '{"owner":';

/**
 * Who has a lock, by what is in it; undefined where a crash has left a part of it, or nothing.
 *
 * @throws Error It is something else, which is not to be overwritten.
 */
export function holderOf(text: string): Held | undefined {
  try {
    const held: Partial<Held> | null = JSON.parse(text);
    if (typeof held?.owner === 'string' && typeof held.until === 'number') return held as Held;
  } catch {
    const left = text.replace(/\0+$/, '');
    if (beginning.startsWith(left.slice(0, beginning.length))) return undefined;
  }
  throw new Error(
    'what is there is not a lock of a journal of renewals. Remove it if nothing else needs it, or name another journal',
  );
}

/** No clock is so wrong. */
const day = 86_400_000;

/** Whether a lock ended with its time; one that is to hold for days is of a clock that was wrong. */
export const isPast = (until: number, now: number): boolean => !(until > now && until < now + day);
