import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { path } from '../../tools/lib/project.mjs';

const folder = path('pkg-template', 'src', 'proxy');

/** What the service says itself: its statuses, and the codes of the errors that they are. */
const passedOn = ['400 bad_request', '409 conflict', '413 refused', '422 refused'];

describe('docs/portal.md', () => {
  it('has every code that the proxy answers with, and its status', () => {
    const refusals = [];
    for (const file of readdirSync(folder)) {
      const source = readFileSync(`${folder}/${file}`, 'utf8');
      for (const [call, status, code] of source.matchAll(/new Refusal\(\s*(\w+),\s*'?(\w+)/g)) {
        if (status === 'status') refusals.push(...passedOn);
        else if (/^\d{3}$/.test(status)) refusals.push(`${status} ${code}`);
        else assert.fail(`${file}: ${call} shows no status`);
      }
    }
    const page = readFileSync(path('docs', 'portal.md'), 'utf8');
    const rows = [...page.matchAll(/^\| `(\w+)` \| (\d{3}(?:, \d{3})*) \| .+ \| .+ \|$/gm)];
    const documented = rows.flatMap(([, code, statuses]) => statuses.split(', ').map((status) => `${status} ${code}`));
    assert.ok(refusals.length > 20);
    assert.deepEqual(documented.sort(), [...new Set(refusals)].sort());
  });
});
