/** What was asked and answered, as it went over the wire: the core hands on values only. */
type Fetch = typeof globalThis.fetch;

/** A reply. */
export interface Exchange {
  readonly url: string;
  readonly method: string;
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly bytes: Uint8Array;
  readonly text: string;
  /** The body; nothing if it is not JSON. */
  readonly json: unknown;
}

/** A `fetch` that keeps what it saw. It holds secrets, and is dropped with the diagnosis. */
export class Recorder {
  readonly fetch: Fetch;
  readonly #seen: Promise<Exchange | undefined>[] = [];

  constructor(fetch: Fetch | undefined) {
    const observed: Fetch = async (url, init) => {
      const response = await (fetch ?? globalThis.fetch)(url, init);
      this.#seen.push(exchangeOf(String(url), init?.method ?? 'GET', response));
      return response;
    };
    // A sandbox' fetch says by symbols that it is one.
    const marks = Object.getOwnPropertySymbols(fetch ?? {}).map((mark) => [mark, Reflect.get(fetch ?? {}, mark)]);
    this.fetch = Object.assign(observed, Object.fromEntries(marks));
  }

  /** All replies since the last time. */
  async take(): Promise<Exchange[]> {
    const seen = await Promise.all(this.#seen.splice(0));
    return seen.filter((one) => one !== undefined);
  }
}

async function exchangeOf(url: string, method: string, response: Response): Promise<Exchange | undefined> {
  try {
    const bytes = new Uint8Array(await response.clone().arrayBuffer());
    const text = new TextDecoder().decode(bytes);
    const { status, headers } = response;
    return { url, method, status, headers: new Map(headers), bytes, text, json: parsed(text) };
  } catch {
    return undefined;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A field of a value, whatever the value is. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  return path.reduce<unknown>((part, name) => (part as Record<string, unknown> | null | undefined)?.[name], value);
}

/** The items of a page, in whatever form it is. */
export function itemsOf(exchange: Exchange | undefined): unknown[] {
  const { json, status } = exchange ?? {};
  if (status !== 200) return [];
  if (Array.isArray(json)) return json;
  const lists = Object.values(json && typeof json === 'object' ? json : {}).filter(Array.isArray);
  return lists[0] ?? [];
}

/** How many items and pages the page says that there are. */
export function countsOf(exchange: Exchange | undefined): { total?: number; pages?: number } {
  const number = (name: string) => {
    const value = at(exchange?.json, 'page', name) ?? at(exchange?.json, name);
    return typeof value === 'number' ? value : undefined;
  };
  const [total, pages] = [number('totalElements'), number('totalPages')];
  return { ...(total !== undefined && { total }), ...(pages !== undefined && { pages }) };
}

export const idsOf = (exchange: Exchange | undefined): unknown[] => itemsOf(exchange).map((item) => at(item, 'id'));

export const isSame = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

/** A word of the service, in the case of the guide. */
export const wordOf = (value: unknown): string => (typeof value === 'string' ? value.toUpperCase() : '');
