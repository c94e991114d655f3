import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitepress';
import { contributors, examples, guides } from '../nav.mjs';
import { serviceSidebar } from '../service.mjs';

const laidOut = (part) => fileURLToPath(new URL(`../pages/${part}`, import.meta.url));
const built = (part) => fileURLToPath(new URL(`../../../build/site/${part}`, import.meta.url));
const reference = laidOut('reference/typedoc-sidebar.json');
const named = (folder) =>
  readdirSync(laidOut(folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => name.replace('.md', ''));

/** A group leads to its heading on the page of its module: one that only opens would be a button inside of a button. */
function linked(items, module) {
  return items.map((item) => {
    const link = item.link ?? (module && `${module}#${item.text.toLowerCase().replaceAll(' ', '-')}`);
    return { ...item, link, ...(item.items && { items: linked(item.items, item.link ?? module) }) };
  });
}

/** Where a narrow column may break a name: between its words. */
const breakable = (html) => html.replace(/(?<=\w[_./])(?=\w)|(?<=[a-z0-9])(?=[A-Z])/g, '<wbr>');

/** The first level is open: closed, it would be all that there is. */
const open = (items) => items.map((item) => ({ ...item, collapsed: false }));

export default defineConfig({
  title: 'markmonitor-certs',
  description: 'A client of the Markmonitor SSL Certs API for Node, browsers and edge runtimes.',
  lang: 'en',
  srcDir: 'pages',
  outDir: built('html'),
  cacheDir: built('cache'),
  // Nobody knows at which address it will be: every link is one of its own.
  cleanUrls: false,
  // Mermaid and the index of the search are large, and fetched when they are needed.
  vite: { build: { chunkSizeWarningLimit: 4096 } },
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  markdown: {
    // These two have the contrast that people with weak eyes need.
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    config(md) {
      const fence = md.renderer.rules.fence;
      md.renderer.rules.fence = (tokens, index, ...rest) => {
        const { info, content } = tokens[index];
        if (info.trim() !== 'mermaid') return fence(tokens, index, ...rest);
        return `<MermaidDiagram source="${encodeURIComponent(content)}" />`;
      };
      const code = md.renderer.rules.code_inline;
      md.renderer.rules.code_inline = (...args) => breakable(code(...args));
      // The corner of a table is no heading.
      for (const [rule, at] of [
        ['th_open', 1],
        ['th_close', -1],
      ]) {
        md.renderer.rules[rule] = (tokens, index, options, _env, self) => {
          if (tokens[index + at].content.trim() === '') tokens[index].tag = 'td';
          return self.renderToken(tokens, index, options);
        };
      }
    },
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    docFooter: { prev: 'Before', next: 'Next' },
    nav: [
      { text: 'Guides', link: '/guides/script', activeMatch: '^/(guides|portal|runtimes|errors|findings|contract)' },
      { text: 'Reference', link: '/reference/', activeMatch: '^/reference/' },
      { text: 'The service', link: '/service/', activeMatch: '^/service/' },
      { text: 'Examples', link: `/examples/${named('examples')[0]}`, activeMatch: '^/examples/' },
      { text: 'Contribute', link: '/contributing' },
    ],
    sidebar: {
      '/reference/': existsSync(reference) ? open(linked(JSON.parse(readFileSync(reference, 'utf8')))) : [],
      '/service/': serviceSidebar(),
      '/examples/': examples(named('examples')),
      ...Object.fromEntries(
        ['contributing', 'architecture', 'pki', 'performance', 'weaknesses'].map((name) => [`/${name}`, contributors]),
      ),
      '/': guides,
    },
  },
});
