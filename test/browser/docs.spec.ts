// The documentation page in a real browser: it shows the API of the node, and asks nobody else for
// anything.
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../support/processes/browser';
import { startFakeNode, type FakeNode } from '../support/fakes/fake-node';
import { generateDocument } from '../support/http/openapi';

let node: FakeNode;
let browser: Browser;
beforeAll(async () => {
  generateDocument();
  node = await startFakeNode();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await node.close();
});

it('shows every operation and tries one out, with nothing from another host and nothing its policy forbids', async () => {
  await node.engine.put(Buffer.from('shown'), Buffer.from('value'), 600_000, 'one');
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
  const asked: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).origin));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(`${node.url}/docs`);
  const operations = Object.values(generateDocument().paths).flatMap((path) => Object.keys(path));
  await page
    .locator('.opblock')
    .nth(operations.length - 1)
    .waitFor();
  expect(await page.locator('.opblock').count()).toBe(operations.length);
  expect(await page.locator('.info .title').innerText()).toContain('REPRAM');

  await page.locator('#operations-data-listKeys .opblock-summary-control').click();
  await page.locator('#operations-data-listKeys .parameters-container').waitFor();
  await page.locator('#operations-data-listKeys tr[data-param-name="prefix"] input').fill('sho');
  await page.locator('#operations-data-listKeys .execute').click();
  const answer = page.locator(
    '#operations-data-listKeys .live-responses-table tbody .response-col_description',
  );
  await answer.first().waitFor();
  expect(await answer.first().innerText()).toContain('"shown"');
  expect([...new Set(asked.filter((origin) => origin !== 'null'))]).toEqual([node.url]);
  expect(complaints).toEqual([]);
});
