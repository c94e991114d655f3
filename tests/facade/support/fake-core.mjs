/** A client and a reader that answer as a test says, and keep what they were asked. */
import { loadFacade } from './facade.mjs';

/** The smallest module that there is. */
const emptyWasm = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

const info = {
  operation: 'orders.get',
  status: 200,
  headers: [['x-a', 'b']],
  method: 'GET',
  url: 'https://x',
  attempts: 1,
};

/** A value as the core answers a call with it. */
export const answered = (value) => [value, JSON.stringify({ ...info, queuedMs: 0, durationMs: 1 })];

/** A cursor over some things. */
export const cursorOver = (things) => {
  const left = [...things];
  return { next: (done) => done(undefined, left.shift()), free() {} };
};

/**
 * The facade with fakes of both wasm modules. What the test puts into `behaviour` under a method's name is called in its
 * place; by default calls are answered with an empty object, and all else does nothing.
 */
export async function withFakeCore(behaviour = {}) {
  /** Every call of either module: the method's name, then its arguments but for `done`. */
  const asked = [];
  /** The arguments of every `withOptions`, its `fetch` too. */
  const derived = [];
  /** The instances that were made of the client's module, each with a way in. */
  const instances = [];
  /** The same of the reader's. */
  const readers = [];

  /** The ways into a new instance: a function that leads into it, and makes the methods that do. */
  const newInstance = (guard) => {
    // Every way into wasm leads through an exported function: here through this one.
    const { enter } = guard({ enter: (work) => work() });

    /** What `behaviour` throws is an error that wasm returned, and thrown after that; a trap goes through wasm. */
    const reaching =
      (name, otherwise) =>
      (...args) => {
        let refused;
        const result = enter(() => {
          asked.push([name, ...args.filter((arg) => typeof arg !== 'function')]);
          try {
            return (behaviour[name] ?? otherwise)?.(...args);
          } catch (reason) {
            if (reason instanceof WebAssembly.RuntimeError) throw reason;
            refused = { reason };
          }
        });
        if (refused) throw refused.reason;
        return result;
      };
    const ending = (name, value) => reaching(name, (...args) => args.at(-1)(undefined, value));
    return { enter, reaching, ending };
  };

  const makeClientGlue = (guard) => {
    const { enter, reaching, ending } = newInstance(guard);
    const instance = { enter, clients: [] };
    instances.push(instance);

    const clientOf = (options, host) => ({
      options,
      host,
      withOptions: (...args) => {
        reaching('withOptions')(...args);
        derived.push(['withOptions', ...args]);
        return clientOf({ ...options, ...args[0] }, host);
      },
      call: ending('call', answered({})),
      prepare: reaching('prepare', () => ({ method: 'GET', url: 'https://x', headers: {} })),
      pages: reaching('pages', () => cursorOver([])),
      createOnce: ending('createOnce', { order: { id: 'made' }, placed: true }),
      renewal: ending('renewal', { locale: 'en' }),
      expiring: ending('expiring', []),
      waitForOrder: ending('waitForOrder', { id: 'reached' }),
      waitForOrders: reaching('waitForOrders', () => cursorOver([])),
      watchOrder: reaching('watchOrder', () => cursorOver([])),
      waitForOrganization: ending('waitForOrganization', { id: 'validated' }),
      authenticate: ending('authenticate', { expiresAt: 0, remainingMs: 1 }),
      refresh: ending('refresh', { expiresAt: 0, remainingMs: 2 }),
      token: ending('token', 'the token'),
      tokenInfo: reaching('tokenInfo'),
      clearToken: reaching('clearToken'),
      rateLimit: reaching('rateLimit', () => ({ limit: 100 })),
      estimate: reaching('estimate', () => 7),
      pause: reaching('pause'),
      resume: reaching('resume'),
      close: reaching('close'),
      free: reaching('free'),
    });
    return {
      default: async () => {},
      Client: function Client(options, host) {
        reaching('Client')(options, host);
        const client = clientOf(options, host);
        instance.clients.push(client);
        return client;
      },
      allowedActions: reaching('allowedActions', () => []),
      renewalOf: reaching('renewalOf', () => ({})),
      dcvInstructions: reaching('dcvInstructions', () => ({})),
    };
  };

  const makeReaderGlue = (guard) => {
    const { enter, reaching } = newInstance(guard);
    readers.push({ enter });
    /** What is judged at once: there are no signatures to ask about. */
    const judging = (name, value) => {
      const judged = reaching(name, () => value);
      return (...args) => {
        const values = [judged(...args)];
        return { next: () => [], values: () => values };
      };
    };
    /** What `behaviour` has under the name are the findings, or these with the CSR that is sent. */
    const checking = (name) => {
      const check = judging(name, []);
      return (...args) => {
        const [found] = check(...args).values();
        return { next: () => [], values: () => [Array.isArray(found) ? { findings: found } : found] };
      };
    };
    return {
      default: async () => {},
      hasSuffixes: () => true,
      provideSuffixes() {},
      parseCsr: reaching('parseCsr', () => ({})),
      parseCertificate: reaching('parseCertificate', () => ({})),
      sameKey: reaching('sameKey', () => true),
      asn1Tree: reaching('asn1Tree', () => []),
      inspectCsr: judging('inspectCsr', { findings: [] }),
      parseBundle: judging('parseBundle', { findings: [] }),
      inspectAll: judging('inspectAll', { kind: 'other' }),
      checkOrder: checking('checkOrder'),
      checkReissue: checking('checkReissue'),
    };
  };

  const facade = await loadFacade({ core: makeClientGlue, pki: makeReaderGlue });
  for (const loader of [facade.coreLoader(), facade.pkiLoader()]) loader.provide({ find: () => emptyWasm });
  const newClient = (options) => new facade.CertsClient({ auth: { apiKey: 'key', token: 'token' }, ...options });
  return { ...facade, asked, derived, instances, readers, newClient };
}
