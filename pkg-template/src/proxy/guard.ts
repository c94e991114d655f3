import { Refusal } from './refusal.js';

const mostTold = 20;

/**
 * Refuses what the portal's own page did not send.
 *
 * The host is checked first: a name that somebody else's DNS leads here has its own pages, and their browser calls them the
 * same origin as this server.
 */
export class Guard {
  readonly #hosts: ReadonlySet<string>;
  readonly #trustProxy: boolean;
  readonly #report: (error: Error) => void;
  /** What the log was told of. */
  readonly #told = new Set<string>();

  constructor(hosts: readonly string[], trustProxy: boolean, report: (error: Error) => void) {
    this.#report = report;
    this.#hosts = new Set(hosts.map((host) => host.toLowerCase()));
    this.#trustProxy = trustProxy;
  }

  /** Refuses other hosts than the portal's. */
  checkHost(request: Request): void {
    const host = this.#hostOf(request);
    if (this.#knows(host)) return;
    this.#tell(`The proxy was called as ${shown(host)}, which is not in \`hosts\`.`);
    throw new Refusal(421, 'unknown_host', 'This server is not reached under this name.');
  }

  /** Refuses other pages, and what a browser sends that shows no page. */
  checkPage(request: Request, changes: boolean): void {
    const origin = request.headers.get('origin');
    const site = request.headers.get('sec-fetch-site');
    const mode = request.headers.get('sec-fetch-mode');
    const isOwn =
      (origin === null || this.#isOwnOrigin(origin, request)) &&
      (site === null || site === 'same-origin') &&
      (mode === null || mode === 'cors' || mode === 'same-origin') &&
      // A browser names at least one of them with what changes anything.
      (!changes || origin !== null || site !== null);
    if (isOwn) return;
    // The browser called where its page is: the server in front has changed the name, or left out its port.
    if (origin && site === 'same-origin' && !this.#isOwnOrigin(origin, request)) {
      this.#tell(
        `A page of ${shown(origin)} was refused, for its call came with the Host ${shown(this.#hostOf(request))}. ` +
          'The server in front has to pass Host on as it is, with its port.',
      );
    }
    throw new Refusal(403, 'foreign_page', 'Only the page of this server may use it.');
  }

  /** Once each, and not for ever: who scans the network has many. */
  #tell(message: string): void {
    if (this.#told.has(message) || this.#told.size >= mostTold) return;
    this.#told.add(message);
    this.#report(new Error(message));
  }

  /** As the browser sent it. */
  #hostOf(request: Request): string {
    const forwarded = this.#trustProxy ? request.headers.get('x-forwarded-host') : null;
    return (forwarded ?? request.headers.get('host') ?? new URL(request.url).host).toLowerCase();
  }

  #knows(host: string): boolean {
    return this.#hosts.has(host) || this.#hosts.has(`${host.replace(/:\d+$/, '')}:*`);
  }

  #isOwnOrigin(origin: string, request: Request): boolean {
    if (!URL.canParse(origin)) return false;
    const { protocol, host } = new URL(origin);
    // A default port is written in neither, or in Host alone.
    const asked = this.#hostOf(request).replace(protocol === 'https:' ? /:443$/ : /:80$/, '');
    return (protocol === 'https:' || protocol === 'http:') && host === asked;
  }
}

const shown = (text: string): string => JSON.stringify(text.slice(0, 260));
