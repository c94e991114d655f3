import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { installPackage } from './support/install.mjs';

const id = '123e4567-e89b-12d3-a456-426614174000';
const auth = { apiKey: 'the-api-key', token: 'the-token' };

/** What a page may have in place of its `Headers`. */
const replacements = {
  none: undefined,
  'one that throws': class {
    constructor() {
      throw new TypeError('no headers today');
    }
  },
};

describe('where `Headers` is', () => {
  let project;
  let api;
  before(async () => {
    project = await installPackage();
    api = await project.import();
  });
  after(() => project?.remove());

  for (const [what, replacement] of Object.entries(replacements)) {
    it(`${what}, replies and errors have their headers all the same`, async (test) => {
      const { Headers: own } = globalThis;
      test.after(() => {
        globalThis.Headers = own;
      });
      const replies = [
        { status: 200, body: { id } },
        { status: 404, body: {} },
      ];
      const sent = [];
      const fetch = async (_, { headers }) => {
        sent.push(Object.fromEntries(headers));
        const { status, body } = replies.shift();
        return {
          status,
          ok: status === 200,
          headers: new Map([['x-request-id', 'r-1']]),
          text: async () => JSON.stringify(body),
        };
      };
      globalThis.Headers = replacement;
      const client = new api.CertsClient({ auth, fetch, rateLimit: false });
      const order = await client.orders.get(id);
      assert.equal(order.id, id);
      assert.equal(api.responseOf(order).headers.get('x-request-id'), 'r-1');
      await assert.rejects(client.orders.get(id), (error) => {
        assert.ok(error instanceof api.NotFoundError, `${error}`);
        assert.equal(error.headers.get('x-request-id'), 'r-1');
        return true;
      });
      assert.equal(sent.length, 2);
      const names = Object.keys(sent[0]).map((name) => name.toLowerCase());
      assert.ok(names.includes('authorization'), `${names}`);
    });
  }
});
