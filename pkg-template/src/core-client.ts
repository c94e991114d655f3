/** What the core's client offers; the facade's own view of it. */
export interface CoreClient {
  free(): void;
}

/** Makes a client of the core. */
export type CoreClientConstructor = new (options: object) => CoreClient;
