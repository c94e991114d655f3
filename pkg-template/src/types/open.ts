/** A value now or a promise of it. */
export type Awaitable<T> = T | Promise<T>;

/** Known literals with completion, and every value that the service may add later. */
export type Open<T extends string> = T | (string & {});

/** A model of the service: documented fields typed and optional, unknown fields kept. */
export type Model<T> = Partial<T> & { readonly [unknown: string]: unknown };
