import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { inspect } from 'node:util';
import { installPackage } from './support/install.mjs';
import { openssl } from './support/openssl.mjs';

const id = '123e4567-e89b-12d3-a456-426614174000';
const canaries = {
  apiKey: 'CANARY-api-key-77b1',
  password: 'CANARY-pass"word-\\-é-90c2',
  token: 'CANARY.token.4e5f',
};
/** What no output may hold: each secret, and each as JSON spells it. */
const forbidden = Object.values(canaries).flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]);

const json = (status, body, headers = {}) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });

/** Services that go wrong, and echo all that they were sent. */
const services = {
  'an error that echoes the request': [
    'BadRequestError',
    (echo) => json(400, { errors: [{ code: echo, message: echo }], [echo]: echo }),
  ],
  'an HTML page that echoes the request': ['ServerError', (echo) => new Response(`<h1>${echo}</h1>`, { status: 502 })],
  'a header that echoes the request': [
    'PermissionDeniedError',
    (echo) => json(403, {}, { 'x-request-id': encodeURIComponent(echo), 'set-cookie': 'a=b' }),
  ],
  'a success that is not JSON': ['DecodeError', (echo) => new Response(`not json ${echo}`)],
  'an empty error': ['NotFoundError', () => new Response('', { status: 404 })],
  'a refusal of the token': ['AuthenticationError', (echo) => json(401, { errors: [{ code: 'X', message: echo }] })],
  'a limit that is reached': [
    'RateLimitError',
    (echo) => json(429, { errors: [{ code: 'X', message: echo }] }, { 'retry-after': '86400' }),
  ],
  'a transport error that quotes the request': [
    'ConnectionError',
    (echo) => {
      throw Object.assign(new TypeError(`fetch failed: ${echo}`), { request: echo, cause: new Error(echo) });
    },
  ],
};

describe('no secret shows, whatever fails', () => {
  let project;
  let api;
  before(async () => {
    project = await installPackage();
    api = await project.import();
  });
  after(() => project?.remove());

  /** Everything that a person or a log may see of a value. */
  const outputs = (value) => [
    inspect(value, { depth: null, showHidden: true, getters: true }),
    inspect(value, { depth: null, customInspect: false }),
    String(value),
    value?.stack,
    JSON.stringify(value),
    JSON.stringify(value, Object.getOwnPropertyNames(value ?? {})),
    inspect(structuredClone(cloneable(value)), { depth: null }),
    value?.headers instanceof Headers ? JSON.stringify([...value.headers]) : '',
  ];
  // A Headers object cannot be cloned; an error itself can.
  const cloneable = (value) => (value instanceof Error ? value : JSON.parse(JSON.stringify(value ?? null)));

  function assertClean(what, value) {
    for (const output of outputs(value)) {
      for (const secret of forbidden) assert.ok(!output?.includes(secret), `${what} shows a secret: ${output}`);
    }
  }

  for (const [what, [errorClass, answer]] of Object.entries(services)) {
    for (const kind of ['password', 'token']) {
      it(`${what}, with a ${kind}`, async () => {
        const answering =
          (fails) =>
          async (_, { headers, body }) => {
            if (!fails) return json(200, { token: canaries.token, expiresIn: 5400 });
            return answer(`${[...headers].join()} ${body ?? ''}`);
          };
        for (const atToken of kind === 'password' ? [true, false] : [false]) {
          const fetch = (url, init) => answering(atToken || !url.includes('/auth/'))(url, init);
          const { apiKey, password, token } = canaries;
          const auth = kind === 'token' ? { apiKey, token } : { apiKey, username: 'somebody', password };
          const client = new api.CertsClient({ auth, fetch, maxRetries: 0, rateLimit: { scope: 'client' } });
          const events = [];
          for (const name of ['request', 'response', 'retry', 'token', 'throttled', 'warning'])
            client.on(name, (event) => events.push(event));
          const error = await client.orders.get(id).then(
            () => assert.fail('It went through.'),
            (reason) => reason,
          );
          assert.equal(error.name, errorClass, inspect(error));
          assertClean('the error', error);
          assertClean('its cause', error.cause);
          assertClean('an event', events);
          assertClean('the client', client);
          assertClean('a preview', await client.preview((it) => it.orders.get(id)));
        }
      });
    }
  }

  it('a reply with a token in it that cannot be read', async () => {
    const { apiKey, password, token } = canaries;
    for (const body of [`{"token":"${token}"`, `token=${token}`, `{"sessionToken":"${token}"}`]) {
      const fetch = async () => new Response(body);
      const client = new api.CertsClient({ auth: { apiKey, username: 'somebody', password }, fetch, maxRetries: 0 });
      const error = await client.tokens.authenticate().catch((reason) => reason);
      assert.ok(error instanceof api.CertsError);
      assertClean('the error', error);
    }
  });

  it('a secret that cannot be sent, and one that cannot be had', async () => {
    const fetch = async () => assert.fail('It was sent.');
    const secrets = [
      `${canaries.apiKey}\r\nx-injected: 1`,
      () => Promise.reject(new Error(canaries.apiKey)),
      () => {
        throw new Error(canaries.apiKey);
      },
    ];
    for (const apiKey of secrets) {
      const client = new api.CertsClient({ auth: { apiKey, token: canaries.token }, fetch });
      const error = await client.orders.get(id).catch((reason) => reason);
      assert.ok(error instanceof api.CertsError);
      assertClean('the error', error);
    }
  });

  it('a private key that is taken for a CSR', async () => {
    const privateKeyPem = openssl(['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256']);
    const secret = privateKeyPem.split('\n')[2];
    const error = await api.parseCsr(privateKeyPem).catch((reason) => reason);
    assert.ok(error instanceof api.ParseError);
    for (const output of outputs(error)) assert.ok(!output?.includes(secret));
  });
});
