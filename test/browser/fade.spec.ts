// Fade in a real browser, before real nodes: what one person writes on one port another sees on the
// next one, nothing stored by anybody is ever more than text, and what has run its time is gone.
import type { Browser, BrowserContext, Page, Route } from 'playwright-core';
import { launchBrowser } from '../support/processes/browser';
import { until } from '../support/basics/until';
import { startNodes, TTL_MAX_SECONDS } from './nodes';
import type { Nodes } from './nodes';
import { watchedContext, type Watched } from './watched-context';

jest.setTimeout(60_000);

let nodes: Nodes;
let browser: Browser;
let watched: Watched;
let context: BrowserContext;
let complaints: string[];

/** What was started, last first; also what was started before something else failed to. */
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
  watched = await watchedContext(browser);
  ({ context, complaints } = watched);
});

afterEach(() => context.close());

async function open(node = 0): Promise<Page> {
  const page = await context.newPage();
  await page.goto(urlOf(node));
  await page.getByText(/answered on port/).waitFor();
  await page.locator('.pill[data-state=live]').waitFor();
  return page;
}

function urlOf(node: number): string {
  return nodes.urls[node] ?? '';
}

async function store(
  key: string,
  value: string | Uint8Array<ArrayBuffer>,
  ttlSeconds: number,
): Promise<void> {
  const url = `${urlOf(0)}data/${encodeURIComponent(key)}?ttl=${ttlSeconds}`;
  expect((await fetch(url, { method: 'PUT', body: value })).status).toBe(201);
}

async function post(page: Page, text: string): Promise<void> {
  await page.getByLabel('Message', { exact: true }).fill(text);
  await page.getByRole('button', { name: 'Post' }).click();
}

/** Answers every PUT of the page in the node's place. */
async function interceptPosts(page: Page, answer: (route: Route) => Promise<void>): Promise<void> {
  await page.route('**/data/**', (route) =>
    route.request().method() === 'PUT' ? answer(route) : route.continue(),
  );
}

const problem = (status: number, code: string, detail: string, headers: Record<string, string> = {}) => ({
  status,
  headers: { 'content-type': 'application/problem+json', ...headers },
  body: JSON.stringify({ status, code, detail }),
});

const messageWith = (page: Page, text: string) => page.locator('.message').filter({ hasText: text });
/** No node tells this page anything of values any more. */
async function silence(page: Page): Promise<void> {
  await page.route('**/events**', (route) => route.abort());
  await page.route('**/keys**', (route) => route.abort());
  await page.evaluate("window.dispatchEvent(new Event('online'))");
}

const outcome = (page: Page) => page.locator('#outcome');

describe('a message', () => {
  test('appears on the other port, with its writer and its countdown', async () => {
    const [here, there] = [await open(0), await open(1)];
    await here.getByLabel('Callsign').fill('Mira');
    await here.getByLabel('Location').fill('Hall B');
    await here.getByLabel('5 min', { exact: true }).check({ force: true });
    await post(here, 'one grey glove, left hand');
    await messageWith(there, 'one grey glove, left hand').waitFor();
    const shown = messageWith(there, 'one grey glove, left hand');
    expect(await shown.locator('.author').textContent()).toBe('Mira');
    expect(await shown.locator('.location').textContent()).toBe('Hall B');
    expect(await shown.locator('.left').textContent()).toMatch(/^(?:5:00|4:\d\d) minutes left$/);
    expect(await outcome(here).textContent()).toContain(
      'Posted to 2 of 2 nodes on 1 host. It lives for 5 minutes',
    );
    expect(complaints).toEqual([]);
  });

  test('lives as long as the node allows, and the page says so', async () => {
    const page = await open();
    await page.getByLabel('24 h').check({ force: true });
    await post(page, 'for a whole day, if I may');
    await messageWith(page, 'if I may').waitFor();
    const hours = TTL_MAX_SECONDS / 3600;
    expect(await outcome(page).textContent()).toContain(`It lives for ${hours} hours`);
    expect(await outcome(page).textContent()).toContain('This node does not allow 24 hours.');
  });

  test('with a short life pales and disappears by itself, without the node being asked', async () => {
    const page = await open();
    const bornMs = Date.now();
    await store(`fade/${bornMs}-short`, JSON.stringify({ v: 1, text: 'over in a moment' }), 5);
    const message = messageWith(page, 'over in a moment');
    await message.waitFor();
    await silence(page);
    await message.locator('xpath=self::*[contains(@class,"is-leaving")]').waitFor();
    await message.waitFor({ state: 'detached' });
    const livedMs = Date.now() - bornMs;
    expect(livedMs).toBeGreaterThan(4_800);
    expect(livedMs).toBeLessThan(6_000);
  });

  test('is posted from the keyboard alone, and announced politely to whoever listens', async () => {
    const [here, there] = [await open(0), await open(1)];
    await here.getByLabel('Message', { exact: true }).focus();
    await here.keyboard.type('typed without a mouse');
    await here.keyboard.press('Control+Enter');
    const announcer = there.locator('[aria-live="polite"]');
    await until(async () => (await announcer.textContent())?.includes('typed without a mouse'), 'announced');
    expect(await here.getByLabel('Message', { exact: true }).inputValue()).toBe('');
  });

  test('without text or beyond the limit is not sent', async () => {
    const page = await open();
    const sent: string[] = [];
    page.on('request', (request) => sent.push(...(request.method() === 'PUT' ? [request.url()] : [])));
    await post(page, '   ');
    expect(await outcome(page).textContent()).toBe('Write something first.');
    await post(page, 'x'.repeat(281));
    expect(await outcome(page).textContent()).toContain('at most 280 characters');
    expect(sent).toEqual([]);
  });
});

describe('what others stored', () => {
  const attack = `<img src="x" onerror="document.title='taken'"><script>document.title='taken'</script>`;

  test('is text, whether it comes as a message, as a name or as bare HTML', async () => {
    await store('fade/bare-html', attack, 60);
    await store(
      `fade/${Date.now()}-html`,
      JSON.stringify({ v: 1, text: attack, author: '<b onclick=x>' }),
      60,
    );
    const page = await open();
    await until(async () => (await messageWith(page, attack).count()) === 2, 'both are shown literally');
    expect(await page.getByText('<b onclick=x>').count()).toBe(1);
    expect(await page.locator('.messages').locator('img, script, b').count()).toBe(0);
    expect(await page.title()).toBe('Fade');
    expect(complaints).toEqual([]);
  });

  test('is cut when huge and made printable when binary, under any key', async () => {
    await store('fade/../huge?#%', `start ${'y'.repeat(300_000)}`, 60);
    await store(
      'fade/💾',
      Uint8Array.from({ length: 256 }, (_, index) => index),
      60,
    );
    await store('fade/nothing', '', 60);
    const page = await open();
    await messageWith(page, 'start yyy').waitFor();
    expect(await messageWith(page, 'start yyy').locator('.text').textContent()).toHaveLength(2000);
    expect(await messageWith(page, 'only the beginning is shown').count()).toBe(1);
    await messageWith(page, '�').waitFor();
    await messageWith(page, '(empty)').waitFor();
    expect(complaints).toEqual([]);
  });
});

describe('trouble', () => {
  test('a full memory is explained, and the text is kept', async () => {
    const page = await open();
    await interceptPosts(page, (route) =>
      route.fulfill(problem(507, 'storage-full', 'no room for 40 bytes')),
    );
    await post(page, 'no room for this');
    await outcome(page).getByText('The memory is full.').waitFor();
    expect(await outcome(page).textContent()).toContain('No room for 40 bytes. Your text is still here.');
    expect(await page.getByLabel('Message', { exact: true }).inputValue()).toBe('no room for this');
  });

  test('a message held by too few nodes is said to be still replicating', async () => {
    const page = await open();
    await interceptPosts(page, async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ status: 202, headers: { ...answer.headers(), 'x-repram-acks': '1/2' } });
    });
    await post(page, 'stored on one node only');
    await outcome(page).getByText('Stored here, still replicating').waitFor();
    await messageWith(page, 'stored on one node only').waitFor();
  });

  test('a post refused for now is tried again under the same key', async () => {
    const page = await open();
    const tried: string[] = [];
    await interceptPosts(page, async (route) => {
      tried.push(route.request().url());
      if (tried.length > 1) await route.continue();
      else await route.fulfill(problem(429, 'rate-limited', 'slow down', { 'retry-after': '1' }));
    });
    await post(page, 'patience');
    await outcome(page)
      .getByText('Too many requests from your address. Slow down. Trying again in')
      .waitFor();
    await messageWith(page, 'patience').waitFor();
    expect(tried).toHaveLength(2);
    expect(tried[1]).toBe(tried[0]);
  });

  test('nodes that are silent or syncing are named, with the way to the other, until one answers again', async () => {
    const page = await open();
    const notice = page.locator('#notice');
    await page.getByRole('link', { name: `port ${nodes.ports[1]}` }).waitFor();
    await silence(page);
    await notice.getByText('This node does not answer.').waitFor();
    const wayOut = notice.getByRole('link', { name: `Open on port ${nodes.ports[1]}` });
    expect(await wayOut.getAttribute('href')).toBe(urlOf(1));
    await page.unroute('**/keys**');
    await page.route('**/keys**', (route) => route.fulfill(problem(503, 'syncing', 'filling up')));
    await notice.getByText('still collecting messages').waitFor();
    await page.unroute('**/keys**');
    await page.unroute('**/events**');
    await until(async () => (await notice.textContent()) === '', 'the notice is gone');
  });

  test('a lost connection is noticed, and what is shown keeps counting', async () => {
    await store(`fade/${Date.now()}-offline`, JSON.stringify({ v: 1, text: 'still counting' }), 60);
    const page = await open();
    const left = messageWith(page, 'still counting').locator('.left');
    await left.waitFor();
    await context.setOffline(true);
    await page.locator('#notice').getByText('You are offline.').waitFor();
    const before = await left.textContent();
    await until(async () => (await left.textContent()) !== before, 'the countdown goes on');
    await context.setOffline(false);
    await page.locator('#notice').getByText('You are offline.').waitFor({ state: 'detached' });
  });
});

describe('the page', () => {
  test('says who answered, who the peers are, and asks nobody but this node', async () => {
    const page = await context.newPage();
    await page.goto(urlOf(1));
    await page.getByText(`answered on port ${nodes.ports[1]}`).waitFor();
    expect(await page.getByRole('link', { name: `port ${nodes.ports[0]}` }).getAttribute('href')).toBe(
      urlOf(0),
    );
    await page.getByText(/^\d+ messages?$/).waitFor();
    expect([...watched.origins]).toEqual([urlOf(1)]);
    expect(complaints).toEqual([]);
  });

  test('has words for an empty board', async () => {
    const page = await context.newPage();
    await page.route('**/events**', (route) => route.abort());
    await page.route('**/keys**', (route) => route.fulfill({ json: { keys: [] } }));
    await page.goto(urlOf(0));
    await page.getByText('Nothing here right now.').waitFor();
  });

  test('fits a narrow phone and keeps still for whoever wants that', async () => {
    await store('fade/wide', 'w'.repeat(500), 60);
    const page = await open();
    await page.setViewportSize({ width: 320, height: 640 });
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await messageWith(page, 'wwww').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
    const moving = 'document.getAnimations().length';
    expect(await page.evaluate(moving)).toBe(0);
  });
});
