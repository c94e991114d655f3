import type { Inside } from '../client/inside.js';
import type { Awaitable } from '../types/open.js';
import { type Answer, answerOf, refused, responseTo, withEtag } from './answer.js';
import { type Permission, permissionOf } from './authorized.js';
import { jsonOf } from './body.js';
import { refusalOf } from './failure.js';
import { Guard } from './guard.js';
import { inTime } from './in-time.js';
import { OnceRecords } from './once.js';
import { checkedOptions, secretOf } from './options.js';
import { type Caller, QueueView } from './queue.js';
import { failed, pageLeft, Refusal } from './refusal.js';
import { type Query, queryOf, type Route, routeOf } from './route.js';
import { Scope } from './scope.js';
import { Service } from './service.js';
import type { AuditEntry, ProxyOptions } from './types.js';

/** Answers a request of a page. It never rejects. */
export type RequestHandler<Context = unknown> = (
  request: Request,
  ...context: unknown extends Context ? [context?: Context] : [context: Context]
) => Promise<Response>;

/**
 * Makes the server half of `auth: 'proxy'`: a function from a request of a page to its response. It serves the calls that a
 * user may make, under the one rate limit of the client, and nothing else.
 *
 * @throws ValidationError An option is missing or wrong.
 *
 * @example
 * const handle = createProxy({
 *   client,
 *   prefix: '/api/certs',
 *   hosts: ['portal.example.com'],
 *   async authorize(request) {
 *     const session = await sessionOf(request);
 *     return session && { user: session.userId, allow: { operations: [...reading, 'orders.create'] } };
 *   },
 * });
 */
export function createProxy<Context = unknown>(options: ProxyOptions<Context>): RequestHandler<Context> {
  const proxy = new ServedProxy(options as ProxyOptions);
  return (request, ...[context]) => proxy.handle(request, context);
}

/** What is known of a call while it is answered. */
interface Call {
  readonly route: Route;
  user?: string;
  again?: boolean;
}

class ServedProxy {
  readonly #options: ProxyOptions;
  readonly #guard: Guard;
  readonly #queue: QueueView;
  readonly #service: Service;
  readonly #records: OnceRecords;
  readonly #secret: readonly string[];

  constructor(options: ProxyOptions) {
    const inside = checkedOptions(options);
    const { client, hosts, trustProxy = false, maxWait = 20_000, timeout = 60_000, cacheFor = 3000 } = options;
    this.#options = options;
    this.#guard = new Guard(hosts, trustProxy, (error) => this.#report(error));
    this.#queue = new QueueView(client.rateLimit, maxWait);
    const settings = { cacheFor, totalTimeout: maxWait + timeout, durableObject: options.durableObject ?? false };
    this.#service = new Service(client, inside, this.#queue, settings);
    this.#records = new OnceRecords({
      store: inside.store,
      account: async () => [inside.bases.certsBaseUrl, inside.user, await keyOf(inside)],
      keepFor: options.rememberFor ?? 86_400_000,
      // Longer than a call: who finds the lock free knows that its holder has ended. A store takes no infinity.
      leaseMs: Math.min(settings.totalTimeout + 40_000, 86_400_000),
      onError: (error) => this.#report(error),
    });
    this.#secret = secretOf(inside);
  }

  async handle(request: Request, context: unknown): Promise<Response> {
    try {
      return await this.#answer(request, context);
    } catch (reason) {
      // Not even what failed could be told.
      this.#report(reason);
      return refused(failed(), {});
    }
  }

  async #answer(request: Request, context: unknown): Promise<Response> {
    const began = performance.now();
    // Some workers have none: there, nobody can tell that a page has left.
    const signal = (request.signal as AbortSignal | undefined) ?? new AbortController().signal;
    let call: Call | undefined;
    let caller: Caller | undefined;
    const end = (answer: Answer | Refusal) => {
      if (call) this.#audit(call, answer, performance.now() - began);
    };
    try {
      const { pathname, search } = new URL(request.url);
      const route = routeOf(request.method, pathname, this.#options.prefix);
      call = { route };
      this.#guard.checkHost(request);
      this.#guard.checkPage(request, request.method !== 'GET');
      const { user, operations, organizations } = await this.#authorized(request, context);
      call.user = user;
      const { endpoint } = route;
      if (!operations.includes(endpoint.operation)) {
        throw new Refusal(403, 'not_allowed', `You may not use \`${endpoint.operation}\`.`);
      }
      caller = { user, priority: priorityOf(request), signal };
      const query = queryOf(search, endpoint);
      const scope = organizations && new Scope(this.#service, caller, organizations);
      const answer =
        endpoint.method === 'GET'
          ? await this.#read(caller, route, query, scope)
          : await this.#write(request, caller, call, scope);
      const response = responseTo(request, answer, this.#shown(caller));
      end(answer);
      return response;
    } catch (reason) {
      const refusal = this.#refusalOf(reason, caller, signal);
      end(refusal);
      return refused(refusal, caller ? this.#shown(caller) : {});
    }
  }

  async #authorized(request: Request, context: unknown): Promise<Permission> {
    const { authorize, bodyTimeout = 10_000 } = this.#options;
    const late = () => new Error('`authorize` did not answer in time.');
    const permission = await ofServer(async () => {
      const authorized = await inTime(authorize(request, context), bodyTimeout, late);
      return authorized ? permissionOf(authorized) : undefined;
    });
    if (!permission) throw new Refusal(401, 'session_ended', 'Log in again: your session has ended.');
    return permission;
  }

  async #read(caller: Caller, route: Route, query: Query, scope: Scope | undefined): Promise<Answer> {
    const { endpoint, path, ids } = route;
    const result = scope
      ? await scope.read(route, query)
      : endpoint.file
        ? await this.#service.file(caller, ids.id ?? '', query)
        : await this.#service.get(caller, path, query, endpoint.service, endpoint.list);
    const answer = answerOf(result);
    return endpoint.list ? withEtag(answer) : answer;
  }

  async #write(request: Request, caller: Caller, call: Call, scope: Scope | undefined): Promise<Answer> {
    const { endpoint, path } = call.route;
    const { maxBodyBytes = 131_072, bodyTimeout = 10_000 } = this.#options;
    const body = await jsonOf(request, maxBodyBytes, bodyTimeout);
    const isObject = typeof body === 'object' && body !== null && !(endpoint.writes && Array.isArray(body));
    if (body === undefined ? endpoint.method === 'POST' : !isObject) {
      throw new Refusal(400, 'no_object', 'The body must be a JSON object.');
    }
    if (!endpoint.writes) {
      scope?.checkParse(body);
      return answerOf(await this.#service.ask(caller, path, body));
    }
    const id = onceIdOf(request);
    await scope?.checkChange(call.route, body);
    const change = [endpoint.method, path, body ?? null];
    const { answer, again } = await this.#records.once(caller, id, change, async () => {
      const sent = endpoint.method === 'DELETE' ? undefined : (body ?? {});
      return answerOf(await this.#service.change(caller, endpoint.method, path, sent));
    });
    call.again = again;
    return answer;
  }

  #refusalOf(reason: unknown, caller: Caller | undefined, signal: AbortSignal): Refusal {
    if (signal.aborted) return pageLeft();
    if (reason instanceof Thrown) {
      this.#report(reason.reason);
      return failed();
    }
    const refusal = refusalOf(reason, caller ? this.#queue.retryAfter(caller) : 1000, this.#secret);
    if (!(reason instanceof Refusal) && refusal.status >= 500) this.#report(reason);
    return refusal;
  }

  #shown(caller: Caller): Record<string, string> {
    const queue = this.#queue.shown(caller);
    return queue ? { 'certs-rate-limit': queue } : {};
  }

  #audit({ route, user, again }: Call, answer: Answer | Refusal, durationMs: number): void {
    const { onAudit } = this.#options;
    if (!onAudit) return;
    const { status } = answer;
    const refused = answer instanceof Refusal ? { code: answer.code } : {};
    const { id = route.ids.id, requestId } =
      answer instanceof Refusal ? {} : { ...answer, id: answer.id ?? route.ids.id };
    const entry: AuditEntry = {
      at: new Date().toISOString(),
      ...(user !== undefined && { user }),
      operation: route.endpoint.operation,
      ...(id !== undefined && { id }),
      ...(route.ids.historyId && { historyId: route.ids.historyId }),
      status,
      ...refused,
      ...(again && { again }),
      ...(requestId && { requestId }),
      durationMs,
    };
    told(onAudit, entry, (error) => this.#report(error));
  }

  #report(error: unknown): void {
    told(this.#options.onError ?? console.error, error, () => {});
  }
}

/** What a function of this server's threw: however it looks, it says nothing about the service. */
class Thrown {
  readonly reason: unknown;

  constructor(reason: unknown) {
    this.reason = reason;
  }
}

async function ofServer<T>(work: () => Awaitable<T>): Promise<T> {
  try {
    return await work();
  } catch (reason) {
    throw new Thrown(reason);
  }
}

/** It changes where a function gives it, as the accounts of its changes do. */
const keyOf = ({ apiKey }: Inside) => (typeof apiKey === 'function' ? ofServer(apiKey) : apiKey);

/** Calls somebody's function; what it throws or rejects with ends nothing. */
function told<T>(listener: (value: T) => unknown, value: T, failed: (error: unknown) => void): void {
  try {
    Promise.resolve(listener(value)).catch(failed);
  } catch (error) {
    failed(error);
  }
}

/** Polling is what a page says it is. That it is urgent, no page says. */
const priorityOf = (request: Request): Caller['priority'] =>
  request.headers.get('certs-priority') === 'low' ? 'low' : 'normal';

function onceIdOf(request: Request): string {
  const id = request.headers.get('idempotency-key');
  if (id !== null && /^[\x21-\x7e]{1,200}$/.test(id)) return id;
  const message =
    'A change needs an Idempotency-Key: a name of its own, at most 200 characters, the same in each resend.';
  throw new Refusal(400, 'once_id_missing', message);
}
