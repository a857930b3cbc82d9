// Fade keeps up with the network whatever becomes of its node: the page goes on at another one and
// misses nothing.
import type { Browser, Page } from 'playwright-core';
import { until } from '../support/basics/until';
import { put } from '../support/http/calls';
import { launchBrowser } from '../support/processes/browser';
import { Cluster } from '../support/processes/cluster';
import { Launched } from '../support/processes/launched';
import { watchedContext, type Watched } from './watched-context';

jest.setTimeout(60_000);

const cluster = new Cluster();
let launched: Launched;
let browser: Browser;
let watched: Watched;

beforeAll(async () => {
  browser = await launchBrowser();
  launched = await Launched.start(cluster);
});
afterAll(async () => {
  await browser.close();
  await cluster.cleanUp();
});
beforeEach(async () => {
  watched = await watchedContext(browser);
});
afterEach(() => watched.context.close());

const shown = (page: Page, text: string) => page.locator('.message').filter({ hasText: text });
const urlOf = (port: number): string => `http://127.0.0.1:${port}/`;

async function open(port: number): Promise<Page> {
  const page = await watched.context.newPage();
  await page.goto(urlOf(port));
  await page.locator('.pill[data-state=live]').waitFor();
  await page.locator('#peers a').nth(1).waitFor();
  return page;
}

async function store(port: number, text: string): Promise<void> {
  const key = `fade/${Date.now()}-${text.replaceAll(/\W/g, '')}`;
  const { status } = await put(port, key, JSON.stringify({ v: 1, text }), { ttl: 300 });
  expect([201, 202]).toContain(status);
}

/** Each of them once, in any order. */
async function untilShown(page: Page, texts: readonly string[]): Promise<void> {
  const read = async (): Promise<string[]> =>
    (await page.locator('.message .text').allTextContents()).filter((text) => texts.includes(text)).sort();
  await until(
    async () => JSON.stringify(await read()) === JSON.stringify([...texts].sort()),
    'each message is there once',
  );
}

test.each(['SIGKILL', 'SIGTERM'] as const)(
  'a node that ends by %s under an open page leaves it another one, and nothing is missed',
  async (signal) => {
    const [home, beside] = launched.ports;
    const page = await open(home);
    // All messages are near the view, so all are drawn.
    await page.setViewportSize({ width: 1280, height: 12_000 });
    const texts = Array.from({ length: 30 }, (_, index) => `${signal} ${index}.`);
    await store(home, texts[0]);
    await shown(page, texts[0]).waitFor();
    launched.signal(home, signal);
    for (const text of texts.slice(1)) await store(beside, text);
    await untilShown(page, texts);
    await page.getByText('The node that served this page does not answer.').waitFor();
    expect(await page.locator('#connection').textContent()).toBe('Live');

    await page.getByLabel('Message', { exact: true }).fill(`written after ${signal}`);
    await page.getByRole('button', { name: 'Post' }).click();
    await shown(page, `written after ${signal}`).waitFor();
    const known = launched.ports.map(urlOf);
    expect([...watched.origins].filter((origin) => !known.includes(origin))).toEqual([]);
    await launched.untilWhole();
  },
);

test('a node that hangs under an open page leaves it another one, and a post as well', async () => {
  const hanging = await Launched.start(cluster, { env: { REPRAM_HUNG_AFTER_MS: '600000' } });
  const [home, beside] = hanging.ports;
  const page = await open(home);
  await store(home, 'while it answers');
  await shown(page, 'while it answers').waitFor();
  hanging.signal(home, 'SIGSTOP');
  await page.getByLabel('Message', { exact: true }).fill('posted to a node that hangs');
  await page.getByRole('button', { name: 'Post' }).click();
  await store(beside, 'while it hangs');
  await shown(page, 'while it hangs').waitFor();
  await shown(page, 'posted to a node that hangs').waitFor();
  await page.getByText('The node that served this page does not answer.').waitFor();
  expect(await page.locator('#connection').textContent()).toBe('Live');
  await page
    .locator('#outcome')
    .getByText(/^Posted/)
    .waitFor();
  hanging.signal(home, 'SIGCONT');
  hanging.launcher.signal('SIGTERM');
});

test('where no events come, the page asks every two seconds, and follows events again when they come', async () => {
  const page = await open(launched.ports[0]);
  await page.route('**/events**', (route) => route.fulfill({ status: 404, body: '{}' }));
  await page.evaluate("window.dispatchEvent(new Event('online'))");
  const connection = page.locator('#connection');
  await connection.getByText('Asking every 2 s').waitFor();
  await store(launched.ports[1], 'found by asking');
  await shown(page, 'found by asking').waitFor();
  expect(await page.locator('#notice').textContent()).toBe('');
  await page.unroute('**/events**');
  await connection.getByText('Live', { exact: true }).waitFor();
  await store(launched.ports[1], 'told by an event');
  await shown(page, 'told by an event').waitFor();
});

test('a clock that jumped, as when the machine slept, has every deadline told anew', async () => {
  const page = await watched.context.newPage();
  await page.addInitScript(
    'const real = performance.now.bind(performance); window.sleptMs = 0; performance.now = () => real() - window.sleptMs;',
  );
  await page.goto(urlOf(launched.ports[0]));
  await page.locator('.pill[data-state=live]').waitFor();
  await put(launched.ports[0], 'fade/sleeper', JSON.stringify({ v: 1, text: 'slept through' }), { ttl: 300 });
  await shown(page, 'slept through')
    .getByText(/^(?:5:00|4:5\d) minutes left$/)
    .waitFor();
  await page.evaluate('window.sleptMs = -240000');
  await shown(page, 'slept through')
    .getByText(/seconds left$/)
    .waitFor();
  await page.evaluate('window.sleptMs = 0');
  await shown(page, 'slept through')
    .getByText(/^4:\d\d minutes left$/)
    .waitFor();
});
