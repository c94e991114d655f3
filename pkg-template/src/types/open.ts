/** A value now or a promise of it. */
export type Awaitable<T> = T | Promise<T>;

/** Known literals with completion, and every value that the service may add later. */
export type Open<T extends string> = T | (string & {});
