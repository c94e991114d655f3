import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { after, before, describe, it } from 'node:test';
import { installPackage } from './support/install.mjs';
import { virtualTime } from './support/virtual-time.mjs';

const auth = { apiKey: 'the-api-key', token: 'the-token' };
const idOf = (caller) => `123e4567-e89b-12d3-a456-42661417400${caller}`;
const callers = [0, 1, 2, 3, 4, 5];

describe('what AsyncLocalStorage keeps for a caller', () => {
  const current = new AsyncLocalStorage();
  let project;
  let api;
  before(async () => {
    project = await installPackage();
    api = await project.import();
  });
  after(() => project?.remove());

  it('is there where its requests are sent and told of, again and again, and for each page', async (test) => {
    const found = { fetch: [], request: [] };
    /** Whose request this is, and in whose context we are. */
    const note = (what, url) => {
      const { pathname, searchParams } = new URL(url);
      found[what].push([searchParams.get('commonNames') ?? pathname.slice(-1), `${current.getStore()}`]);
    };
    const failed = new Set();
    const fetch = async (url) => {
      const { searchParams } = new URL(url);
      note('fetch', url);
      if (!failed.has(url)) {
        failed.add(url);
        throw new Error('socket hang up');
      }
      const number = Number(searchParams.get('page') ?? 0);
      const page = { size: 1, totalElements: 2, totalPages: 2, number };
      return Response.json(
        searchParams.size ? { content: [{ id: idOf(number) }], page } : { id: url.split('/').at(-1) },
      );
    };
    const client = new api.CertsClient({ auth, fetch });
    client.on('request', ({ url }) => note('request', url));
    await api.init();
    const time = virtualTime(test);
    const calls = callers.map((caller) =>
      current.run(caller, async () => {
        await client.orders.get(idOf(caller));
        for await (const order of client.orders.list({ commonNames: [`${caller}`], size: 1 })) assert.ok(order.id);
        assert.equal(current.getStore(), caller);
      }),
    );
    await time.until(Promise.all(calls));

    for (const [what, all] of Object.entries(found)) {
      // One order and two pages, each sent twice.
      assert.equal(all.length, callers.length * 6, what);
      for (const [caller, context] of all) assert.equal(context, caller, what);
    }
  });
});
