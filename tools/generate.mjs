/** Writes the TypeScript that is generated: the service's shapes from docs/openapi.yaml, those that Rust owns from Rust. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { path } from './lib/project.mjs';
import { run } from './lib/run.mjs';
import { step } from './lib/stamp.mjs';

const generated = path('pkg-template', 'src', 'generated');

async function serviceTypes() {
  const tool = path('tools', 'types');
  const outputs = [join(generated, 'service.ts')];
  await step('service types', { inputs: [tool, path('docs', 'openapi.yaml')], outputs }, async () => {
    await run('node', [join(tool, 'generate.mjs')]);
  });
}

/** A native program prints them, so that the facade is type-checked without a build of the wasm. */
async function coreTypes() {
  const output = join(generated, 'core.ts');
  const inputs = ['src', join('tools', 'declarations'), 'Cargo.toml', 'Cargo.lock'].map((file) => path(file));
  await step('core types', { inputs, outputs: [output] }, async () => {
    const text = await run('cargo', ['run', '--quiet', '-p', 'declarations'], { quiet: 'printing the core types' });
    mkdirSync(generated, { recursive: true });
    writeFileSync(output, text);
  });
}

/** Writes what changed since the last time. */
export async function generateTypes() {
  await serviceTypes();
  await coreTypes();
}
