// The page's arithmetic, wording and colours, tried where they run: in the browser, as the files
// the node serves.
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../support/processes/browser';
import { portRange } from '../support/processes/ports';
import { startStandIn } from './stand-in-node';

jest.setTimeout(60_000);

let browser: Browser;
let page: Page;
let stop: () => Promise<void>;

beforeAll(async () => {
  const port = await portRange(1);
  stop = await startStandIn([port], 86_400);
  browser = await launchBrowser();
  page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${port}/`);
});

afterAll(async () => {
  await browser.close();
  await stop();
});

/** The value of `expression`, in which `m` is the named module of the page. */
function inModule(file: string, expression: string): Promise<unknown> {
  return page.evaluate(`import('/fade/${file}').then((m) => ${expression})`);
}

test.each([
  [0, { figure: '0', unit: 'seconds' }],
  [1, { figure: '1', unit: 'second' }],
  [59_001, { figure: '1:00', unit: 'minutes' }],
  [3_599_000, { figure: '59:59', unit: 'minutes' }],
  [86_340_000, { figure: '23:59', unit: 'hours' }],
])('%d ms are counted down as %j', async (leftMs, shown) => {
  expect(await inModule('lifetime.js', `m.countdown(${leftMs})`)).toEqual(shown);
});

test.each([
  [1, '1 second'],
  [90, '90 seconds'],
  [300, '5 minutes'],
  [3600, '1 hour'],
  [5400, '1 hour 30 minutes'],
])('%d s are called %s', async (seconds, words) => {
  expect(await inModule('lifetime.js', `m.inWords(${seconds})`)).toBe(words);
});

test.each([
  ['a clock that agrees refines the whole seconds', 1_000_000 + 60_000 - 42_500, 42_500],
  ['a clock that is late is overruled', 1_000_000 - 500_000, 42_999],
  ['a clock that is ahead is overruled', 1_000_000 + 500_000, 41_980],
])('%s', async (_title, wallMs, leftMs) => {
  const told = '{ remainingSeconds: 42, createdAtMs: 1000000, ttlSeconds: 60, roundTripMs: 20 }';
  expect(await inModule('lifetime.js', `m.remainingMs(${told}, ${wallMs})`)).toBe(leftMs);
});

test.each([
  ['{"v":1,"text":"hi","author":" A \\n B "}', { text: 'hi', author: 'A B', foreign: false, cut: false }],
  ['{"v":1,"text":"hi","author":7}', { text: 'hi', author: '', foreign: false, cut: false }],
  ['{"v":2,"text":"hi"}', { text: '{"v":2,"text":"hi"}', author: '', foreign: true, cut: false }],
  ['null', { text: 'null', author: '', foreign: true, cut: false }],
  ['a\u0000b\r\nc\u001b[31m', { text: 'a�b\nc�[31m', author: '', foreign: true, cut: false }],
])('stored bytes %j become text', async (stored, content) => {
  const bytes = `new TextEncoder().encode(${JSON.stringify(stored)})`;
  expect(await inModule('message.js', `m.decodeContent(${bytes}, true)`)).toEqual(content);
});

test.each([
  ['invoice\u202egnp.exe', 'invoice[U+202E]gnp.exe'],
  ['\u2066a\u2069 \u200fb \u061cc', '[U+2066]a[U+2069] [U+200F]b [U+061C]c'],
  ['bo\u200bb bo\u200db bo\u00adb \ufeff\u{e0041}', 'bo[U+200B]b bo[U+200D]b bo[U+00AD]b [U+FEFF][U+E0041]'],
  ['\u{1f469}\u200d\u{1f4bb} \u0645\u06cc\u200c\u062e \u0915\u094d\u200d\u0937', null],
  ['\u05e9\u05dc\u05d5\u05dd, e\u0301', null],
])('%j shows what cannot be seen in it, and leaves alone what its script needs', async (stored, shown) => {
  const message = JSON.stringify({ v: 1, text: stored, author: stored });
  const bytes = `new TextEncoder().encode(${JSON.stringify(message)})`;
  const content = await inModule('message.js', `m.decodeContent(${bytes}, true)`);
  expect(content).toMatchObject({ text: shown ?? stored, author: (shown ?? stored).slice(0, 40) });
});

test('keys are new each time, tell their time, and a time ahead of the clock is not believed', async () => {
  const keys = (await inModule(
    'message.js',
    '[m.newKey(1700000000000), m.newKey(1700000000000)]',
  )) as string[];
  expect(new Set(keys).size).toBe(2);
  const stamps = `['${keys[0]}', 'fade/9999999999999-x', 'fade/x'].map((key) => m.stampOf(key, 1700000000000))`;
  expect(await inModule('message.js', stamps)).toEqual([1_700_000_000_000, 0, 0]);
});

test('waiting grows with each failure, is bounded, and never undercuts what the node asks for', async () => {
  const silent = "{ kind: 'unreachable' }";
  const delays = `[1, 2, 3, 9].map((failures) => m.retryDelayMs(${silent}, failures, 0))`;
  expect(await inModule('explain.js', delays)).toEqual([2000, 4000, 8000, 30_000]);
  const asked = "{ kind: 'refused', status: 429, code: '', detail: '', retryAfterSeconds: 7 }";
  expect(await inModule('explain.js', `m.retryDelayMs(${asked}, 1, 0)`)).toBe(7000);
});

describe.each(['light', 'dark'] as const)('in the %s scheme', (colorScheme) => {
  test.each([
    ['--ink', '--paper'],
    ['--ink-quiet', '--paper'],
    ['--ink-quiet', '--sheet'],
    ['--ink-old', '--paper'],
    ['--accent', '--paper'],
    ['--accent-ink', '--accent'],
    ['--accent', '--accent-wash'],
    ['--ember', '--paper'],
    ['--ink', '--ember-wash'],
    ['--ink', '--accent-wash'],
  ])('%s on %s reaches a contrast of 4.5', async (ink, ground) => {
    await page.emulateMedia({ colorScheme });
    const style = 'getComputedStyle(document.documentElement)';
    const colours = `['${ink}', '${ground}'].map((name) => ${style}.getPropertyValue(name).trim())`;
    const [one = '', other = ''] = await page.evaluate<string[]>(colours);
    expect(contrast(luminance(one), luminance(other))).toBeGreaterThanOrEqual(4.5);
  });
});

/** WCAG 2.2, relative luminance of `#rrggbb`. */
function luminance(colour: string): number {
  const channels = [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16) / 255);
  const linear = channels.map((value) =>
    value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4,
  );
  const [red = 0, green = 0, blue = 0] = linear;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: number, other: number): number {
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}
