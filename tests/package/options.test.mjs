import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { installPackage } from './support/install.mjs';

const id = '123e4567-e89b-12d3-a456-426614174000';
const auth = { apiKey: 'the-api-key', token: 'the-token' };

/** Options of a client that its first call refuses, and the field that the refusal names. */
const wrongClients = {
  'timeout: -1': [{ timeout: -1 }, 'timeout'],
  "timeout: '5 s'": [{ timeout: '5 s' }, 'timeout'],
  'timeout: NaN': [{ timeout: Number.NaN }, 'timeout'],
  'maxRetries: 1.5': [{ maxRetries: 1.5 }, 'maxRetries'],
  'maxReplyBytes: -1': [{ maxReplyBytes: -1 }, 'maxReplyBytes'],
  "readOnly: 'yes'": [{ readOnly: 'yes' }, 'readOnly'],
  'rateLimit: true': [{ rateLimit: true }, 'rateLimit'],
  'rateLimit.limit: 0': [{ rateLimit: { limit: 0 } }, 'rateLimit.limit'],
  'rateLimit.share: 2': [{ rateLimit: { share: 2 } }, 'rateLimit.share'],
  "rateLimit.scope: 'world'": [{ rateLimit: { scope: 'world' } }, 'rateLimit.scope'],
  'rateLimit.limt': [{ rateLimit: { limt: 5 } }, 'rateLimit.limt', /did you mean `limit`/],
  'auth.tokenStore: {}': [{ auth: { apiKey: 'k', username: 'u', password: 'p', tokenStore: {} } }, 'auth.tokenStore'],
  'auth.username: 5': [{ auth: { apiKey: 'k', username: 5, password: 'p' } }, 'auth.username'],
  'a base that is not an address': [{ certsBaseUrl: 'nowhere' }, 'certsBaseUrl'],
};

/** Calls that are refused before anything is sent, and the field that the refusal names. */
const wrongCalls = {
  'a misspelt option of a call': [
    (client) => client.orders.get(id, { timeOut: 5 }),
    'timeOut',
    /did you mean `timeout`/,
  ],
  'a wrong value of one': [(client) => client.orders.get(id, { timeout: '5' }), 'timeout'],
  'a misspelt filter': [(client) => client.orders.list({ status: ['X'] }).then(), 'status', /did you mean `statuses`/],
  'the same, iterated': [(client) => client.orders.list({ status: ['X'] }).toArray(), 'status'],
  'a wrong value in a filter': [(client) => client.orders.list({ size: '50' }).then(), 'size'],
  'a page of -1': [(client) => client.contacts.list({ page: -1 }).then(), 'page'],
  'a filter that is not an object': [(client) => client.contacts.list('ada@example.com').then(), undefined],
  'a misspelt option of waiting': [
    (client) => client.orders.waitUntil(id, 'issued', { maxwait: 5 }),
    'maxwait',
    /did you mean `maxWait`/,
  ],
  'a goal that is not one': [(client) => client.orders.waitUntil(id, 'validated'), 'goal'],
  'days that are missing': [(client) => client.orders.expiring({}), 'withinDays'],
  'a misspelt filter of what ends soon': [
    (client) => client.orders.expiring({ withinDays: 5, filter: { commonName: 'x' } }),
    'commonName',
    /did you mean `commonNames`/,
  ],
  'an id that is not a UUID': [(client) => client.orders.get('an id'), 'id'],
  'an id that is missing': [(client) => client.orders.get(), 'id'],
  'an id that is an object': [(client) => client.contacts.get({ id }), 'id'],
  'a line of a history that is not a UUID': [(client) => client.orders.history.get(id, 'x'), 'historyId'],
  'a misspelt part of a request': [
    (client) => client.request({ method: 'GET', path: '/x', qurey: {} }),
    'qurey',
    /did you mean `query`/,
  ],
  'a service that is not one': [(client) => client.request({ service: 'oauth', method: 'GET', path: '/x' }), 'service'],
};

describe('what a caller gets wrong is refused by its name, and nothing is sent', () => {
  let project;
  let api;
  before(async () => {
    project = await installPackage();
    api = await project.import();
  });
  after(() => project?.remove());

  const fetch = () => assert.fail('It was sent.');
  const assertRefused = (call, field, message = /\S/) =>
    assert.rejects(call, (error) => {
      assert.ok(error instanceof api.ValidationError, `${error}`);
      assert.equal(error.code, 'invalid');
      if (field) assert.equal(error.findings[0].field, field);
      assert.match(error.message, message);
      // Words for somebody who writes JavaScript.
      assert.doesNotMatch(error.message, /\bu\d+\b|\bi\d+\b|\bf64\b|internally tagged|JsValue|struct/);
      return true;
    });

  for (const [what, [options, ...expected]] of Object.entries(wrongClients)) {
    it(`in a client: ${what}`, async () => {
      const client = new api.CertsClient({ auth, fetch, ...options });
      await assertRefused(client.orders.get(id), ...expected);
      await assertRefused(client.orders.list().toArray(), ...expected);
      await assertRefused(client.withOptions({ maxRetries: 1 }).orders.get(id), ...expected);
    });
  }

  for (const [what, [call, ...expected]] of Object.entries(wrongCalls)) {
    it(`in a call: ${what}`, async () => {
      await assertRefused(call(new api.CertsClient({ auth, fetch, rateLimit: false })), ...expected);
    });
  }

  it('in a derived client: what all clients of one token and limit share', async () => {
    const client = new api.CertsClient({ auth, fetch });
    for (const name of ['auth', 'certsBaseUrl', 'rateLimit']) {
      const options = { auth, certsBaseUrl: 'https://other.example', rateLimit: false };
      await assertRefused(client.withOptions({ [name]: options[name] }).orders.get(id), name, /make a new CertsClient/);
    }
  });
});
