// The dashboard before real nodes: what dies is seen to die, and what returns to return.
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchBrowser } from '../support/processes/browser';
import { Cluster } from '../support/processes/cluster';
import { Launched } from '../support/processes/launched';
import { until } from '../support/basics/until';
import { findings } from './dashboard-axe';

jest.setTimeout(60_000);

const cluster = new Cluster();
let nodes: Launched;
let browser: Browser;
let context: BrowserContext;
let complaints: string[];
let origins: Set<string>;

beforeAll(async () => {
  nodes = await Launched.start(cluster, { env: { REPRAM_MIN_TTL: '1' } });
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser.close();
  await cluster.cleanUp();
});

beforeEach(async () => {
  complaints = [];
  origins = new Set();
  context = await browser.newContext();
  context.on('weberror', (error) => complaints.push(String(error.error())));
  context.on('console', (line) => complaints.push(...(line.type() === 'error' ? [line.text()] : [])));
  context.on('request', (request) => origins.add(new URL(request.url()).host));
});

afterEach(() => context.close());

const port = (index: number): number => nodes.ports[index] ?? 0;
const changes = (page: Page): Promise<string[]> => page.locator('.happened li').allTextContents();
const headline = (page: Page): Promise<string | null> => page.locator('.headline').textContent();

async function open(index = 0): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${port(index)}/dashboard`);
  await page.getByText('3 nodes on one host, all well').waitFor();
  return page;
}

test('shows every node with its figures, and asks no other host', async () => {
  const url = `http://127.0.0.1:${port(1)}/data/dashboard-test?ttl=60`;
  expect((await fetch(url, { method: 'PUT', body: 'a value' })).status).toBe(201);
  const page = await open();
  expect(await page.locator('.spot').count()).toBe(3);
  await page.getByRole('button', { name: /^flux-node-2/ }).click();
  await page.getByRole('heading', { name: 'flux-node-2' }).waitFor();
  const keys = page.locator('.plot').filter({ hasText: 'Keys' }).last();
  await until(async () => (await keys.locator('b').textContent()) === '1', 'the key is counted');
  expect([...origins].every((host) => host.startsWith('127.0.0.1:'))).toBe(true);
  expect(complaints).toEqual([]);
});

test('follows the changes live', async () => {
  const page = await open();
  await page.getByText('· live').waitFor();
  expect(complaints).toEqual([]);
});

test('sees a node that is killed die as it happens, and its return', async () => {
  const page = await open();
  await page.getByText('· live').waitFor();
  await nodes.end(port(1), 'SIGKILL');
  const told = async (change: RegExp): Promise<boolean> =>
    (await changes(page)).some((line) => line.includes('flux-node-2') && change.test(line));
  await until(() => told(/ died/), 'the death');
  await until(() => told(/ came back as a new process/), 'the return');
  await page.getByText('3 nodes on one host, all well').waitFor();
  expect(await page.locator('.spot').count()).toBe(3);
});

test('goes on by another port when the node it came from dies, and says so', async () => {
  const page = await open(2);
  await page.getByText('· live').waitFor();
  await nodes.end(port(2), 'SIGKILL');
  await page.getByText(`flux-node-3 stopped answering on port ${port(2)}.`).waitFor();
  expect(await page.locator('.source').textContent()).toMatch(/seen from flux-node-[12]/);
  await until(async () => (await headline(page)) === '3 nodes on one host, all well', 'all are back');
  expect(page.url()).toContain(String(port(2)));
  expect([...origins].every((host) => host.startsWith('127.0.0.1:'))).toBe(true);
});

test('shows the same as a table', async () => {
  const page = await open();
  await page.getByRole('link', { name: 'Table' }).click();
  const rows = page.getByRole('table').getByRole('row');
  await until(async () => (await rows.count()) === 4, 'a row for each node');
  expect(await rows.nth(1).getByRole('rowheader').textContent()).toBe('flux-node-1');
  expect(await rows.nth(2).textContent()).toContain('alive');
  await page.reload();
  await page.getByRole('table').waitFor();
  expect(complaints).toEqual([]);
});

test.each(['light', 'dark'] as const)(
  'has nothing that axe-core objects to, in %s colours',
  async (colorScheme) => {
    const page = await open();
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    expect(await findings(page)).toEqual([]);
    await page.getByRole('link', { name: 'Table' }).click();
    await page.getByRole('table').waitFor();
    expect(await findings(page)).toEqual([]);
  },
);
