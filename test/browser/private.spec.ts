// Private messages: whoever has the link reads them, no node ever sees the key, and nothing is
// promised that is not kept.
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../support/processes/browser';
import { startNodes, type Nodes } from './nodes';
import { watchedContext, type Watched } from './watched-context';

jest.setTimeout(60_000);

const SECRET = 'the spare key is under the third pot';

let nodes: Nodes;
let browser: Browser;
let writer: Watched;
let reader: Watched;
const endings: (() => Promise<void>)[] = [];

beforeAll(async () => {
  nodes = await startNodes(2);
  endings.unshift(() => nodes.stop());
  browser = await launchBrowser();
  endings.unshift(() => browser.close());
});
afterAll(async () => {
  for (const end of endings) await end();
});
beforeEach(async () => {
  writer = await watchedContext(browser);
  reader = await watchedContext(browser);
});
afterEach(() => Promise.all([writer.context.close(), reader.context.close()]));

async function makeLink(page: Page, text: string): Promise<string> {
  await page.getByLabel('By private link').check({ force: true });
  await page.getByLabel('Message', { exact: true }).fill(text);
  await page.getByRole('button', { name: 'Make a link' }).click();
  return page.getByLabel(/^Private link/).inputValue();
}

async function opened(link: string): Promise<Page> {
  const page = await reader.context.newPage();
  await page.goto(link);
  return page;
}

/** The same link at the other node. */
const elsewhere = (link: string): string => link.replace(String(nodes.ports[0]), String(nodes.ports[1]));

test('is read by whoever has the link, on another node, while no node is sent the key or the words', async () => {
  const page = await writer.context.newPage();
  await page.goto(nodes.urls[0]);
  const link = await makeLink(page, SECRET);
  const [, id, key] = /#p=(\w+)\.([\w-]{43})$/.exec(link) ?? [];
  const page2 = await opened(elsewhere(link));
  await page2.locator('#opened').getByText(SECRET).waitFor();
  expect(await page2.locator('#opened .left').textContent()).toMatch(/^(?:1:00 hours|59:\d\d minutes) left$/);

  for (const sent of [writer.sent(), reader.sent()]) {
    expect(sent).toContain(`fade-private%2F${id}`);
    expect(sent).not.toContain(key);
    expect(sent).not.toContain(SECRET);
  }
  const stored = await fetch(`${nodes.urls[1]}data/fade-private%2F${id}`);
  expect(Buffer.from(await stored.arrayBuffer()).toString('latin1')).not.toContain('spare key');
  expect(Number(stored.headers.get('content-length'))).toBe(1 + 12 + 256 + 16);
  expect([...writer.complaints, ...reader.complaints]).toEqual([]);
});

test('is not on the board, and its page says that reading does not burn it', async () => {
  const page = await writer.context.newPage();
  await page.goto(nodes.urls[0]);
  await makeLink(page, SECRET);
  await page.locator('.qr[role=img]').waitFor();
  expect(await page.locator('#private-note').textContent()).toContain('reading does not burn it');
  expect(await page.locator('.messages').getByText(SECRET).count()).toBe(0);
  expect(await page.getByLabel('Message', { exact: true }).inputValue()).toBe('');
});

test('stays shut for another key, and what ran out or never was is said to be gone', async () => {
  const page = await writer.context.newPage();
  await page.goto(nodes.urls[0]);
  const link = await makeLink(page, SECRET);
  const wrong = link.slice(0, -43) + 'A'.repeat(43);
  await (await opened(wrong)).locator('#opened').getByText('does not open the message').waitFor();
  const absent = link.replace(/#p=\w+/, '#p=00000000000000');
  await (await opened(absent)).locator('#opened').getByText('There is nothing under this key').waitFor();
  expect(reader.complaints.filter((line) => !line.includes('404'))).toEqual([]);
});

test('that is HTML or turns the writing direction is shown as what it is', async () => {
  const page = await writer.context.newPage();
  await page.goto(nodes.urls[0]);
  const link = await makeLink(page, '<img src=x onerror=alert(1)> \u202egnp.exe');
  const text = (await opened(link)).locator('#opened .text');
  await text.waitFor();
  expect(await text.textContent()).toBe('<img src=x onerror=alert(1)> [U+202E]gnp.exe');
});

test('cannot be made or opened over plain HTTP from elsewhere, and the page says why', async () => {
  const page = await writer.context.newPage();
  await page.addInitScript("Object.defineProperty(window, 'isSecureContext', { value: false })");
  await page.goto(nodes.urls[0]);
  await page.getByLabel('By private link').check({ force: true });
  await page.locator('#private-note').getByText('This page came over plain HTTP.').waitFor();
  await page.getByLabel('Message', { exact: true }).fill(SECRET);
  await page.getByRole('button', { name: 'Make a link' }).click({ force: true });
  expect(await page.locator('#private-link').count()).toBe(0);
  expect(writer.sent()).not.toContain('fade-private');
  await page.goto(`${nodes.urls[0]}#p=00000000000000.${'A'.repeat(43)}`);
  await page.reload();
  await page.locator('#opened').getByText('over HTTPS or on this machine itself').waitFor();
});
