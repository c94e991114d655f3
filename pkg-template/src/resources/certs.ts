import type { Connection } from '../connection/connection.js';
import { checkTexts } from '../errors/refuse.js';
import type { InferredCallOptions } from '../types/client.js';
import type * as service from '../types/service.js';

/** CSRs as the service reads them (guide 7.3). */
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
   *
   * @throws ValidationError `csrs` is not a list of texts; nothing was sent.
   * @throws BadRequestError The service cannot read one of them; `problems` says which.
   *
   * @example
   * const [{ commonName }] = await client.certs.parse([csr]);
   */
  async parse(csrs: string[], options: InferredCallOptions = {}): Promise<service.ServerCsr[]> {
    checkTexts('csrs', csrs, 'csr');
    const { body = { csrs }, ...rest } = options ?? {};
    return await this.#connection.call('certs.parse', { body }, rest);
  }
}
