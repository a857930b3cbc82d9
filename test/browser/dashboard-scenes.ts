// What the dashboard is looked at in: one picture for each state worth a look.
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { portRange } from '../support/processes/ports';
import { until } from '../support/basics/until';
import { fakeNodes, FakeWorld } from './dashboard-world';

export interface Scene {
  readonly name: string;
  readonly perHost: readonly number[];
  readonly screen?: readonly [width: number, height: number];
  readonly options?: BrowserContextOptions;
  readonly hash?: string;
  /** The whole page, however long. */
  readonly isWhole?: boolean;
  /** Before the page is opened. */
  readonly prepare?: (world: FakeWorld) => void;
  /** After it has watched for some minutes, before the last seconds. */
  readonly happen?: (world: FakeWorld, page: Page) => Promise<void> | void;
}

const PHONE: BrowserContextOptions = { deviceScaleFactor: 2, isMobile: true, hasTouch: true };
const DARK: BrowserContextOptions = { colorScheme: 'dark' };
const HOSTS_OF_THREE = (many: number): number[] => Array.from({ length: many }, () => 3);

export const SCENES: readonly Scene[] = [
  { name: '3-light', perHost: [3] },
  { name: '3-dark', perHost: [3], options: DARK },
  { name: '2', perHost: [2] },
  { name: 'alone', perHost: [1], prepare: (world) => (world.expectedNodes = 3) },
  { name: '9-on-3-hosts', perHost: HOSTS_OF_THREE(3) },
  { name: '9-on-3-hosts-dark', perHost: HOSTS_OF_THREE(3), options: DARK },
  { name: '30-on-10-hosts', perHost: HOSTS_OF_THREE(10) },
  { name: '30-on-one-host', perHost: [30] },
  { name: '100', perHost: [...HOSTS_OF_THREE(33), 1], options: DARK },
  { name: '100-on-5-hosts', perHost: [20, 20, 20, 20, 20] },
  { name: '100-wall', perHost: [...HOSTS_OF_THREE(33), 1], screen: [3840, 2160], options: DARK },
  { name: '9-wall', perHost: HOSTS_OF_THREE(3), screen: [1920, 1080], options: DARK },
  { name: 'phone', perHost: [3], screen: [390, 844], options: PHONE, isWhole: true },
  { name: 'phone-100', perHost: HOSTS_OF_THREE(33), screen: [390, 844], options: { ...PHONE, ...DARK } },
  { name: 'node-dead', perHost: [3], happen: killSecond },
  { name: 'node-dead-dark', perHost: [3], options: DARK, happen: killSecond },
  { name: 'degraded', perHost: HOSTS_OF_THREE(3), happen: degrade },
  { name: 'degraded-dark', perHost: HOSTS_OF_THREE(3), options: DARK, happen: degrade },
  { name: 'host-cut-off', perHost: HOSTS_OF_THREE(3), happen: cutOff },
  { name: 'views-differ', perHost: [3], happen: differ },
  { name: 'moved-on', perHost: [3], happen: (world) => killFirst(world) },
  { name: 'offline', perHost: [3], happen: goSilent },
  { name: 'table', perHost: HOSTS_OF_THREE(3), hash: '#table', happen: degrade },
  { name: 'table-phone', perHost: HOSTS_OF_THREE(3), hash: '#table', screen: [390, 844], options: PHONE },
];

const WATCHED_SECONDS = 250;
const LAST_SECONDS = 14;

/** Takes one picture; the file's path is returned. */
export async function shoot(browser: Browser, scene: Scene, folder: string): Promise<string> {
  const port = await portRange(scene.perHost[0] ?? 1);
  const world = new FakeWorld(fakeNodes(scene.perHost, port));
  await world.open(Array.from({ length: scene.perHost[0] ?? 1 }, (_, index) => port + index));
  const [width, height] = scene.screen ?? [1440, 900];
  const context = await browser.newContext({ viewport: { width, height }, ...scene.options });
  const page = await context.newPage();
  try {
    scene.prepare?.(world);
    await page.clock.install({ time: new Date('2026-03-01T12:00:00Z') });
    await page.goto(`http://127.0.0.1:${port}/dashboard${scene.hash ?? ''}`);
    await page.locator('main .summary').waitFor();
    await watch(page, world, WATCHED_SECONDS);
    await scene.happen?.(world, page);
    await watch(page, world, LAST_SECONDS);
    const path = join(folder, `dashboard-${scene.name}.png`);
    await page.screenshot({ path, fullPage: scene.isWhole === true });
    return path;
  } finally {
    await context.close();
    await world.close();
  }
}

/** Lets the page's time pass, one look after the other. */
async function watch(page: Page, world: FakeWorld, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    world.seconds += 1;
    const before = world.asked.length;
    await page.clock.runFor(1000);
    await until(() => world.asked.length >= before + 2 || world.isClosed, 'the next look');
    await page.evaluate('new Promise((done) => queueMicrotask(done))');
  }
}

export function killSecond(world: FakeWorld): void {
  world.at(1).state = 'dead';
}

export function degrade(world: FakeWorld): void {
  world.at(1).isLagging = true;
  world.at(3).isFull = true;
  world.at(4).state = 'suspect';
  world.at(6).state = 'dead';
  world.at(7).missingWrites = 812;
}

export function cutOff(world: FakeWorld): void {
  for (const node of world.nodes.slice(6)) node.state = 'dead';
}

/** The second and the third node take each other for dead. */
export function differ(world: FakeWorld): void {
  const [second, third] = [world.at(1), world.at(2)];
  world.views.set(third.port, new Map([[second.id, 'dead']]));
  world.views.set(second.port, new Map([[third.id, 'dead']]));
}

export async function killFirst(world: FakeWorld): Promise<void> {
  const first = world.at(0);
  first.state = 'dead';
  await world.closePort(first.port);
}

async function goSilent(world: FakeWorld): Promise<void> {
  await world.close();
}
