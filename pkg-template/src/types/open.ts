/** A value now or a promise of it. */
export type Awaitable<T> = T | Promise<T>;

/** Known literals with completion, and every value that the service may add later. */
export type Open<T extends string> = T | (string & {});

/** A model of the service: documented fields typed and optional, unknown fields kept, at every depth. */
export type Model<T> = { [K in keyof T]?: ModelIn<T[K]> } & { readonly [unknown: string]: unknown };

type ModelIn<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends readonly (infer Item)[]
    ? ModelIn<Item>[]
    : Model<T>;
