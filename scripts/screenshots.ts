// `npm run screenshots [-- fade|dashboard]`: takes the pictures of docs/images anew. Fade is shown
// before real nodes as built, the dashboard before networks that are made up. Each picture is one
// page at one size, in one colour scheme. They are kept with the sources, so they have to be small.
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { shoot, type Scene } from '../test/browser/dashboard-scenes';
import { startNodes, type Nodes } from '../test/browser/nodes';
import { launchBrowser } from '../test/support/processes/browser';

const FOLDER = join(__dirname, '..', 'docs', 'images');
const DESK = { width: 1024, height: 690 };
/** High enough for the link and its code below the form. */
const LINK = { width: 800, height: 800 };
const PHONE = { width: 390, height: 844 };
const BYTES_MAX = 160_000;

const LIVE = (world: { hasStream: boolean }): void => {
  world.hasStream = true;
};
const DASHBOARDS: readonly Scene[] = [
  { name: 'light', perHost: [3], screen: [1120, 790], options: { locale: 'en-GB' }, prepare: LIVE },
  {
    name: 'dark',
    perHost: [3, 3, 3],
    screen: [1280, 780],
    options: { colorScheme: 'dark', locale: 'en-GB' },
    prepare: LIVE,
  },
  {
    name: 'phone',
    perHost: [3],
    screen: [390, 844],
    options: { isMobile: true, hasTouch: true, locale: 'en-GB' },
    prepare: LIVE,
  },
];

interface Written {
  readonly text: string;
  readonly author?: string;
  readonly location?: string;
  readonly ttlSeconds: number;
}

/** Oldest first. The short ones have aged when the picture is taken. */
const MESSAGES: readonly Written[] = [
  {
    text: 'Found: one grey glove, left hand, by the lockers. It waits on the radiator until six.',
    author: 'Mira',
    location: 'Hall B',
    ttlSeconds: 14_400,
  },
  {
    text: 'Meet at the north gate at 21:00. If it rains: under the arches.',
    author: 'Heron',
    location: 'North gate',
    ttlSeconds: 5400,
  },
  {
    text: 'The ferry is late again. Tea is on, come up.',
    author: 'Kestrel',
    location: 'Pier 4',
    ttlSeconds: 35,
  },
  {
    text: 'Does anybody have a spare charger near the stage? Five minutes would do.',
    author: 'Juno',
    ttlSeconds: 66,
  },
  { text: 'build 4182 is green, deploying to the blue half now', author: 'ci-bot', ttlSeconds: 900 },
];
const AGED_MS = 29_000;

async function store(url: string, message: Written, index: number): Promise<void> {
  const { ttlSeconds, ...words } = message;
  const key = encodeURIComponent(`fade/picture-${index}`);
  const body = JSON.stringify({ v: 1, ...words });
  const { status } = await fetch(`${url}data/${key}?ttl=${ttlSeconds}`, { method: 'PUT', body });
  if (status !== 201) throw new Error(`the message was answered ${status}`);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function open(
  browser: Browser,
  url: string,
  viewport: typeof DESK,
  colorScheme: 'light' | 'dark',
): Promise<Page> {
  const page = await browser.newPage({ viewport, colorScheme, locale: 'en-GB' });
  await page.goto(url);
  return page;
}

async function pictureOfFade(browser: Browser, { urls }: Nodes): Promise<void> {
  const [url = ''] = urls;
  for (const [name, viewport, scheme] of [
    ['fade-light', DESK, 'light'],
    ['fade-dark', DESK, 'dark'],
    ['fade-phone', PHONE, 'dark'],
  ] as const) {
    for (const [index, message] of MESSAGES.entries()) await store(url, message, index);
    await pause(AGED_MS);
    const page = await open(browser, url, viewport, scheme);
    await page.locator('.pill[data-state=live]').waitFor();
    await page.locator('#peers li').first().waitFor();
    await pause(700);
    await page.screenshot({ path: join(FOLDER, `${name}.png`) });
    await page.close();
  }
}

async function pictureOfLink(browser: Browser, { urls }: Nodes): Promise<void> {
  const page = await open(browser, urls[0] ?? '', LINK, 'light');
  await page.getByLabel('By private link').check({ force: true });
  await page.getByLabel('Message', { exact: true }).fill('The code of the back door is 4417 until tomorrow.');
  await page.getByRole('button', { name: 'Make a link' }).click();
  await page.locator('.qr').waitFor();
  await page.screenshot({ path: join(FOLDER, 'fade-private.png') });
  await page.close();
}

async function picturesOfFade(browser: Browser): Promise<void> {
  const nodes = await startNodes(3);
  try {
    await pictureOfFade(browser, nodes);
    await pictureOfLink(browser, nodes);
  } finally {
    await nodes.stop();
  }
}

function checkSizes(): void {
  for (const name of readdirSync(FOLDER)) {
    const { size } = statSync(join(FOLDER, name));
    process.stdout.write(`${String(size).padStart(8)} ${name}\n`);
    if (size > BYTES_MAX) process.exitCode = 1;
  }
}

async function main(only: string | undefined): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  const browser = await launchBrowser();
  try {
    if (only !== 'dashboard') await picturesOfFade(browser);
    if (only !== 'fade') for (const scene of DASHBOARDS) await shoot(browser, scene, FOLDER);
  } finally {
    await browser.close();
  }
  checkSizes();
}

void main(process.argv[2]);
