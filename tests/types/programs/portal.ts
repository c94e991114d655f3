// A portal: what `authorize` may return, and what it is given.
import { CertsClient, type RateLimitState, type Store } from 'markmonitor-certs';
import { type AuditEntry, createProxy, type ProxyOperation, reading, toNodeHandler } from 'markmonitor-certs/proxy';
import { createRedisStore } from 'markmonitor-certs/redis';

declare const redis: { sendCommand(args: string[]): Promise<unknown>; readonly isReady: boolean };
const store: Store = createRedisStore(redis, { prefix: 'portal ' });
const client = new CertsClient({
  auth: { apiKey: 'key', token: 'token' },
  store,
  rateLimit: { scope: store, processes: 4 },
});
const common = { client, prefix: '/api/certs', hosts: ['portal.example.com'] };
const operations: ProxyOperation[] = [...reading, 'orders.create'];

const handle = createProxy({
  ...common,
  authorize: async (request) =>
    request.headers.get('cookie') ? { user: 'ada', allow: { operations, organizations: ['x'] } } : null,
  onAudit: ({ user, operation, id, status }: AuditEntry) => [user, operation, id, status],
});
export const response: Promise<Response> = handle(new Request('https://portal.example.com/api/certs/order'));

/** A request of Express, as far as it is used here. */
interface Asked {
  headers: Record<string, string | string[] | undefined>;
  session: { name?: string };
  [Symbol.asyncIterator](): AsyncIterator<Uint8Array>;
  on(event: string, listener: (...args: never[]) => void): unknown;
}
interface Answered {
  headersSent: boolean;
  writableFinished: boolean;
  writeHead(status: number, headers: Record<string, string>): unknown;
  end(body?: Uint8Array): unknown;
  on(event: string, listener: (...args: never[]) => void): unknown;
}
const ofExpress = createProxy<{ request: Asked; response: Answered }>({
  ...common,
  authorize: (_, { request }) => (request.session.name ? { user: request.session.name } : undefined),
});
export const mounted: (request: Asked, response: Answered) => Promise<void> = toNodeHandler(ofExpress);

/** As the newest types of Node declare events: by their names, each with what its listeners are given. */
interface Events {
  close: [];
  error: [Error];
}
interface Listened {
  on<E extends keyof Events>(event: E, listener: (...args: Events[E]) => void): this;
  // biome-ignore lint/suspicious/noExplicitAny: as Node declares it
  on(event: string | symbol, listener: (...args: any[]) => void): this;
}
declare const asked: Omit<Asked, 'on'> & Listened;
declare const answered: Omit<Answered, 'on'> & Listened;
toNodeHandler(handle)(asked, answered);

// @ts-expect-error there is no such operation
createProxy({ ...common, authorize: () => ({ user: 'ada', allow: { operations: ['orders.steal'] } }) });
// @ts-expect-error who may call it is not left out
createProxy({ client, prefix: '/api/certs', authorize: () => null });
// @ts-expect-error a proxy of Express needs what Express gives
handle.call(null, ofExpress);

const page = new CertsClient({ auth: 'proxy', certsBaseUrl: '/api/certs', rateLimit: { scope: 'tabs' } });
page.on('session', ({ kind }) => kind === 'ended');
export const state: RateLimitState | undefined = page.rateLimit.state;
export const wait: number | undefined = state?.server?.waitMs;
