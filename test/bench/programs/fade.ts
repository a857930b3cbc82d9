// What a person feels who scrolls a full board: the time from frame to frame in Chromium, while a
// script scrolls Fade from its first message to its last. Beside it the same of a page that has as
// many plain boxes, and both as on a phone: on a processor that is slowed down.
import type { Browser, Page } from 'playwright-core';
import { until } from '../../support/basics/until';
import { launchBrowser } from '../../support/processes/browser';
import { startLauncher } from '../machine/launcher';
import type { Bench } from '../program';
import { summaryCells, summaryTable, type Report } from '../report';
import { summarize } from '../statistics';

const ROUNDS = 3;
/** Each scroll ends at the bottom of the page, or after so long. */
const SECONDS = 20;
const MESSAGES = 2000;
const MESSAGE_TTL_SECONDS = 3600;
/** Writes at a time. */
const BATCH = 50;
const LOAD_LIMIT_MS = 60_000;
const ARRIVAL_EVERY_MS = 100;
/** About what a wheel that is turned quickly moves in a frame. */
const STEP_PIXELS = 150;
/** Twice the time of a frame at 60 Hz: what is longer has left one out. */
const LATE_MS = 33.4;

interface Device {
  readonly name: string;
  readonly viewport: { readonly width: number; readonly height: number };
  /** How many times longer everything takes the page. */
  readonly slowdown: number;
}

const DEVICES: readonly Device[] = [
  { name: 'desk', viewport: { width: 1180, height: 860 }, slowdown: 1 },
  { name: 'phone, 4 x slower', viewport: { width: 390, height: 844 }, slowdown: 4 },
];

type Scroll = (page: Page) => Promise<number[]>;

interface Scrolled {
  readonly name: string;
  readonly frames: readonly number[];
}

export async function fade(bench: Bench): Promise<Report> {
  const launcher = await startLauncher(bench, 3);
  const url = `http://127.0.0.1:${launcher.ports[0]}/`;
  const browser = await launchBrowser();
  try {
    for (let first = 0; first < MESSAGES; first += BATCH) await writeSome(url, first, BATCH);
    const loadedMs: number[] = [];
    const scrolled: Scrolled[] = [];
    for (let round = 1; round <= (bench.options.rounds ?? ROUNDS); round += 1) {
      for (const device of DEVICES) {
        const scroll = (page: Page): Promise<number[]> =>
          scrollThrough(page, bench.options.seconds ?? SECONDS);
        const plain = await scrollPlain(browser, device, scroll);
        const board = await scrollBoard(browser, device, url, scroll);
        scrolled.push(...[plain, ...board.scrolled].map((each) => ({ ...each, round })));
        loadedMs.push(board.loadedMs);
        bench.tell(`round ${round}, ${device.name}: ${plain.frames.length} frames of the plain page`);
      }
    }
    return reportOf(loadedMs, scrolled);
  } finally {
    await browser.close();
    await launcher.stop();
  }
}

async function open(browser: Browser, { viewport, slowdown }: Device): Promise<Page> {
  const page = await browser.newPage({ viewport });
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  return page;
}

/** As many boxes with a line of text each, and nothing else. */
async function scrollPlain(browser: Browser, device: Device, scroll: Scroll): Promise<Scrolled> {
  const page = await open(browser, device);
  const boxes = Array.from({ length: MESSAGES }, (_, number) => `<div>Message ${number}.</div>`);
  await page.setContent(`<style>div{height:118px;margin-top:12px;border:1px solid}</style>${boxes.join('')}`);
  const frames = await scroll(page);
  await page.close();
  return { name: `plain boxes, ${device.name}`, frames };
}

async function scrollBoard(
  browser: Browser,
  device: Device,
  url: string,
  scroll: Scroll,
): Promise<{ readonly loadedMs: number; readonly scrolled: readonly Scrolled[] }> {
  const page = await open(browser, device);
  const startedAtMs = performance.now();
  await page.goto(url);
  await until(() => isWhole(page), 'the page to show every message', LOAD_LIMIT_MS);
  const loadedMs = performance.now() - startedAtMs;
  const atRest = await scroll(page);
  const whileMoreCome = await withArrivals(url, () => scroll(page));
  await page.close();
  return {
    loadedMs,
    scrolled: [
      { name: `Fade, ${device.name}`, frames: atRest },
      { name: `Fade, ${device.name}, 10 messages/s arrive`, frames: whileMoreCome },
    ],
  };
}

/** Writes one message after the other while `measure` goes on. */
async function withArrivals<T>(url: string, measure: () => Promise<T>): Promise<T> {
  let number = Date.now();
  const writes: Promise<void>[] = [];
  const timer = setInterval(() => {
    number += 1;
    writes.push(writeSome(url, number, 1));
  }, ARRIVAL_EVERY_MS);
  try {
    return await measure();
  } finally {
    clearInterval(timer);
    await Promise.all(writes);
  }
}

async function writeSome(url: string, first: number, many: number): Promise<void> {
  await Promise.all(Array.from({ length: many }, (_, index) => writeOne(url, first + index)));
}

async function writeOne(url: string, number: number): Promise<void> {
  const key = encodeURIComponent(`fade/bench-${number}`);
  const text = `Message ${number}. ${'It is here for a while and then it is not. '.repeat(1 + (number % 5))}`;
  const body = JSON.stringify({ v: 1, text: text.trim(), author: `writer ${number % 40}` });
  const address = `${url}data/${key}?ttl=${MESSAGE_TTL_SECONDS}`;
  const { status } = await fetch(address, { method: 'PUT', body });
  if (status !== 201 && status !== 202) throw new Error(`message ${number} was answered ${status}`);
}

async function isWhole(page: Page): Promise<boolean> {
  return Number.parseInt((await page.locator('#total').textContent()) ?? '', 10) >= MESSAGES;
}

/** Runs in the page; its functions are not those of this program. */
const SCROLL = `(step, seconds) => new Promise((resolve) => {
  scrollTo(0, 0);
  const times = [];
  const endMs = performance.now() + seconds * 1000;
  let lastMs = null;
  const frame = (nowMs) => {
    if (lastMs !== null) times.push(nowMs - lastMs);
    lastMs = nowMs;
    const before = scrollY;
    scrollBy({ top: step, behavior: 'instant' });
    if (scrollY === before || nowMs > endMs) resolve(times);
    else requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
})`;

function scrollThrough(page: Page, seconds: number): Promise<number[]> {
  return page.evaluate(`(${SCROLL})(${STEP_PIXELS}, ${seconds})`);
}

function reportOf(loadedMs: readonly number[], scrolled: readonly Scrolled[]): Report {
  const rows = scrolled.map(({ name, frames }) => {
    const late = frames.filter((ms) => ms > LATE_MS).length;
    return [`${name}: ${late} frames late`, ...summaryCells(summarize(frames)), '17 / 33 ms'];
  });
  return {
    tables: [summaryTable(`A page of ${MESSAGES} messages, scrolled: from frame to frame`, rows)],
    notes: [
      `from opening Fade until it had all: ${loadedMs.map((ms) => `${ms.toFixed(0)} ms`).join(', ')}`,
      `${STEP_PIXELS} pixels a frame; a frame is late after ${LATE_MS} ms; Chromium draws without a GPU`,
      'a phone here has the size of one, and 4 times as long for everything that its page computes',
    ],
    data: { loadedMs, scrolled },
  };
}
