import { type CertsClient, dateOf, type Order } from 'markmonitor-certs';

/** The orders as far as they are known. */
export interface Known {
  orders: readonly Order[];
  byId: ReadonlyMap<string, Order>;
  /** How many there are; undefined until the service has said so. */
  total: number | undefined;
  /** Whether all of them are known. A part is never shown as the whole. */
  isWhole: boolean;
}

interface Call {
  client: Pick<CertsClient, 'orders'>;
  signal: AbortSignal;
  /** Somebody has just changed something, and waits for what comes of it: the look gives way to nothing. Default false. */
  isAwaited?: boolean;
}

/** Most services send smaller pages than are asked for; the reply says how large they are. */
const pageSize = 200;
/** Of a look for changes. */
const lookSize = 50;

/**
 * All orders of an account: loaded page by page, then kept up to date by asking for what changed last, which is one call.
 * A service that ignores `sort`, or whose orders have no dates, is looked through as a whole, more rarely.
 */
export class OrderList {
  #byId = new Map<string, Order>();
  #total: number | undefined;
  #isWhole = false;
  /** The page with which loading goes on after a failure. */
  #next = 0;
  #isSlow = false;
  readonly #tell: (known: Known, changed: readonly Order[]) => void;

  /** @param tell Hears of what is known, and which orders of it are new or have changed. */
  constructor(tell: (known: Known, changed: readonly Order[]) => void) {
    this.#tell = tell;
  }

  get known(): Known {
    const byId = this.#byId;
    return { orders: [...byId.values()], byId, total: this.#total, isWhole: this.#isWhole };
  }

  /** How many pages a look at all orders takes; 1 where one page shows what changed. */
  get pagesOfALook(): number {
    return this.#isSlow ? Math.ceil(this.#byId.size / pageSize) + 1 : 1;
  }

  /** Loads what is missing; once all is there, asks for what changed. */
  async look(call: Call): Promise<void> {
    if (this.#isWhole && !this.#isSlow) await this.#lookForChanges(call);
    else await this.#lookAtAll(call);
  }

  /** Puts orders in as they are now. */
  remember(changed: readonly Order[]): void {
    if (changed.length === 0) return;
    const byId = new Map(this.#byId);
    for (const order of changed) byId.set(order.id, order);
    this.#byId = byId;
    if (this.#isWhole) this.#total = byId.size;
    this.#tell(this.known, changed);
  }

  async #lookAtAll(call: Call): Promise<void> {
    const { client, signal, isAwaited } = call;
    const began = this.#next;
    const priority = this.#isWhole && !isAwaited ? 'low' : 'normal';
    const list = client.orders.list({ size: pageSize, page: this.#next }, { signal, priority });
    for await (const { content, page } of list.pages()) {
      this.#total = page.totalElements;
      this.#next = page.number + 1;
      // Where it is whole, it was shown before: only what is different is news.
      const news = this.#isWhole ? content.filter((order) => !isSame(order, this.#byId.get(order.id))) : content;
      this.remember(news);
      if (news.length === 0) this.#tell(this.known, []);
    }
    this.#next = 0;
    // What moved to a page that was there already is missing after a pause: then once more from the beginning.
    if (began > 0 && this.#byId.size < (this.#total ?? 0)) return await this.#lookAtAll(call);
    this.#isWhole = true;
    this.#total = this.#byId.size;
    this.#tell(this.known, []);
  }

  /** Asks for the orders that changed last, until one comes that is known as it is: usually one request. */
  async #lookForChanges(call: Call): Promise<void> {
    const { client, signal, isAwaited } = call;
    const priority = isAwaited ? 'normal' : 'low';
    const changed: Order[] = [];
    const list = client.orders.list({ size: lookSize, sort: 'dateUpdated,desc' }, { signal, priority });
    let total = 0;
    for await (const { content, page } of list.pages()) {
      total = page.totalElements;
      if (page.number === 0 && !isLatestFirst(content)) {
        this.#isSlow = true;
        return await this.#lookAtAll(call);
      }
      const end = content.findIndex((order) => isSame(order, this.#byId.get(order.id)));
      changed.push(...(end < 0 ? content : content.slice(0, end)));
      if (end >= 0) break;
    }
    this.remember(changed);
    // Some are missing, as after an older page's end: all of it again.
    if (total > this.#byId.size) {
      this.#isWhole = false;
      await this.#lookAtAll(call);
    }
  }
}

/** Whether the service has sorted them as it was asked to. */
function isLatestFirst(orders: readonly Order[]): boolean {
  const times = orders.map(({ dateUpdated }) => dateOf(dateUpdated)?.getTime() ?? Number.NaN);
  return times.every((time, index) => !Number.isNaN(time) && time <= (times[index - 1] ?? Number.POSITIVE_INFINITY));
}

/** Whether nothing has changed of an order that a list shows. */
function isSame(a: Order, b: Order | undefined): boolean {
  if (!b || a.status !== b.status || String(a.dateUpdated) !== String(b.dateUpdated)) return false;
  const fields = ['serialNumber', 'dateValidUntil', 'revokeStatus', 'commonName', 'endEntityCert'] as const;
  return fields.every((field) => String(a.cert?.[field] ?? '') === String(b.cert?.[field] ?? ''));
}
