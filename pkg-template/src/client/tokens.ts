import type { Connection } from '../connection/connection.js';
import type { CallOptions, TokenInfo } from '../types/client.js';
import type { CoreClient } from '../wasm/exports.js';

/** The token of a client. Calls fetch and renew it by themselves; this is for those who want to do it, or to see it. */
export class Tokens {
  readonly #connection: Connection;

  /** @internal */
  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * Fetches a token with user name and password (guide 5.2.1).
   *
   * @throws AuthenticationError The key, the name or the password is wrong.
   *
   * @example
   * const { expiresAt } = await client.tokens.authenticate();
   */
  async authenticate(options: CallOptions = {}): Promise<TokenInfo> {
    return infoOf(await this.#connection.ask(options, (client, done) => client.authenticate(options, done)));
  }

  /**
   * Fetches a token for the one held (guide 5.2.2). *Inferred*: the form of the reply, of which several are read.
   *
   * @throws AuthenticationError The token is not accepted any more, and there is no password to get another.
   *
   * @example
   * const { remainingMs } = await client.tokens.refresh();
   */
  async refresh(options: CallOptions = {}): Promise<TokenInfo> {
    return infoOf(await this.#connection.ask(options, (client, done) => client.refresh(options, done)));
  }

  /**
   * The current token, fetched or refreshed if it has to be. It is a secret.
   *
   * @throws AuthenticationError The key, the name or the password is wrong.
   *
   * @example
   * const token = await client.tokens.get(); // for a request of your own
   */
  get(options: CallOptions = {}): Promise<string> {
    return this.#connection.ask(options, (client, done) => client.token(options, done));
  }

  /** When the current token ends, if there is one. */
  get info(): TokenInfo | undefined {
    const info = this.#connection.peek((client) => client.tokenInfo());
    return info && infoOf(info);
  }

  /**
   * Forgets the token, in the token store too.
   *
   * @example
   * client.tokens.clear();
   */
  clear(): void {
    this.#connection.tell((client) => client.clearToken());
  }
}

function infoOf({ expiresAt, remainingMs }: NonNullable<ReturnType<CoreClient['tokenInfo']>>): TokenInfo {
  return { expiresAt: new Date(expiresAt), remainingMs };
}
