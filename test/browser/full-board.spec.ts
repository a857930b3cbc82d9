// A board of more messages than a browser could draw smoothly: only those near the view are drawn,
// and nobody is worse off for it, neither who scrolls nor who uses the keyboard or listens.
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { until } from '../support/basics/until';
import { launchBrowser } from '../support/processes/browser';
import { startNodes, type Nodes } from './nodes';
import { watchedContext, type Watched } from './watched-context';

jest.setTimeout(60_000);

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const MESSAGES = 300;

let nodes: Nodes;
let browser: Browser;
let watched: Watched;
const endings: (() => Promise<void>)[] = [];

beforeAll(async () => {
  nodes = await startNodes(1, { REPRAM_RATE_LIMIT: '0' });
  endings.unshift(() => nodes.stop());
  browser = await launchBrowser();
  endings.unshift(() => browser.close());
  await storeMany('m', MESSAGES);
});
afterAll(async () => {
  for (const end of endings) await end();
});
beforeEach(async () => {
  watched = await watchedContext(browser);
});
afterEach(() => watched.context.close());

async function store(key: string, text: string, ttlSeconds = 600): Promise<void> {
  const body = JSON.stringify({ v: 1, text });
  const address = `${nodes.urls[0]}data/${encodeURIComponent(`fade/${key}`)}?ttl=${ttlSeconds}`;
  expect((await fetch(address, { method: 'PUT', body })).status).toBe(201);
}

/** One after the other, so that the last one is the newest. Their heights differ. */
async function storeMany(name: string, many: number, ttlSeconds?: number): Promise<void> {
  for (let number = 0; number < many; number += 1) {
    const text = `${name} ${number}. ${'It is here for a while. '.repeat(1 + (number % 7))}`;
    await store(`${name}-${number}`, text, ttlSeconds);
  }
}

async function open(): Promise<Page> {
  const page = await watched.context.newPage();
  await page.goto(nodes.urls[0]);
  await untilTotal(page, (total) => total >= MESSAGES);
  return page;
}

async function untilTotal(page: Page, is: (total: number) => boolean): Promise<void> {
  const total = async (): Promise<number> =>
    Number.parseInt((await page.locator('#total').textContent()) ?? '', 10);
  await until(async () => is(await total()), 'the board has as many messages');
}

const drawn = (page: Page): Promise<number> => page.locator('.message').count();
const row = (page: Page, key: string) => page.locator(`[data-key="fade/${key}"]`);
const topOf = (page: Page, key: string): Promise<number> =>
  row(page, key).evaluate((element) =>
    Math.round((element as unknown as Rectangular).getBoundingClientRect().top),
  );
const scrollTo = (page: Page, top: number): Promise<void> =>
  page.evaluate(`new Promise((resolve) => {
    scrollTo({ top: ${top}, behavior: 'instant' });
    requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(() => resolve())));
  })`);

/** What was drawn for the first time has been measured, and the rows above it have their place. */
const untilAtRest = async (page: Page, key: string): Promise<void> => {
  const isAtRest = await page.evaluate(`new Promise((resolve) => {
    const top = () => document.querySelector('[data-key="fade/${key}"]').getBoundingClientRect().top;
    let before = NaN;
    let alike = 0;
    const look = (framesLeft) => {
      alike = top() === before ? alike + 1 : 0;
      before = top();
      if (alike === 10 || framesLeft === 0) resolve(alike === 10);
      else requestAnimationFrame(() => look(framesLeft - 1));
    };
    look(600);
  })`);
  expect(isAtRest).toBe(true);
};

/** What this needs of an element of the page. */
interface Rectangular {
  getBoundingClientRect(): { readonly top: number };
}

/** The key of the message that is first in view, without its prefix. */
const firstInView = (page: Page): Promise<string> =>
  page.evaluate(`[...document.querySelectorAll('.message')]
    .find((each) => each.getBoundingClientRect().top > 0).dataset.key.slice('fade/'.length)`);

test('only messages near the view are drawn, each says its place, and axe finds nothing wrong', async () => {
  const page = await open();
  expect(await drawn(page)).toBeLessThan(40);
  expect(await row(page, `m-${MESSAGES - 1}`).getAttribute('aria-posinset')).toBe('1');
  expect(await row(page, `m-0`).getAttribute('aria-setsize')).toBe(String(MESSAGES));
  await scrollTo(page, 12_000);
  const key = await firstInView(page);
  const number = Number(key.slice('m-'.length));
  expect(await row(page, key).getAttribute('aria-posinset')).toBe(String(MESSAGES - number));
  expect(await drawn(page)).toBeLessThan(40);
  await page.evaluate(AXE);
  const found = await page.evaluate<{ violations: unknown[] }>(
    'axe.run(document, { resultTypes: ["violations"] })',
  );
  expect(found.violations).toEqual([]);
  expect(watched.complaints).toEqual([]);
});

test('who scrolls meets every message once, in order, and none is missing from view', async () => {
  const page = await open();
  const seen: string[] = await page.evaluate(`new Promise((resolve) => {
    const seen = [];
    const frame = () => {
      const inView = [...document.querySelectorAll('.message')].filter((each) => {
        const { top, bottom } = each.getBoundingClientRect();
        return bottom > 0 && top < innerHeight;
      });
      for (const { dataset } of inView) if (!seen.includes(dataset.key)) seen.push(dataset.key);
      const before = scrollY;
      scrollBy({ top: innerHeight / 2, behavior: 'instant' });
      if (scrollY === before) resolve(seen);
      else requestAnimationFrame(() => requestAnimationFrame(frame));
    };
    frame();
  })`);
  const all = Array.from({ length: MESSAGES }, (_, index) => `fade/m-${MESSAGES - 1 - index}`);
  expect(seen.filter((key) => key.startsWith('fade/m-'))).toEqual(all);
});

test('what is read stays where it is while others come and end above it', async () => {
  const page = await open();
  const total = await page.locator('.message').first().getAttribute('aria-setsize');
  await scrollTo(page, 20_000);
  const key = await firstInView(page);
  await untilAtRest(page, key);
  const before = await topOf(page, key);
  await storeMany('brief', 40, 4);
  await untilTotal(page, (now) => now > Number(total) + 20);
  const isInPlace = async (): Promise<boolean> => {
    const moved = (await topOf(page, key)) - before;
    if (Math.abs(moved) > 2) throw new Error(`${key} was ${before} px below the edge and moved by ${moved}`);
    return true;
  };
  await until(isInPlace, 'it is where it was');
  await untilTotal(page, (now) => now === Number(total));
  await until(isInPlace, 'it still is');
});

test('a message that has the focus keeps it while it is scrolled out of view, and Tab goes on from there', async () => {
  const page = await open();
  const focused = `m-${MESSAGES - 3}`;
  const active = (): Promise<string> =>
    page.evaluate(`document.activeElement.closest('[data-key]')?.dataset.key ?? ''`);
  await row(page, focused).getByRole('button', { name: 'Copy link' }).focus();
  for (const top of [9_000, 30_000, 15_000, 30_000]) await scrollTo(page, top);
  expect(await active()).toBe(`fade/${focused}`);
  await page.keyboard.press('Tab');
  expect(await active()).toBe(`fade/m-${MESSAGES - 4}`);
  expect(await topOf(page, `m-${MESSAGES - 4}`)).toBeGreaterThan(0);
});

test('the keyboard gets through the messages one by one', async () => {
  const page = await open();
  await row(page, `m-${MESSAGES - 1}`)
    .getByRole('button', { name: 'Copy link' })
    .focus();
  const passed: string[] = [];
  for (let steps = 0; steps < 60; steps += 1) {
    passed.push(
      await page.evaluate(`document.activeElement.closest('[data-key]')?.getAttribute('aria-posinset')`),
    );
    await page.keyboard.press('Tab');
  }
  expect(passed).toEqual(Array.from({ length: 60 }, (_, index) => String(index + 1)));
});

test('a link leads to its message, and from there to its place among the others', async () => {
  const page = await watched.context.newPage();
  await page.goto(`${nodes.urls[0]}#m=fade%2Fm-40`);
  await page.locator('#opened .text').waitFor();
  await page.getByRole('button', { name: 'Show it on the board' }).click();
  await until(async () => (await row(page, 'm-40').count()) === 1, 'it is drawn');
  const inView = async (): Promise<boolean> => {
    const top = await topOf(page, 'm-40');
    return top > 100 && top < 600;
  };
  await until(inView, 'it is in view');
  const active = await page.evaluate('document.activeElement.dataset.key');
  expect(active).toBe('fade/m-40');
  expect(await row(page, 'm-40').getAttribute('aria-posinset')).toBe(String(MESSAGES - 40));
});

test('a long message that was unfolded is found unfolded', async () => {
  await store('long', `long ${'and longer '.repeat(150)}`, 120);
  const page = await open();
  await row(page, 'long').getByRole('button', { name: 'Show all of it' }).click();
  await page.getByLabel('Message', { exact: true }).focus();
  await store('newer', 'newer', 120);
  await row(page, 'newer').waitFor();
  await scrollTo(page, 20_000);
  await until(async () => (await row(page, 'long').count()) === 0, 'it is not drawn');
  await scrollTo(page, 0);
  await row(page, 'long').getByRole('button', { name: 'Show less' }).waitFor();
});
