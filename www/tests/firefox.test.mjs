import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { inflateSync } from 'node:zlib';
import { serve } from '../server/serve.mjs';
import { firefox, startFirefox } from './support/firefox.mjs';

const csr = readFileSync(new URL('../src/views/csr/examples/ec-three-names.pem', import.meta.url), 'utf8');

/** How many pages a PDF has, and how many texts those show that have one; its parts are compressed. */
function contentOf(pdf) {
  const parts = [...pdf.toString('latin1').matchAll(/stream\r?\n([\s\S]*?)\r?\nendstream/g)].map(([, part]) => {
    try {
      return inflateSync(Buffer.from(part, 'latin1')).toString('latin1');
    } catch {
      return '';
    }
  });
  const count = (part, what) => part.match(what)?.length ?? 0;
  return {
    pages: parts.reduce((sum, part) => sum + count(part, /\/Type \/Page\b/g), 0),
    texts: parts.map((part) => count(part, /\bT[jJ]\b/g)).filter(Boolean),
  };
}

describe('in Firefox', { skip: firefox ? false : 'no firefox-esr or firefox is on PATH' }, () => {
  let server;
  let browser;
  let origin;
  before(async () => {
    ({ server } = await serve({ host: '127.0.0.1', port: 0, env: {} }));
    origin = `http://127.0.0.1:${server.address().port}`;
    browser = await startFirefox();
  });
  after(async () => {
    await browser?.stop();
    server?.close();
  });

  test('a request is read', async () => {
    await browser.open(`${origin}/#/csr`);
    const text = await browser.run(async (csr) => {
      const until = async (look) => {
        for (;;) {
          const found = look();
          if (found) return found;
          await new Promise((resolve) => requestAnimationFrame(resolve));
        }
      };
      const input = await until(() => document.querySelector('textarea'));
      input.value = csr;
      input.dispatchEvent(new Event('input', { bubbles: true }));
      await until(() => document.querySelector('.result h2')?.textContent === 'example.org');
      return document.querySelector('.result').textContent;
    }, csr);
    assert.match(text, /Beispiel GmbH/);
    assert.match(text, /shop\.example\.org/);
    assert.match(text, /Valid/);
  });

  test('the orders of the sandbox are listed', async () => {
    await browser.open(`${origin}/#/orders`);
    const rows = await browser.run(async () => {
      while (!document.querySelector('td.name')) await new Promise((resolve) => requestAnimationFrame(resolve));
      return document.querySelector('table').getAttribute('aria-rowcount');
    });
    assert.equal(rows, '61');
  });

  test('Expiry shows the plan of renewals', async () => {
    await browser.open(`${origin}/#/expiry`);
    const dates = await browser.run(async () => {
      const rows = () => [...(document.querySelector('.expiring')?.querySelectorAll('.days-left') ?? [])];
      while (rows().length === 0) await new Promise((resolve) => requestAnimationFrame(resolve));
      return rows().map((row) => Number(/(\d+) d$/.exec(row.textContent)?.[1]));
    });
    assert.ok(dates.length > 3, `${dates}`);
    assert.deepEqual(
      dates,
      dates.toSorted((a, b) => a - b),
    );
  });

  test('a list is printed whole', async () => {
    await browser.open(`${origin}/#/orders`);
    const whole = await browser.run(async () => {
      const rows = () => document.querySelectorAll('td.name').length;
      while (rows() === 0) await new Promise((resolve) => requestAnimationFrame(resolve));
      const note = () => {
        document.body.dataset.printed = `${rows()}`;
      };
      matchMedia('print').addEventListener('change', note, { once: true });
      return document.querySelector('table').getAttribute('aria-rowcount') - 1;
    });
    await browser.print();
    assert.equal(await browser.run(async () => Number(document.body.dataset.printed)), whole);
  });

  for (const [view, last] of [
    ['orders', 'td.name a'],
    ['expiry', '.expiring a'],
    ['order', '.history li'],
  ]) {
    test(`${view} on paper leaves no page empty`, async () => {
      await browser.open(`${origin}/#/${view === 'order' ? 'orders' : view}`);
      await browser.run(
        async (view, last) => {
          const there = async (selector) => {
            while (!document.querySelector(selector)) await new Promise((resolve) => requestAnimationFrame(resolve));
          };
          if (view === 'order') {
            await there('td.name a');
            [...document.querySelectorAll('td.name a')].find(({ title }) => title === 'status.slow.example').click();
            await there('.chain');
          }
          await there(last);
        },
        view,
        last,
      );
      const { pages, texts } = contentOf(await browser.print());
      assert.equal(texts.length, pages, 'each has a text');
      for (const shown of texts.slice(0, -1)) assert.ok(shown > 25, `texts on each page: ${texts}`);
    });
  }
});
