import type { Connection } from '../connection.js';
import type { CallOptions, ServerCsr } from '../types/index.js';

/** The service's view of certificates (guide 7.3). */
export class Certs {
  readonly #connection: Connection;

  /** @internal */
  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * Reads CSRs with the service's own parser (guide 7.3.1). `parseCsr` needs no network.
   *
   * *Inferred*: the form of the request and the names in the reply.
   */
  parse(csrs: string[], options?: CallOptions): Promise<ServerCsr[]> {
    return this.#connection.call({ operation: 'parseCsrs', csrs }, options);
  }
}
