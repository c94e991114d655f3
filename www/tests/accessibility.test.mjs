import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { openExample, startDemo } from './support/demo.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Every view, as somebody would come to it. */
const views = {
  start: async () => {},
  request: (page) => openExample(page, 'Weak key, internal name'),
  certificate: (page) => openExample(page, 'Certificate with its CA'),
  'making a request': (page) => page.getByRole('button', { name: 'Make a CSR' }).click(),
  orders: async (page) => {
    await page.getByRole('link', { name: 'Orders', exact: true }).click();
    await page.locator('td.name').first().waitFor();
  },
  'orders of a span of days': async (page, origin) => {
    await page.goto(`${origin}/#/orders?date=created&from=2020-01-01`);
    await page.locator('td.name').first().waitFor();
  },
  order: async (page, origin) => {
    await page.goto(`${origin}/#/orders?status=DIGI_ISSUED`);
    await page.locator('td.name a').first().click();
    await page.getByText('Root ·').waitFor();
  },
  'pending order': async (page, origin) => {
    await page.goto(`${origin}/#/orders?status=DIGI_PENDING`);
    await page.locator('td.name a').first().click();
    await page.getByLabel('Token from DigiCert').fill('token123');
    await page.getByText('TXT record').first().waitFor();
  },
  'revoking dialog': async (page, origin) => {
    await views.order(page, origin);
    await page.getByRole('button', { name: 'Revoke' }).click();
  },
  'new order': async (page, origin) => {
    await page.goto(`${origin}/#/new`);
    await page.getByRole('combobox', { name: 'Name', exact: true }).selectOption({ index: 1 });
  },
  organizations: async (page, origin) => {
    await page.goto(`${origin}/#/organizations`);
    await page.locator('.organizations a').first().waitFor();
  },
  organization: async (page, origin) => {
    await views.organizations(page, origin);
    await page.locator('.organizations a').first().click();
    await page.locator('.contacts li').first().waitFor();
  },
  expiry: async (page, origin) => {
    await page.goto(`${origin}/#/expiry`);
    await page.locator('.weeks').waitFor();
  },
  'nothing there': async (page, origin) => {
    await page.goto(`${origin}/#/nowhere`);
    await page.getByRole('heading', { level: 2, name: 'Page not found' }).waitFor();
  },
};

describe('accessibility', () => {
  let demo;
  before(async () => {
    demo = await startDemo();
  });
  after(() => demo.stop());

  for (const colorScheme of ['light', 'dark']) {
    for (const [name, go] of Object.entries(views)) {
      test(`axe finds nothing in ${name}, ${colorScheme}`, async () => {
        // Motion would be caught halfway. The test's script needs what the page forbids itself.
        const options = { colorScheme, reducedMotion: 'reduce', bypassCSP: true };
        const { page, close } = await demo.open('', options);
        await go(page, demo.origin);
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => globalThis.axe.run());
        const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
        assert.deepEqual(found, []);
        await close();
      });
    }
  }

  /** Tries every view in a window of this width. */
  async function inEachView(width, tryView, { open, origin } = demo) {
    const { page, close } = await open('', { viewport: { width, height: 800 } });
    for (const [name, go] of Object.entries(views)) {
      await page.goto(`${origin}/#/csr`);
      await page.reload();
      await go(page, origin);
      await tryView(page, name);
    }
    await close();
  }

  for (const width of [360, 820, 1001]) {
    test(`words, names and addresses are broken at their signs alone in a window of ${width} pixels`, () =>
      inEachView(width, async (page, name) => {
        const broken = await page.evaluate(() => {
          for (const folded of document.querySelectorAll('main details')) folded.open = true;
          const found = [];
          const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
          for (let text = walker.nextNode(); text; text = walker.nextNode()) {
            if (text.parentElement.closest('pre, .hash, .visually-hidden')) continue;
            // Hashes and what is in them are broken anywhere; words are not as long as that.
            for (const { 0: word, index } of text.data.matchAll(/[\p{L}\p{N}]+/gu)) {
              const range = document.createRange();
              range.setStart(text, index);
              range.setEnd(text, index + word.length);
              const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
              if (lines.size > 1 && word.length < 24) found.push(word);
            }
          }
          return found;
        });
        assert.deepEqual(broken, [], name);
      }));
  }

  // 320: a window of 1280 pixels at 400 %.
  for (const width of [320, 768, 3840]) {
    test(`nothing is wider than a window of ${width} pixels`, () => inEachView(width, isNotWider));
  }

  test('in a window that is 180 pixels high, the view can have most of it', () =>
    inEachView(320, async (page, name) => {
      await page.setViewportSize({ width: 320, height: 180 });
      const seen = await page.evaluate(() => {
        const main = document.querySelector('main');
        main.scrollIntoView();
        const { top, bottom } = main.getBoundingClientRect();
        return Math.min(bottom, innerHeight) - Math.max(top, 0);
      });
      assert.ok(seen > 150, `${name}: ${seen} pixels`);
      await page.setViewportSize({ width: 320, height: 800 });
    }));

  async function isNotWider(page, name) {
    const excess = await page.evaluate(() => {
      const boxes = [document.documentElement, document.querySelector('main')];
      return Math.max(...boxes.map((box) => box.scrollWidth - box.clientWidth));
    });
    assert.equal(excess, 0, name);
  }

  test('everything grows with the font size of the browser, and nothing is cut off', async () => {
    // Twice the usual one.
    const large = await startDemo({ args: ['--blink-settings=defaultFontSize=32'] });
    const check = async (page, name) => {
      await isNotWider(page, name);
      const small = await page.evaluate(() => {
        const shown = [...document.querySelectorAll('body *')].filter((element) =>
          [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim()),
        );
        const sizeOf = (element) => Number.parseFloat(getComputedStyle(element).fontSize);
        return shown.filter((element) => sizeOf(element) < 21).map(({ outerHTML }) => outerHTML);
      });
      assert.deepEqual(small, [], name);
      const cut = await page.evaluate(() =>
        [...document.querySelectorAll('main :is(.button, button, td, .expiring li)')]
          .filter((element) => element.clientHeight > 0 && element.scrollHeight > element.clientHeight + 1)
          .map(({ outerHTML }) => outerHTML.slice(0, 200)),
      );
      assert.deepEqual(cut, [], name);
    };
    try {
      await inEachView(1280, check, large);
    } finally {
      await large.stop();
    }
  });
});
