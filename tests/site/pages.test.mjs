import assert from 'node:assert/strict';
import { test } from 'node:test';
import { relinked } from '../../docs/site/pages.mjs';
import { Problem } from '../../tools/lib/run.mjs';

const pages = { 'docs/a.md': 'a.md', 'docs/guides/b.md': 'guides/b.md', 'CHANGELOG.md': 'changelog.md' };
const from = (page, text) => relinked(text, { from: page, to: pages[page], pages });

test('links lead to the same page in the site as on a host of the repository', () => {
  const text = '[b](guides/b.md#part) [changes](../CHANGELOG.md) [top](#top) [out](https://example.com/x)';
  const wanted = '[b](./guides/b.md#part) [changes](./changelog.md) [top](#top) [out](https://example.com/x)';
  assert.equal(from('docs/a.md', text), wanted);
  assert.equal(from('docs/guides/b.md', '[a](../a.md)'), '[a](../a.md)');
});

test('what is code is no link', () => {
  const code = '`[x](nowhere.md)`\n\n```js\nlist[0](nowhere.md);\n```\n';
  assert.equal(from('docs/a.md', code), code);
});

test('a link to a page that the site does not have is an error that names both', () => {
  assert.throws(
    () => from('docs/a.md', '[x](guides/nowhere.md)'),
    (error) => {
      assert.ok(error instanceof Problem);
      assert.match(error.message, /docs\/a\.md links to guides\/nowhere\.md/);
      return true;
    },
  );
});
