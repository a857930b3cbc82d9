// Fade for everyone, and under everything: axe finds nothing in either scheme, every colour can be
// read, the keyboard reaches all of it, it holds below a path, and what hostile writers store stays
// text.
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { until } from '../support/basics/until';
import { launchBrowser } from '../support/processes/browser';
import { startNodes, type Nodes } from './nodes';
import { startPrefixProxy, type PrefixProxy } from './prefix-proxy';
import { watchedContext, type Watched } from './watched-context';

jest.setTimeout(60_000);

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

let nodes: Nodes;
let browser: Browser;
let proxy: PrefixProxy;
let watched: Watched;
const endings: (() => Promise<void>)[] = [];

beforeAll(async () => {
  nodes = await startNodes(2);
  endings.unshift(() => nodes.stop());
  browser = await launchBrowser();
  endings.unshift(() => browser.close());
  proxy = await startPrefixProxy(nodes.ports[0], '/x/');
  endings.unshift(() => proxy.close());
});
afterAll(async () => {
  for (const end of endings) await end();
});
beforeEach(async () => {
  watched = await watchedContext(browser, { permissions: ['clipboard-read', 'clipboard-write'] });
});
afterEach(() => watched.context.close());

async function open(url = nodes.urls[0], colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
  const page = await watched.context.newPage();
  await page.emulateMedia({ colorScheme });
  await page.goto(url);
  await page.locator('.pill[data-state=live]').waitFor();
  return page;
}

async function store(key: string, value: string | Uint8Array<ArrayBuffer>, ttlSeconds = 120): Promise<void> {
  const url = `${nodes.urls[0]}data/${encodeURIComponent(key)}?ttl=${ttlSeconds}`;
  expect((await fetch(url, { method: 'PUT', body: value })).status).toBe(201);
}

const shown = (page: Page, text: string) => page.locator('.message').filter({ hasText: text });

/** What axe finds wrong, in one line each. */
async function findings(page: Page): Promise<string[]> {
  // Evaluated by the debugger: the policy of the page would let no foreign script in.
  await page.evaluate(AXE);
  const { violations } = await page.evaluate<{ violations: { id: string; nodes: { html: string }[] }[] }>(
    'axe.run(document, { resultTypes: ["violations"] })',
  );
  return violations.map(({ id, nodes: where }) => `${id}: ${where.map(({ html }) => html).join(' ')}`);
}

describe.each(['light', 'dark'] as const)('in the %s scheme', (scheme) => {
  test('axe finds nothing wrong, on the board, in a private link and in what was looked up', async () => {
    await store('fade/fresh', JSON.stringify({ v: 1, text: 'fresh', author: 'Mira', location: 'Hall B' }));
    await store('fade/foreign', `not ours ${'and long '.repeat(100)}`);
    await store('fade/old', JSON.stringify({ v: 1, text: 'nearly over' }), 40);
    const page = await open(nodes.urls[0], scheme);
    await shown(page, 'nearly over').waitFor();
    expect(await findings(page)).toEqual([]);
    await page.getByLabel('Key', { exact: true }).fill('fade/fresh');
    await page.getByRole('button', { name: 'Look up' }).click();
    await page.locator('#opened .text').waitFor();
    await page.getByLabel('By private link').check({ force: true });
    await page.getByLabel('Message', { exact: true }).fill('x');
    await page.getByRole('button', { name: 'Make a link' }).click();
    await page.locator('.qr').waitFor();
    expect(await findings(page)).toEqual([]);
  });

  test.each([
    ['--ink', '--paper'],
    ['--ink-quiet', '--paper'],
    ['--ink-quiet', '--sheet'],
    ['--ink-quiet', '--glow'],
    ['--ink-quiet', '--glow-warm'],
    ['--ink-old', '--sheet'],
    ['--ink-old', '--paper'],
    ['--accent', '--paper'],
    ['--accent', '--sheet'],
    ['--accent-ink', '--accent'],
    ['--accent', '--accent-wash'],
    ['--ember', '--paper'],
    ['--ember', '--sheet'],
    ['--ink', '--ember-wash'],
    ['--ink', '--accent-wash'],
    ['--ink', '--line'],
  ])('%s on %s reaches a contrast of 4.5', async (ink, ground) => {
    const page = await open(nodes.urls[0], scheme);
    const style = 'getComputedStyle(document.documentElement)';
    const colours = `['${ink}', '${ground}'].map((name) => ${style}.getPropertyValue(name).trim())`;
    const [one = '', other = ''] = await page.evaluate<string[]>(colours);
    expect(contrast(luminance(one), luminance(other))).toBeGreaterThanOrEqual(4.5);
  });
});

/** WCAG 2.2, relative luminance of `#rrggbb`; `#fff` is short for `#ffffff`. */
function luminance(colour: string): number {
  const long = colour.length === 4 ? colour.replaceAll(/[\da-f]/gi, '$&$&') : colour;
  const channels = [1, 3, 5].map((start) => Number.parseInt(long.slice(start, start + 2), 16) / 255);
  const linear = channels.map((value) =>
    value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4,
  );
  const [red = 0, green = 0, blue = 0] = linear;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: number, other: number): number {
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

test('the link to a message is copied, and opens that message on another node', async () => {
  await store('fade/linked to', JSON.stringify({ v: 1, text: 'this one', author: 'Mira' }));
  const page = await open();
  await shown(page, 'this one').getByRole('button', { name: 'Copy link' }).focus();
  await page.keyboard.press('Enter');
  await shown(page, 'this one').getByRole('button', { name: 'Copied' }).waitFor();
  const link = await page.evaluate<string>('navigator.clipboard.readText()');
  expect(link).toBe(`${nodes.urls[0]}#m=fade%2Flinked%20to`);
  const there = await open(link.replace(String(nodes.ports[0]), String(nodes.ports[1])));
  await there.locator('#opened').getByText('this one').waitFor();
  await there.locator('#opened').getByRole('button', { name: 'Close' }).click();
  expect(there.url()).toBe(nodes.urls[1]);
});

test('what a key leads to leaves on time, and says so', async () => {
  await store('fade/brief', JSON.stringify({ v: 1, text: 'a moment' }), 3);
  const page = await open(`${nodes.urls[0]}#m=fade%2Fbrief`);
  await page.locator('#opened').getByText('a moment').waitFor();
  await page.locator('#opened').getByText('Its time is up. It is gone.').waitFor();
});

test('below the path of a proxy it loads, follows, posts and links, and asks nobody else', async () => {
  const page = await open(proxy.url);
  await page.getByLabel('Message', { exact: true }).fill('below a path');
  await page.getByRole('button', { name: 'Post' }).click();
  await shown(page, 'below a path').waitFor();
  await shown(page, 'below a path').getByRole('button', { name: 'Copy link' }).click();
  const link = await page.evaluate<string>('navigator.clipboard.readText()');
  expect(link.startsWith(`${proxy.url}#m=fade%2F`)).toBe(true);
  await page.goto(`${proxy.url}dashboard`);
  await page.locator('#app :first-child').first().waitFor();
  expect([...watched.origins]).toEqual([new URL('/', proxy.url).href]);
  expect(watched.complaints).toEqual([]);
});

test('whatever anybody stores is text, in every place where it is shown', async () => {
  const markup = '<img src=x onerror="document.title=\'taken\'"><script>document.title="taken"</script>';
  const hostile: [string, string | Uint8Array<ArrayBuffer>][] = [
    ['fade/<b>key</b>', markup],
    ['fade/json', JSON.stringify({ v: 1, text: markup, author: markup, location: markup })],
    ['fade/proto', '{"v":1,"text":"proto","__proto__":{"author":"polluted"},"constructor":{}}'],
    ['fade/inherited', '{"__proto__":{"v":1,"text":"inherited"}}'],
    ['fade/broken', '{"v":1,"text":"broken'],
    ['fade/array', '[{"v":1,"text":"array"}]'],
    ['fade/types', '{"v":1,"text":{"a":1},"author":[1]}'],
    [
      'fade/bidi',
      JSON.stringify({ v: 1, text: 'bidi \u202egpj.exe', author: 'A\u200bB', location: '\u2066x' }),
    ],
    ['fade/deep', `${'['.repeat(1500)}deep`],
    ['fade/huge', `huge ${'&lt;'.repeat(200_000)}`],
    ['fade/bytes', Uint8Array.from({ length: 512 }, (_, index) => index % 256)],
    ['fade/%3Cscript%3E', 'percent'],
    ['fade/javascript:alert(1)', 'javascript:alert(1)'],
  ];
  for (const [key, value] of hostile) await store(key, value);
  const page = await open();
  // All of them are near the view, so all are drawn.
  await page.setViewportSize({ width: 1280, height: 9000 });
  for (const text of ['proto', 'inherited', 'broken', 'array', 'bidi', 'deep', 'huge', 'percent']) {
    await shown(page, text).first().waitFor();
  }
  await until(async () => (await shown(page, markup).count()) === 2, 'the markup is shown literally');
  expect(await page.getByText('polluted').count()).toBe(0);
  expect(await shown(page, 'proto').first().count()).toBe(1);
  const bidi = shown(page, '[U+202E]gpj.exe');
  expect(await bidi.locator('.author').textContent()).toBe('A[U+200B]B');
  expect(await bidi.locator('.location').textContent()).toBe('[U+2066]x');
  expect(await page.locator('.messages').locator('img, script, b, a, iframe, style').count()).toBe(0);
  expect(await page.title()).toBe('Fade');
  expect(watched.complaints).toEqual([]);
  expect([...watched.origins]).toEqual([nodes.urls[0]]);
});
