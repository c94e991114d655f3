/** `npm run docs`: the reference of the npm package, of the crates behind it and of the service, into docs/api. */
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { cargoMetadata, path } from './lib/project.mjs';
import { main, run } from './lib/run.mjs';
import { buildTools, need } from './setup.mjs';

main(async () => {
  await need(buildTools);
  // The models among the package's types come from Rust.
  await build();
  const out = path('docs', 'api');
  rmSync(out, { recursive: true, force: true });
  await run('typedoc', ['--options', path('pkg-template', 'typedoc.json'), '--out', join(out, 'package')]);
  await run('cargo', ['doc', '--workspace', '--no-deps', '--lib']);
  cpSync(join(cargoMetadata().target_directory, 'doc'), join(out, 'rust'), { recursive: true });
  await run('redocly', ['build-docs', 'docs/openapi.yaml', '--output', join(out, 'http.html')]);
  console.log(`Written to ${out}`);
});
