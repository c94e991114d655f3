import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadFacade } from './support/facade.mjs';

const { subtle } = crypto;
const { concluded, webCrypto } = await loadFacade();

/** A judgement with these questions, whose value are the answers. */
const judgementOf = (questions) => {
  const answers = [];
  const left = [...questions];
  return {
    next(holds) {
      if (left.length < questions.length) answers.push(holds);
      return left.shift() ?? [];
    },
    values: () => [answers],
  };
};

describe('a signature', () => {
  it('holds, does not hold, or is not verified here, and nothing throws', async () => {
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
    const verify = { name: 'ECDSA', hash: 'SHA-256' };
    const { privateKey, publicKey } = await subtle.generateKey(algorithm, true, ['sign', 'verify']);
    const key = new Uint8Array(await subtle.exportKey('raw', publicKey));
    const message = Uint8Array.of(1, 2);
    const signature = new Uint8Array(await subtle.sign(verify, privateKey, message));
    const ask = (change) => Object.values({ format: 'raw', key, algorithm, verify, signature, message, ...change });
    const questions = [
      ask({}),
      ask({ message: Uint8Array.of(1) }),
      ask({ algorithm: { name: 'none' } }),
      ask({ key: Uint8Array.of(4) }),
    ];
    assert.deepEqual(await concluded(judgementOf(questions)), [[true, false, undefined, undefined]]);
    assert.deepEqual(await concluded(judgementOf([])), [[]]);
    assert.equal(webCrypto().subtle, subtle);
  });

  it('is asked about no more once the reader has broken, and the call ends', async () => {
    let steps = 0;
    const pki = (guard) => {
      const { enter } = guard({ enter: (work) => work() });
      const next = () =>
        enter(() => {
          steps += 1;
          if (steps === 3) throw new WebAssembly.RuntimeError('unreachable');
          return ['raw', new Uint8Array()];
        });
      const inspectCsr = () => ({ next, values: () => enter(() => []) });
      return { default: async () => {}, hasSuffixes: () => true, inspectCsr };
    };
    const facade = await loadFacade({ pki });
    facade.pkiLoader().provide({ find: () => Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0) });
    await assert.rejects(facade.inspectCsr('csr'), facade.InternalError);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(steps, 3);
  });
});
