/** `node www/tests/screenshots.mjs`: takes the pictures of docs/screenshots again, from the built page. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openExample, passTime, startDemo } from './support/demo.mjs';

const folder = fileURLToPath(new URL('../../docs/screenshots/', import.meta.url));
const desktop = { width: 1200, height: 760 };
const phone = { width: 360, height: 740 };

const openOrders = async (page, origin, query = '') => {
  await page.goto(`${origin}/#/orders${query}`);
  await page.locator('td.name').first().waitFor();
};

const views = {
  inspect: (page) => openExample(page, 'Weak key, internal name'),
  orders: async (page, origin) => {
    await openOrders(page, origin);
    // On a phone the instruments are folded.
    const folded = page.locator('.instruments summary');
    if (await folded.isVisible()) await folded.click();
    await passTime(page, '1 day');
    if (await folded.isVisible()) await folded.click();
    await page.locator('tr.changed').first().waitFor();
  },
  order: async (page, origin) => {
    await openOrders(page, origin, '?status=DIGI_ISSUED');
    await page.locator('td.name a').first().click();
    await page.getByText('Root ·').waitFor();
  },
  'new-order': async (page) => {
    await openExample(page, 'EC P-256, three names');
    await page.getByRole('button', { name: 'Order', exact: true }).click();
    await page.getByRole('combobox', { name: 'Name', exact: true }).selectOption({ index: 1 });
    await page.getByText('Ready to order.').waitFor();
  },
  expiry: async (page, origin) => {
    await page.goto(`${origin}/#/expiry`);
    await page.locator('.expiring li').first().waitFor();
  },
};

const demo = await startDemo();
mkdirSync(folder, { recursive: true });
for (const colorScheme of ['light', 'dark']) {
  for (const [size, viewport] of Object.entries({ desktop, phone })) {
    // The themes differ in colour only: one is enough for the small size.
    if (size === 'phone' && colorScheme === 'dark') continue;
    for (const [name, go] of Object.entries(views)) {
      const { page, close } = await demo.open('', { colorScheme, viewport, reducedMotion: 'reduce' });
      await go(page, demo.origin);
      const session = await page.context().newCDPSession(page);
      const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 80 });
      const file = size === 'phone' ? `${name}-phone.webp` : `${name}-${colorScheme}.webp`;
      writeFileSync(`${folder}${file}`, Buffer.from(data, 'base64'));
      await close();
    }
  }
}
await demo.stop();
