import type { CertsClient, Difference, NewOrder, Order } from 'markmonitor-certs';
import { ValidationError } from 'markmonitor-certs';

/** An order that the user wants placed; it is remembered before it is sent, until it is known what came of it. */
export interface Placement {
  /** What it is for: one at a time of each, such as one form. */
  slot: string;
  /** The name under which it is sent once only. */
  onceId: string;
  order: NewOrder;
  /** The id of the order that it renews, or empty. */
  replaces: string;
  /** Orders that were created before this time are not the same: another one is wanted beside them. Or empty. */
  notBefore: string;
}

/** Where a placement stands. */
export type Progress =
  /** It is on its way; or the page was loaded again meanwhile, and looks whether it was placed. */
  | { kind: 'sending' | 'looking' }
  /** Nobody can tell whether it was placed. */
  | { kind: 'unknown'; error: unknown }
  /** It certainly was not placed. */
  | { kind: 'notPlaced' }
  /** It is there: placed now, or it was there before and nothing was bought. */
  | { kind: 'placed'; order: Order; isNew: boolean }
  /** An order for the same key is there, and is another one: nothing was sent. */
  | { kind: 'differs'; order: Order; differences: Difference[]; error: unknown }
  /** It was refused, or never left. */
  | { kind: 'refused'; error: unknown };

export type Placed = Placement & { progress: Progress };

interface Options {
  /** Where placements are remembered, under `key`: `sessionStorage`, for each tab has forms of its own. */
  storage: Pick<Storage, 'getItem' | 'setItem'>;
  key: string;
  /**
   * The client, and one that is `readOnly`. Both have a `store` that survives the page: what was sent before is then
   * looked for, and never sent again.
   */
  clients: () => Promise<{ client: CertsClient; reader: CertsClient }>;
  /** Hears of every change; undefined is one that is forgotten. */
  tell: (slot: string, placed: Placed | undefined) => void;
}

/** While it is so, nothing of the same slot may be sent. */
export const isOpen = (progress: Progress | undefined): boolean =>
  progress?.kind === 'sending' || progress?.kind === 'looking' || progress?.kind === 'unknown';

/** Places orders, each of which costs money, once: whatever the user, the page and the network do meanwhile. */
export class Placing {
  readonly #options: Options;
  readonly #all = new Map<string, Placed>();

  constructor(options: Options) {
    this.#options = options;
    for (const placement of this.#remembered()) {
      this.#all.set(placement.slot, { ...placement, progress: { kind: 'looking' } });
    }
  }

  get(slot: string): Placed | undefined {
    return this.#all.get(slot);
  }

  /** Looks what came of those that a page before this one left open. */
  async resume(): Promise<void> {
    for (const { slot } of this.#remembered()) await this.look(slot);
  }

  /** Places an order, unless one of the same slot is under way. */
  async place(slot: string, order: NewOrder, { replaces = '', notBefore = '' } = {}): Promise<Progress> {
    const last = this.#all.get(slot);
    if (last && isOpen(last.progress)) return last.progress;
    const placement = { slot, onceId: randomId(), order, replaces, notBefore };
    // Before anything is awaited: a second click finds it.
    this.#change(placement, { kind: 'sending' });
    try {
      this.#remember(placement);
    } catch (error) {
      return this.#change(placement, { kind: 'refused', error });
    }
    return await this.#run(placement, false);
  }

  /** Looks whether it was placed, and sends nothing. */
  async look(slot: string): Promise<void> {
    const placement = this.#all.get(slot);
    if (!placement) return;
    this.#change(placement, { kind: 'looking' });
    try {
      const { reader } = await this.#options.clients();
      const outcome = await reader.orders.placeOnce(placement.order, { ...optionsOf(placement), check: false });
      if (outcome.kind === 'unknown') this.#change(placement, outcome);
      // What is found is what was on its way.
      else this.#settle(placement, outcome.kind === 'givenBack' ? { ...outcome, kind: 'placed' } : outcome);
    } catch (error) {
      // The reader found none, and stopped where the other client would have sent it.
      const isUnsent = error instanceof ValidationError && error.findings.some(({ code }) => code === 'read_only');
      this.#change(placement, isUnsent ? { kind: 'notPlaced' } : { kind: 'unknown', error });
    }
  }

  /** Sends one that was not placed, as somebody knows who has looked. */
  async send(slot: string): Promise<void> {
    const placement = this.#all.get(slot);
    if (placement?.progress.kind !== 'unknown' && placement?.progress.kind !== 'notPlaced') return;
    this.#change(placement, { kind: 'sending' });
    await this.#run(placement, placement.progress.kind === 'unknown');
  }

  /** Forgets one that needs no look any more. */
  forget(slot: string): void {
    const placement = this.#all.get(slot);
    if (!placement || placement.progress.kind === 'sending') return;
    this.#all.delete(slot);
    this.#forget(placement);
    this.#options.tell(slot, undefined);
  }

  async #run(placement: Placement, assumeNotPlaced: boolean): Promise<Progress> {
    try {
      const { client } = await this.#options.clients();
      const outcome = await client.orders.placeOnce(placement.order, { ...optionsOf(placement), assumeNotPlaced });
      return outcome.kind === 'unknown' ? this.#change(placement, outcome) : this.#settle(placement, outcome);
    } catch (error) {
      this.#forget(placement);
      return this.#change(placement, { kind: 'refused', error });
    }
  }

  #settle(
    placement: Placement,
    outcome: Exclude<Awaited<ReturnType<CertsClient['orders']['placeOnce']>>, { kind: 'unknown' }>,
  ): Progress {
    this.#forget(placement);
    if (outcome.kind === 'differs') return this.#change(placement, outcome);
    return this.#change(placement, { kind: 'placed', order: outcome.order, isNew: outcome.kind === 'placed' });
  }

  #change({ slot, onceId, order, replaces, notBefore }: Placement, progress: Progress): Progress {
    const placed = { slot, onceId, order, replaces, notBefore, progress };
    this.#all.set(slot, placed);
    this.#options.tell(slot, placed);
    return progress;
  }

  #remembered(): Placement[] {
    const { storage, key } = this.#options;
    try {
      return JSON.parse(storage.getItem(key) ?? '[]');
    } catch {
      return [];
    }
  }

  #remember(placement: Placement): void {
    const others = this.#remembered().filter((other) => other.slot !== placement.slot);
    const { storage, key } = this.#options;
    storage.setItem(key, JSON.stringify([...others, placement]));
  }

  #forget({ onceId }: Placement): void {
    const { storage, key } = this.#options;
    const others = this.#remembered().filter((other) => other.onceId !== onceId);
    try {
      storage.setItem(key, JSON.stringify(others));
    } catch {
      // Then it is looked for once more, and found.
    }
  }
}

const optionsOf = ({ onceId, replaces, notBefore }: Placement) => ({
  onceId,
  ...(replaces && { replaces }),
  ...(notBefore && { notBefore }),
});

/** A name that nobody else has; `randomUUID` is there over https alone. */
function randomId(): string {
  return [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(16).padStart(8, '0')).join('');
}
