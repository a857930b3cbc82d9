// What a person feels who scrolls a full board: the time from frame to frame in Chromium, while a
// script scrolls Fade from its first message to its last.
import type { Page } from 'playwright-core';
import { until } from '../../support/basics/until';
import { launchBrowser } from '../../support/processes/browser';
import { startLauncher } from '../machine/launcher';
import type { Bench } from '../program';
import { summaryCells, summaryTable, type Report } from '../report';
import { summarize } from '../statistics';

const ROUNDS = 3;
const MESSAGES = 2000;
const MESSAGE_TTL_SECONDS = 3600;
/** Writes at a time. */
const BATCH = 50;
const LOAD_LIMIT_MS = 60_000;
const VIEWPORT = { width: 1180, height: 860 };
/** About what a wheel that is turned quickly moves in a frame. */
const STEP_PIXELS = 150;
/** Twice the time of a frame at 60 Hz: what is longer has left one out. */
const LATE_MS = 33.4;

export async function fade(bench: Bench): Promise<Report> {
  const launcher = await startLauncher(bench, 3);
  const url = `http://127.0.0.1:${launcher.ports[0]}/`;
  const browser = await launchBrowser();
  try {
    await write(url);
    const page = await browser.newPage({ viewport: VIEWPORT });
    const startedAtMs = performance.now();
    await page.goto(url);
    await until(() => isWhole(page), 'the page to show every message', LOAD_LIMIT_MS);
    const loadedMs = performance.now() - startedAtMs;
    const frames: number[][] = [];
    for (let round = 1; round <= (bench.options.rounds ?? ROUNDS); round += 1) {
      const times = await scrollThrough(page);
      bench.tell(`round ${round}: ${times.length} frames`);
      frames.push(times);
    }
    return reportOf(loadedMs, frames);
  } finally {
    await browser.close();
    await launcher.stop();
  }
}

async function write(url: string): Promise<void> {
  for (let first = 0; first < MESSAGES; first += BATCH) {
    const batch = Array.from({ length: BATCH }, (_, index) => writeOne(url, first + index));
    await Promise.all(batch);
  }
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
  return (await page.locator('#total').textContent()) === `${MESSAGES} messages`;
}

/** Runs in the page; its functions are not those of this program. */
const SCROLL = `(step) => new Promise((resolve) => {
  scrollTo(0, 0);
  const times = [];
  let lastMs = null;
  const frame = (nowMs) => {
    if (lastMs !== null) times.push(nowMs - lastMs);
    lastMs = nowMs;
    const before = scrollY;
    scrollBy({ top: step, behavior: 'instant' });
    if (scrollY === before || times.length > 20000) resolve(times);
    else requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
})`;

function scrollThrough(page: Page): Promise<number[]> {
  return page.evaluate(`(${SCROLL})(${STEP_PIXELS})`);
}

function reportOf(loadedMs: number, frames: readonly number[][]): Report {
  const rows = frames.map((times, index) => {
    const late = times.filter((ms) => ms > LATE_MS).length;
    return [`round ${index + 1}, ${late} frames late`, ...summaryCells(summarize(times)), '-'];
  });
  return {
    tables: [summaryTable(`Fade with ${MESSAGES} messages, scrolled: from frame to frame`, rows)],
    notes: [
      `from opening the page until it showed all: ${loadedMs.toFixed(0)} ms`,
      `${STEP_PIXELS} pixels a frame; a frame is late after ${LATE_MS} ms; Chromium draws without a GPU`,
    ],
    data: { loadedMs, frames },
  };
}
