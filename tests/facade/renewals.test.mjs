import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadFacade } from './support/facade.mjs';

const { steps } = await loadFacade();

describe('a search of renewals', () => {
  it('asks for the names and the statuses that the core names', async () => {
    const asked = [];
    const list = async function* (filter) {
      asked.push(filter);
      yield { id: `${asked.length}` };
    };
    const orders = new Map();
    const ask = { commonNames: ['a.example'], statuses: ['REISSUE_PENDING', 'SOMETHING_NEW'] };
    const answer = await steps.search({ client: { orders: { list } }, options: {}, orders }, ask);
    assert.deepEqual(asked, [{ commonNames: ask.commonNames }, { statuses: ask.statuses }]);
    assert.deepEqual(answer, { orders: [{ id: '1' }, { id: '2' }] });
    assert.deepEqual([...orders.keys()], ['1', '2']);
  });
});
