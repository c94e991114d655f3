import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { shortNames } from './lib/wasm/short-names.mjs';

const sized = (...octets) => [octets.length, ...octets];
const text = (value) => sized(...Buffer.from(value));
const now = '__wbg_now_0123456789abcdef';

/** One that imports a function and a table, and exports the function twice. */
const module = Buffer.from([
  ...Buffer.from('\0asm'),
  ...[1, 0, 0, 0],
  ...[1, ...sized(1, 0x60, 0, 0)],
  ...[2, ...sized(2, ...text('./m'), ...text(now), 0, 0, ...text('./m'), ...text('own'), 1, 0x70, 0, 3)],
  ...[7, ...sized(2, ...text('start'), 0, 0, ...text('__wbg_draft_free'), 0, 0)],
  ...[0, ...sized(...text('kept'), 1, 2)],
]);

const glueWith = (statement) =>
  `imports = { "./m": { ${now}: ${statement}, own } }; wasm.__wbg_draft_free(this.__wbg_ptr);`;

describe('the names between a module and its glue', () => {
  const short = shortNames(module, glueWith('now'));
  const compiled = new WebAssembly.Module(short.module);
  const namesOf = (list) => list.map(({ name, kind }) => [name, kind]);

  it('are short in both where wasm-bindgen made them, and all else is as it was', () => {
    const { imports, exports, customSections } = WebAssembly.Module;
    assert.deepEqual(namesOf(imports(compiled)), [
      ['$0', 'function'],
      ['own', 'table'],
    ]);
    assert.deepEqual(namesOf(exports(compiled)), [
      ['start', 'function'],
      ['$1', 'function'],
    ]);
    assert.equal(customSections(compiled, 'kept').length, 1);
    assert.match(short.glue, /^imports = \{ "\w{8}": \{ \$0: now, own \} \}; wasm\.\$1\(this\.__wbg_ptr\);$/);
    assert.deepEqual(short.names, { $0: now, $1: '__wbg_draft_free' });
  });

  it('keep a module from glue that was made with another', () => {
    const places = (wasm) => WebAssembly.Module.imports(wasm).map(({ module }) => module);
    const [place, ...others] = new Set(places(compiled));
    assert.deepEqual(others, []);
    assert.ok(short.glue.includes(`"${place}"`));
    const other = shortNames(module, glueWith('earlier'));
    assert.ok(!other.glue.includes(place));
    assert.ok(!places(new WebAssembly.Module(other.module)).includes(place));
  });

  it('are not changed in glue that does not say once where it is imported from', () => {
    assert.throws(() => shortNames(module, 'imports = {}'), /does not name ".\/m" once/);
  });
});
