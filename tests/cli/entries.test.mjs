import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { build } from 'esbuild';
import { filesUnder } from '../../tools/lib/stamp.mjs';
import { installPackage } from '../package/support/install.mjs';

describe('the program and the library', () => {
  let project;
  before(async () => {
    project = await installPackage();
  });
  after(() => project?.remove());

  /** Whatever a file loads, at once or later. */
  const loads = /(?:from|import|require)\s*\(?\s*["']([^"']+)["']/g;

  it('no entry of the library reaches the program, nor what it is made of', () => {
    const dist = join(project.package, 'dist');
    const seen = new Set();
    const visit = (file) => {
      if (seen.has(file)) return;
      seen.add(file);
      for (const [, path] of readFileSync(file, 'utf8').matchAll(loads)) {
        if (path.endsWith('.js') && path.startsWith('.')) visit(join(dirname(file), path));
      }
    };
    const { exports } = JSON.parse(readFileSync(join(project.package, 'package.json'), 'utf8'));
    const targets = (value) => (typeof value === 'string' ? [value] : Object.values(value).flatMap(targets));
    const entries = targets(exports).filter((file) => file.endsWith('.js'));
    assert.ok(entries.length > 20);
    for (const entry of entries) visit(join(project.package, entry));
    assert.ok(seen.size > entries.length / 2);
    assert.ok(!seen.has(join(dist, 'cli.js')));
    const holders = [...filesUnder(dist)].filter(
      (file) => file.endsWith('.js') && /EnvHttpProxyAgent|excessArguments/.test(readFileSync(file, 'utf8')),
    );
    assert.deepEqual(
      holders.map((file) => relative(dist, file)),
      ['cli.js'],
    );
  });

  it('the program imports the library and Node, and nothing else', async () => {
    const file = join(project.package, 'dist', 'cli.js');
    assert.ok(readFileSync(file, 'utf8').startsWith('#!/usr/bin/env node\n'));
    const options = { bundle: true, packages: 'external', platform: 'node', format: 'esm', write: false };
    const { metafile } = await build({ ...options, entryPoints: [file], metafile: true });
    const imported = Object.values(metafile.inputs).flatMap(({ imports }) => imports.map(({ path }) => path));
    const others = [...new Set(imported)].filter((path) => !path.startsWith('node:'));
    assert.deepEqual(others.sort(), ['markmonitor-certs', 'markmonitor-certs/sandbox']);
  });
});
