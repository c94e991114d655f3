/** The site of the documentation as it is built, opened in Chromium by somebody with a phone. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import sirv from 'sirv';
import { guides } from '../../docs/site/nav.mjs';
import { sources } from '../../docs/site/pages.mjs';
import { buildSite } from '../../tools/docs.mjs';
import { path } from '../../tools/lib/project.mjs';
import { launchChromium } from '../package/support/chromium.mjs';
import { listen } from '../package/support/listen.mjs';

const axe = readFileSync(createRequire(path('docs', 'site', 'package.json')).resolve('axe-core/axe.min.js'), 'utf8');
const phone = { width: 360, height: 740 };

/** Every page, as its path in the site. */
const pagesIn = (folder) =>
  readdirSync(folder, { recursive: true })
    .map((name) => name.split('\\').join('/'))
    .filter((name) => name.endsWith('.html') && name !== '404.html')
    .sort();

/** What the page needs to be wider than the screen for; parts that scroll by themselves do not count. */
const tooWide = () => {
  const { scrollWidth, clientWidth } = document.scrollingElement;
  if (scrollWidth <= clientWidth) return [];
  const isWide = (element) => element.getBoundingClientRect().right > clientWidth + 1;
  return [
    `${scrollWidth} > ${clientWidth}`,
    ...[...document.querySelectorAll('main *')]
      .filter(isWide)
      .slice(0, 3)
      .map((element) => element.outerHTML.slice(0, 160)),
  ];
};

describe('the site', { timeout: 1_800_000 }, () => {
  let folder;
  let server;
  let browser;
  let origin;
  before(async () => {
    folder = process.env.SITE ?? (await buildSite());
    server = await listen(sirv(folder));
    ({ origin } = server);
    browser = await launchChromium();
  });
  after(async () => {
    await browser?.close();
    await server?.close();
  });

  /** A visitor, whose requests to other hosts and whose errors are kept in `problems`. */
  async function visitor(options = {}) {
    const context = await browser.newContext({ viewport: phone, reducedMotion: 'reduce', ...options });
    const page = await context.newPage();
    const problems = [];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) problems.push(message.text());
    });
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(`${origin}/`) && !/^(data|blob):/.test(url)) problems.push(`asks ${url}`);
    });
    return { page, problems, close: () => context.close() };
  }

  /** All but the reference, and one page of each of its kinds, which are made alike. */
  function kinds() {
    const found = new Map();
    for (const name of pagesIn(folder)) {
      const kind = name.startsWith('reference/') ? name.split('/').slice(0, -1).join('/') : name;
      found.set(kind, name);
    }
    return [...found.values()];
  }

  /** Opens these pages, some at a time; returns what is wrong with each. */
  async function look(pages, { withAxe, ...options }) {
    const wrong = {};
    const rest = [...pages];
    const work = async () => {
      const { page, problems, close } = await visitor(options);
      for (let name = rest.shift(); name !== undefined; name = rest.shift()) {
        await page.goto(`${origin}/${name}`, { waitUntil: 'load' });
        await page.waitForFunction(() => document.querySelector('#app')?.__vue_app__ !== undefined);
        const found = [...problems.splice(0), ...(await page.evaluate(tooWide))];
        if (withAxe) {
          await page.evaluate(axe);
          const { violations } = await page.evaluate(() => globalThis.axe.run());
          for (const { id, nodes } of violations) found.push(`${id}: ${nodes[0]?.html.slice(0, 200)}`);
        }
        if (found.length > 0) wrong[name] = found;
      }
      await close();
    };
    await Promise.all([work(), work(), work()]);
    return wrong;
  }

  it('has every guide in its sidebar', () => {
    const inSidebar = new Set(guides.flatMap(({ items }) => items.map(({ link }) => `${link.slice(1)}.md`)));
    const written = readdirSync(path('docs', 'guides')).map((name) => `guides/${name}`);
    assert.deepEqual(
      written.filter((name) => !inSidebar.has(name)),
      [],
    );
    const built = new Set(pagesIn(folder));
    assert.deepEqual(
      [...inSidebar].filter((name) => !built.has(name.replace('.md', '.html'))),
      [],
    );
  });

  it('has no link to a place that is not there', () => {
    const texts = new Map(pagesIn(folder).map((name) => [`/${name}`, readFileSync(join(folder, name), 'utf8')]));
    const ids = new Map(
      [...texts].map(([name, text]) => [name, new Set([...text.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id))]),
    );
    const dead = [];
    let count = 0;
    for (const [name, text] of texts) {
      for (const [, href] of text.matchAll(/<a\s[^>]*href="([^"]+)"/g)) {
        const { protocol, host, pathname, hash } = new URL(href.replaceAll('&amp;', '&'), `http://site${name}`);
        if (host !== 'site' || protocol !== 'http:') continue;
        count += 1;
        const place = pathname.endsWith('/') ? `${pathname}index.html` : pathname;
        const found = ids.get(place);
        if (!found) dead.push(`${name}: ${href}`);
        else if (hash && !found.has(decodeURIComponent(hash.slice(1)))) dead.push(`${name}: ${href}`);
      }
    }
    assert.ok(count > 1000);
    assert.deepEqual([...new Set(dead)], []);
  });

  it('asks no other host, and fits a phone: every page', async () => {
    const pages = pagesIn(folder);
    assert.ok(pages.length > 100);
    assert.deepEqual(await look(pages, { withAxe: false }), {});
  });

  for (const colorScheme of ['light', 'dark']) {
    it(`has nothing that axe finds, ${colorScheme}: every page, and of the reference one of each kind`, async () => {
      assert.deepEqual(await look(kinds(), { withAxe: true, colorScheme }), {});
    });
  }

  it('draws all of its diagrams', async () => {
    const diagrams = Object.entries(sources())
      .map(([from, to]) => [to, readFileSync(path(from), 'utf8').match(/^```mermaid$/gm)?.length ?? 0])
      .filter(([, count]) => count > 0);
    assert.ok(diagrams.length > 1);
    const { page, problems, close } = await visitor();
    for (const [to, count] of diagrams) {
      await page.goto(`${origin}/${to.replace('.md', '.html')}`);
      await page
        .locator('.diagram > svg')
        .nth(count - 1)
        .waitFor();
      assert.deepEqual(problems, [], to);
    }
    await close();
  });

  it('is searched without asking anybody', async () => {
    const { page, problems, close } = await visitor({ viewport: { width: 1280, height: 800 } });
    await page.goto(origin);
    await page.getByRole('button', { name: 'Search' }).click();
    await page.locator('input[type=search]').fill('approver');
    await page.locator('.results a').first().waitFor();
    const titles = await page.locator('.results a').allTextContents();
    assert.ok(
      titles.some((title) => /approver/i.test(title)),
      titles.join(),
    );
    assert.deepEqual(problems, []);
    await close();
  });
});
