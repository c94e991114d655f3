import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { bothForms, installPackage } from './support/install.mjs';
import { guideCsr } from './support/openssl.mjs';

describe('the ESM and the CommonJS copy in one process', () => {
  let project;
  let esm;
  let cjs;
  before(async () => {
    project = await installPackage();
    ({
      ESM: { api: esm },
      CommonJS: { api: cjs },
    } = await bothForms(project));
  });
  after(() => project?.remove());

  it('are two copies of the same classes', () => {
    assert.notEqual(esm.ParseError, cjs.ParseError);
    assert.equal(esm.version, cjs.version);
    assert.deepEqual(Object.keys(esm).toSorted(), Object.keys(cjs).toSorted());
  });

  it('know each other’s errors, by class and by base class', async () => {
    const [one, other] = await Promise.all([esm, cjs].map(({ parseCsr }) => parseCsr('').catch((error) => error)));
    for (const error of [one, other]) {
      for (const api of [esm, cjs]) {
        assert.ok(error instanceof api.ParseError);
        assert.ok(error instanceof api.CertsError);
        assert.ok(!(error instanceof api.ApiError));
      }
    }
  });

  it('leave instanceof of derived classes to those', async () => {
    class Mine extends esm.CertsError {}
    const error = await cjs.parseCsr('').catch((reason) => reason);
    assert.ok(!(error instanceof Mine));
    assert.ok(new Mine({ code: 'mine', message: 'Mine.' }) instanceof Mine);
    assert.ok(new Mine({ code: 'mine', message: 'Mine.' }) instanceof cjs.CertsError);
    assert.ok(!(undefined instanceof esm.CertsError) && !({} instanceof esm.CertsError));
  });

  it('share one rate limit for the same service and key', async () => {
    const auth = { apiKey: 'the-same-key', token: 'a-token' };
    const fetch = async () => new Response('{"content":[]}', { headers: { 'content-type': 'application/json' } });
    const one = new esm.CertsClient({ auth, fetch });
    const other = new cjs.CertsClient({ auth, fetch });
    await one.orders.list();
    await other.orders.list();
    assert.equal(one.rateLimit.state.used, 2);
    assert.deepEqual(one.rateLimit.state.used, other.rateLimit.state.used);
  });

  it('tell of each other’s replies', async () => {
    const fetch = async () => new Response('{"id":"x"}', { headers: { 'content-type': 'application/json' } });
    const client = new esm.CertsClient({ auth: { apiKey: 'another-key', token: 'a-token' }, fetch });
    const order = await client.orders.get('123e4567-e89b-12d3-a456-426614174000');
    assert.equal(cjs.responseOf(order).status, 200);
  });

  it('read the same CSR in the same way', async () => {
    const csr = guideCsr();
    assert.deepEqual(await esm.parseCsr(csr), await cjs.parseCsr(csr));
  });
});
