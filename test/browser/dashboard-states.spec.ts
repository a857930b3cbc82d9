// The dashboard in states that real nodes are seldom in, by nodes that are not there.
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchBrowser } from '../support/processes/browser';
import { portRange } from '../support/processes/ports';
import { until } from '../support/basics/until';
import { findings } from './dashboard-axe';
import { cutOff, degrade, differ, killFirst, killSecond } from './dashboard-scenes';
import { fakeNodes, FakeWorld } from './dashboard-world';

jest.setTimeout(60_000);

let browser: Browser;
let context: BrowserContext;
let world: FakeWorld;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(() => browser.close());

beforeEach(async () => {
  complaints = [];
  context = await browser.newContext({ reducedMotion: 'reduce' });
  context.on('weberror', (error) => complaints.push(String(error.error())));
  context.on('console', (line) => {
    if (line.type() === 'error') complaints.push(`${line.text()} ${line.location().url}`);
  });
});

afterEach(async () => {
  await context.close();
  await world.close();
});

const HOSTS_OF_THREE = [3, 3, 3];

async function open(
  perHost: readonly number[],
  { below = '', hasStream = true, prepare = (_world: FakeWorld): void => {} } = {},
): Promise<void> {
  const own = perHost[0] ?? 1;
  const base = await portRange(own);
  world = new FakeWorld(fakeNodes(perHost, base));
  world.hasStream = hasStream;
  prepare(world);
  await world.open(Array.from({ length: own }, (_, index) => base + index));
  page = await context.newPage();
  await page.goto(`http://127.0.0.1:${base}${below}/dashboard`);
  await page.locator('.headline').waitFor();
}

const remark = (text: string | RegExp) => page.locator('.verdict li').filter({ hasText: text });
const announced = () => page.locator('[aria-live="polite"]').textContent();

test('a lone node says for whom it waits', async () => {
  await open([1], { prepare: (made) => (made.expectedNodes = 3) });
  await page.getByText('One node, alone').waitFor();
  await remark('It expects 3 nodes').waitFor();
  expect(complaints).toEqual([]);
});

test('what is lagging, full, suspect or dead is told in words, not by colour alone', async () => {
  await open(HOSTS_OF_THREE, { prepare: degrade });
  await page.getByText('7 of 9 nodes answer').waitFor();
  for (const word of ['lagging', 'full', 'suspect', 'dead']) {
    expect(await page.locator('.node-word').filter({ hasText: word }).count()).toBe(1);
    expect(await page.getByRole('button', { name: word }).count()).toBe(1);
  }
  expect(complaints).toEqual([]);
});

test.each(['light', 'dark'] as const)(
  'trouble breaks no rule of axe-core, in %s colours',
  async (colorScheme) => {
    await open(HOSTS_OF_THREE, { prepare: degrade });
    await page.emulateMedia({ colorScheme });
    expect(await findings(page)).toEqual([]);
    await page.getByRole('link', { name: 'Table' }).click();
    await page.getByRole('table').waitFor();
    expect(await findings(page)).toEqual([]);
  },
);

test('a host that went silent is told as one that may be cut off', async () => {
  await open(HOSTS_OF_THREE, { prepare: cutOff });
  await remark(/^No node on 10\.0\.0\.12 answers: .* cut\. Both sides go on\.$/).waitFor();
  await page.locator('.host[data-silent="true"]').waitFor();
});

test('views of two nodes that differ are told once that is sure', async () => {
  await open([3], { prepare: differ });
  await remark(/^Views differ: flux-node-[23] takes flux-node-[23] for dead\.$/)
    .first()
    .waitFor();
});

test.each([true, false])('a death is seen and announced, with the stream: %s', async (hasStream) => {
  await open([3], { hasStream });
  if (hasStream) await until(() => world.openStreams === 1, 'the stream');
  const { id } = world.at(1);
  killSecond(world);
  if (hasStream) world.tell('member', { id, name: 'x', from: 'alive', to: 'dead', reason: 'link-refused' });
  const line = page.locator('.happened li').filter({ hasText: 'flux-node-2' });
  await line.waitFor();
  expect(await line.textContent()).toContain(hasStream ? 'died (link refused)' : 'died');
  expect(await announced()).toContain('flux-node-2');
  await page.locator('.node[data-tone="bad"]').waitFor();
});

test('a hidden page asks nothing, and goes on when it is seen again', async () => {
  await open([2]);
  await until(() => world.openStreams === 1, 'the stream');
  const showing = (state: string): Promise<unknown> =>
    page.evaluate(`Object.defineProperty(document, 'hidden', { value: ${String(state === 'hidden')}, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'))`);
  await page.clock.install();
  await showing('hidden');
  await until(() => world.openStreams === 0, 'the stream is closed');
  const before = world.asked.length;
  await page.clock.runFor(60_000);
  expect(world.asked).toHaveLength(before);
  await showing('visible');
  await until(() => world.asked.length > before && world.openStreams === 1, 'it goes on');
});

test('looks no more often than once a second', async () => {
  await open([2]);
  const started = world.asked.filter((path) => path.endsWith('/status')).length;
  const sinceMs = Date.now();
  await until(
    () => world.asked.filter((path) => path.endsWith('/status')).length >= started + 3,
    'three looks',
  );
  expect(Date.now() - sinceMs).toBeGreaterThan(1900);
});

test('a node that dies is left for another port of its host, which is said', async () => {
  await open([3], { hasStream: false });
  const { port } = world.at(0);
  await killFirst(world);
  await page
    .getByText(`flux-node-1 stopped answering on port ${port}. The view goes on from flux-node-2`)
    .waitFor();
});

test('when no node answers, the last that was known stays and is said to be old', async () => {
  await open([3], { hasStream: false });
  await world.close();
  await page.getByText(/No node of this host answers.*the last that was known/).waitFor();
  expect(await page.locator('.spot').count()).toBe(3);
  expect(await page.locator('.dashboard').getAttribute('data-stale')).toBe('true');
});

test('a browser without a network says so', async () => {
  await open([1], { hasStream: false });
  await context.setOffline(true);
  await page.getByText('This browser is offline.').waitFor();
  await context.setOffline(false);
  await page.getByText('This browser is offline.').waitFor({ state: 'detached' });
});

test('a busy node is told as busy, and asked again later', async () => {
  await open([1]);
  world.refusals.set(world.at(0).port, 503);
  await page.getByText('flux-node-1 is busy (503).').waitFor();
  world.refusals.clear();
  await page.getByText('is busy').waitFor({ state: 'detached' });
});

test('works below any path', async () => {
  await open([2], { below: '/some/where' });
  await page.getByText('2 nodes on one host, all well').waitFor();
  const asked = world.asked.map((path) => path.slice(String(world.at(0).port).length));
  expect(asked.every((path) => path.startsWith('/some/where/'))).toBe(true);
  expect(complaints).toEqual([]);
});

test.each([[2], [30], [100]])('%i nodes fit, each with a place of its own', async (many) => {
  await open([Math.min(3, many), ...Array<number>(Math.ceil((many - 3) / 3)).fill(3)].slice(0, many));
  const spots = page.locator('.spot');
  const boxes = await Promise.all((await spots.all()).map((spot) => spot.boundingBox()));
  expect(boxes.length).toBeGreaterThanOrEqual(many);
  expect(new Set(boxes.map((box) => `${box?.x ?? 0} ${box?.y ?? 0}`)).size).toBe(boxes.length);
  expect(complaints).toEqual([]);
});

test('fits a narrow phone, and nothing moves for whoever wants that', async () => {
  await open([3]);
  await page.setViewportSize({ width: 320, height: 640 });
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
  killSecond(world);
  await page.locator('.node[data-tone="bad"]').waitFor();
  expect(await page.evaluate('document.getAnimations().length')).toBe(0);
});

test('nodes are chosen by the keyboard alone', async () => {
  await open([3]);
  await page.getByRole('button', { name: /^flux-node-1/ }).focus();
  await page.keyboard.press('ArrowRight');
  await page.getByRole('heading', { name: 'flux-node-2' }).waitFor();
  expect(await page.evaluate('document.activeElement.ariaLabel')).toContain('flux-node-2');
});
