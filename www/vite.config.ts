import { defineConfig } from 'vite';
import { compression } from 'vite-plugin-compression2';

/**
 * What the page may do: load its own files, compile its own wasm, and no more. `style` attributes are set through the
 * DOM, which needs no 'unsafe-inline'. A server should add `frame-ancestors 'none'`, which a meta element cannot say.
 */
const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

export default defineConfig({
  // Relative, so that the files work below any path of any host.
  base: './',
  plugins: [
    {
      name: 'content-security-policy',
      // Vite's own development server injects styles and scripts that the policy would refuse.
      apply: 'build',
      transformIndexHtml: () => [
        { tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content: policy }, injectTo: 'head-prepend' },
      ],
    },
    // Beside each file, for servers that send it to clients that accept brotli: the one of `npm start` does.
    compression({ algorithms: ['brotliCompress'], include: /\.(html|js|css|svg|wasm)$/, threshold: 256 }),
  ],
  build: { target: 'es2023', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
});
