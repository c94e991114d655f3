/** Writes the TypeScript that is generated: the service's shapes from docs/openapi.yaml, those that Rust owns from Rust. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { path } from './lib/project.mjs';
import { run } from './lib/run.mjs';
import { step } from './lib/stamp.mjs';

const generated = path('pkg-template', 'src', 'generated');

async function serviceTypes() {
  const tool = path('tools', 'types');
  const outputs = ['service.ts', 'shapes.ts'].map((file) => join(generated, file));
  await step('service types', { inputs: [tool, path('docs', 'openapi.yaml')], outputs }, async () => {
    await run('node', [join(tool, 'generate.mjs')]);
    await run('node', [join(tool, 'shapes.mjs')]);
  });
}

/** A native program prints them, so that the facade is type-checked without a build of the wasm. */
async function rustTypes(name, file, inputs, args) {
  const output = join(generated, file);
  const sources = [...inputs, join('tools', 'declarations'), 'Cargo.toml', 'Cargo.lock'].map((source) => path(source));
  await step(name, { inputs: sources, outputs: [output] }, async () => {
    const command = ['run', '--quiet', '-p', 'declarations', ...args];
    const text = await run('cargo', command, { quiet: `printing the ${name}` });
    mkdirSync(generated, { recursive: true });
    writeFileSync(output, text);
  });
}

/** Writes what changed since the last time. */
export async function generateTypes() {
  await serviceTypes();
  await rustTypes('core types', 'core.ts', ['src'], []);
  await rustTypes('table of endpoints', 'endpoints.ts', [join('src', 'api')], ['--', '--endpoints']);
  await rustTypes('sandbox types', 'sandbox.ts', [join('sandbox', 'src')], ['--', '--sandbox']);
}
