import { titleIn, titleOf } from '../../support/page.mjs';

export const row = {
  title: 'Parcel',
  of: 'parcel',
  cases: {
    async development(project) {
      project.remove('.parcel-cache', 'dist');
      const { url } = await project.serve('parcel', (port) => ['serve', 'index.html', '--port', `${port}`]);
      return titleOf(`${url}/`);
    },
    async build(project) {
      project.remove('.parcel-cache', 'dist');
      await project.run('parcel', ['build', 'index.html']);
      return titleIn(project.path('dist'));
    },
    async 'build, every subpath'(project) {
      project.remove('.parcel-cache', 'dist');
      project.write(
        'subpaths.js',
        `import { createCsr } from 'markmonitor-certs/inline';
         import { parseCsr } from 'markmonitor-certs/pki';
         import { parseCsr as inlined } from 'markmonitor-certs/pki/inline';
         import { fates } from 'markmonitor-certs/sandbox';
         import { fates as same } from 'markmonitor-certs/sandbox/inline';
         import { init, inspectCsr } from 'markmonitor-certs/slim';
         import wasm from 'url:markmonitor-certs/pki.wasm';
         import { program } from './program.mjs';
         async function main() {
           const { csr } = await createCsr({ subject: { commonName: 'example.com' }, dnsNames: ['example.com'] });
           await init({ pki: wasm });
           const { signature } = await inspectCsr(csr);
           const names = [await parseCsr(csr), await inlined(csr)].map(({ subject }) => subject.commonName);
           const isRight = names.join() === 'example.com,example.com' && signature === 'valid' && same.length === fates.length;
           return isRight ? program() : JSON.stringify({ names, signature });
         }
         main().catch((error) => error.stack).then((result) => { document.title = 'done: ' + result; });`,
      );
      project.write('subpaths.html', '<!doctype html><script type="module" src="subpaths.js"></script>');
      await project.run('parcel', ['build', 'subpaths.html']);
      return titleIn(project.path('dist'), 'subpaths.html');
    },
  },
};
