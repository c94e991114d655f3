/**
 * A portal on Cloudflare. Client and proxy are in a Durable Object, one for the key: in a plain Worker no request may wait
 * for what another one began, and each isolate would have a limit of its own.
 *
 * Bindings: CERTS, the namespace of the Durable Object; the secrets MARKMONITOR_API_KEY, MARKMONITOR_USERNAME,
 * MARKMONITOR_PASSWORD; MARKMONITOR_BASE_URL, if the service is elsewhere; and LOGIN, the service that knows sessions.
 */
import { DurableObject } from 'cloudflare:workers';
import { CertsClient } from 'markmonitor-certs';
import { createProxy } from 'markmonitor-certs/proxy';

export class Certs extends DurableObject {
  constructor(state, env) {
    super(state, env);
    const client = new CertsClient({
      auth: { apiKey: env.MARKMONITOR_API_KEY, username: env.MARKMONITOR_USERNAME, password: env.MARKMONITOR_PASSWORD },
      ...(env.MARKMONITOR_BASE_URL && {
        certsBaseUrl: `${env.MARKMONITOR_BASE_URL}/certs/v1`,
        authBaseUrl: `${env.MARKMONITOR_BASE_URL}/auth/v1`,
      }),
      // What is sent once only is remembered by the object's own storage, which survives it.
      store: storeOf(state.storage),
    });
    this.handle = createProxy({
      client,
      prefix: '/api/certs',
      hosts: env.PORTAL_HOSTS.split(','),
      durableObject: true,
      authorize: personOf,
    });
  }

  fetch(request) {
    return this.handle(request);
  }
}

/** The one who logged in; the worker below has checked that, and lets nobody else say it. */
function personOf(request) {
  const user = request.headers.get('x-portal-user');
  return user ? { user } : null;
}

/** Calls of an object's storage between two awaits are one transaction, and no other event runs between them. */
function storeOf(storage) {
  const get = (key) => storage.get(key);
  const set = async (key, value) => {
    await (value === undefined ? storage.delete(key) : storage.put(key, value));
  };
  return {
    get,
    set,
    update: (key, replace) =>
      storage.transaction(async (transaction) => {
        const value = replace(await transaction.get(key));
        await (value === undefined ? transaction.delete(key) : transaction.put(key, value));
      }),
    async lock(key, leaseMs) {
      const until = Date.now() + leaseMs;
      const taken = await storage.transaction(async (transaction) => {
        if (((await transaction.get(key)) ?? 0) > Date.now()) return false;
        await transaction.put(key, until);
        return true;
      });
      return taken ? { release: () => set(key, undefined) } : undefined;
    },
  };
}

export default {
  async fetch(request, env) {
    const headers = new Headers(request.headers);
    // Nobody outside says who they are.
    headers.delete('x-portal-user');
    const user = await env.LOGIN.userOf(request.headers.get('cookie') ?? '');
    if (user) headers.set('x-portal-user', user);
    const { CERTS } = env;
    return CERTS.get(CERTS.idFromName('the-key')).fetch(new Request(request, { headers }));
  },
};
