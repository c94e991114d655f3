/** A value now or a promise of it. */
export type Awaitable<T> = T | Promise<T>;

/** Known literals with completion, and every value that the service may add later. */
export type Open<T extends string> = T | (string & {});

/**
 * Bytes: what `Uint8Array.of` returns, which is `Uint8Array<ArrayBuffer>` from TypeScript 5.7 on. Before, that type takes no
 * argument, and to name it is an error.
 */
export type Bytes = ReturnType<Uint8ArrayConstructor['of']>;
