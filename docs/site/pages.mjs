/**
 * Lays out the pages of the site in a folder: the Markdown of the project, whose links lead to each other as they do on a
 * repository's host, and what is generated (the examples, the service, the reference of the package).
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, posix, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Problem } from '../../tools/lib/run.mjs';
import { servicePages } from './service.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Pages that are not in docs: where they are in the project, by where they are in the site. */
const others = {
  'CHANGELOG.md': 'changelog.md',
  'CONTRIBUTING.md': 'contributing.md',
  'SECURITY.md': 'weaknesses.md',
};

/** Every Markdown page of the project that is in the site: its place in the site, by its place in the project. */
export function sources() {
  const inDocs = readdirSync(join(root, 'docs'), { recursive: true })
    .map((name) => name.split('\\').join('/'))
    .filter((name) => name.endsWith('.md') && !/^(site|api)\//.test(name))
    .map((name) => [`docs/${name}`, name]);
  return { ...Object.fromEntries(inDocs), ...others };
}

/** Writes them all. */
export function layOut(folder) {
  rmSync(folder, { recursive: true, force: true });
  const pages = { ...sources(), ...examples() };
  for (const [from, to] of Object.entries(pages)) {
    const text = extname(from) === '.md' ? readFileSync(join(root, from), 'utf8') : undefined;
    if (text !== undefined) write(folder, to, relinked(text, { from, to, pages }));
  }
  for (const name of ['screenshots', 'performance']) {
    cpSync(join(root, 'docs', name), join(folder, name), { recursive: true });
  }
  for (const { title, files } of exampleFolders()) {
    const [{ page }] = files;
    write(folder, page, `# ${title}\n\n${files.map(({ from }) => shown(from)).join('\n')}`);
  }
  for (const [to, text] of Object.entries(servicePages())) write(folder, to, text);
  write(folder, 'index.md', readFileSync(new URL('home.md', import.meta.url), 'utf8'));
  // The home page names its picture by its address.
  cpSync(join(root, 'docs', 'screenshots'), join(folder, 'public', 'screenshots'), {
    recursive: true,
    filter: (name) => !/\.webp$/.test(name) || /orders-(light|dark)/.test(name),
  });
}

/** The first page of the reference, which TypeDoc makes a bare list. */
export function introduceReference(folder) {
  write(folder, 'reference/index.md', readFileSync(new URL('reference.md', import.meta.url), 'utf8'));
}

/** Each folder of examples is one page; a link to it, or to a file in it, leads there. */
function exampleFolders() {
  const top = join(root, 'examples');
  return readdirSync(top)
    .filter((name) => statSync(join(top, name)).isDirectory())
    .map((name) => {
      const files = readdirSync(join(top, name), { recursive: true })
        .map((file) => file.split('\\').join('/'))
        .filter((file) => !/node_modules|package-lock|^\.|\/\./.test(file) && statSync(join(top, name, file)).isFile())
        .map((file) => ({ from: `examples/${name}/${file}`, page: `examples/${name}.md` }));
      return { name, title: `Example: ${name}`, files };
    });
}

const examples = () =>
  Object.fromEntries(
    exampleFolders().flatMap(({ name, files }) => [
      [`examples/${name}`, `examples/${name}.md`],
      ...files.map(({ from, page }) => [from, page]),
    ]),
  );

function shown(from) {
  const language = { mjs: 'js', cjs: 'js', jsx: 'jsx', ts: 'ts' }[extname(from).slice(1)] ?? extname(from).slice(1);
  const name = from.split('/').slice(2).join('/');
  const text = readFileSync(join(root, from), 'utf8').trimEnd();
  return `## ${name}\n\n\`\`\`\`${language}\n${text}\n\`\`\`\`\n`;
}

function write(folder, to, text) {
  mkdirSync(dirname(join(folder, to)), { recursive: true });
  writeFileSync(join(folder, to), text);
}

/** The links of a page, as they lead from its place in the site. Code stays as it is. */
export function relinked(text, { from, to, pages }) {
  const parts = text.split(/(^```[\s\S]*?^```|`[^`\n]+`)/m);
  const link = (whole, target) => {
    if (/^([a-z]+:|#|\/)/.test(target)) return whole;
    const [path, hash] = target.split('#');
    const place = posix.normalize(posix.join(posix.dirname(from), path)).replace(/\/$/, '');
    const found = pages[place] ?? asset(place);
    if (found === undefined) throw new Problem(`${from} links to ${target}, which is no page of the site.`);
    const way = posix.relative(posix.dirname(to), found);
    return `](${way.startsWith('.') ? way : `./${way}`}${hash === undefined ? '' : `#${hash}`})`;
  };
  return parts.map((part, index) => (index % 2 ? part : part.replace(/\]\(([^)\s]+)\)/g, link))).join('');
}

/** Pictures keep their place; the description of the service is shown as pages. */
function asset(place) {
  if (place === 'docs/openapi.yaml') return 'service/index.md';
  return /^docs\/(screenshots|performance)\//.test(place) ? relative('docs', place) : undefined;
}
