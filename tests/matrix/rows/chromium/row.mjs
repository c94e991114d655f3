import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { showing } from '../../support/entries.mjs';
import { titleIn } from '../../support/page.mjs';

/** A page without a bundler: an import map says where the package is. */
const page = (project, file, importing) => {
  const target = (name) => `./package/dist/esm/${name}${file}.js`;
  const imports = {
    'markmonitor-certs': target(''),
    'markmonitor-certs/pki': target('pki/'),
    'markmonitor-certs/sandbox': target('sandbox/'),
  };
  cpSync(project.path('node_modules', 'markmonitor-certs'), project.path('site', 'package'), { recursive: true });
  cpSync(project.path('program.mjs'), project.path('site', 'program.mjs'));
  project.write(
    join('site', 'index.html'),
    `<!doctype html><meta http-equiv="content-security-policy" content="script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'">
     <script type="importmap">${JSON.stringify({ imports })}</script><script type="module">${importing}</script>`,
  );
  return titleIn(project.path('site'));
};

export const row = {
  title: 'Chromium',
  core: true,
  note: "A Content-Security-Policy has to allow `'wasm-unsafe-eval'`.",
  cases: {
    'a page with the .wasm files': (project) => page(project, 'file', showing),
    'a page with the chunks': (project) => page(project, 'chunk', showing),
    'a page with all in the JavaScript': (project) => page(project, 'inline', showing),
  },
};
