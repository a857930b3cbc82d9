// The rate limit against those who would rather not be limited.
// Without an engine: the limit of requests is in front of it.
import { Victims } from '../support/processes/victims';
import { until } from '../support/basics/until';

let victims: Victims;
afterEach(async () => {
  await untilCalm();
  await victims.expectUnharmed();
  await victims.stop();
});

const PER_SECOND = 20;
const burst = 2 * PER_SECOND;

const flood = async (count: number, path: string, init: (i: number) => RequestInit): Promise<number[]> => {
  const answers = Array.from({ length: count }, (_, i) => fetch(victims.url(path), init(i)));
  return Promise.all(answers.map(async (answer) => (await answer).status));
};
const passed = (statuses: readonly number[]): number => statuses.filter((status) => status !== 429).length;
/** What may pass within a flood that takes a while on a busy machine. */
const allowance = (sinceMs: number, perSecond = PER_SECOND): number =>
  2 * perSecond + Math.ceil(((performance.now() - sinceMs) / 1000) * perSecond);
const forged = (i: number): RequestInit => ({
  headers: { 'x-forwarded-for': `203.0.113.${String(i % 250)}, 198.51.100.${String(i % 251)}` },
});

it.each(['OPTIONS', 'GET', 'HEAD', 'DELETE', 'PUT'])('a flood of %s is limited', async (method) => {
  victims = await Victims.start(1, { rateLimitPerSecond: PER_SECOND });
  const startMs = performance.now();
  const statuses = await flood(200, '/data/none', () => ({ method }));
  expect(passed(statuses)).toBeGreaterThanOrEqual(burst);
  expect(passed(statuses)).toBeLessThanOrEqual(allowance(startMs));
});

it('forged hops of a client that is no proxy change nothing', async () => {
  victims = await Victims.start(1, { rateLimitPerSecond: PER_SECOND });
  const startMs = performance.now();
  expect(passed(await flood(200, '/data/small', forged))).toBeLessThanOrEqual(allowance(startMs));
});

it('forged hops through a trusted proxy meet the limit of the proxy', async () => {
  victims = await Victims.start(1, { rateLimitPerSecond: 5, trustProxy: true });
  const startMs = performance.now();
  expect(passed(await flood(800, '/data/small', forged))).toBeLessThanOrEqual(allowance(startMs, 5 * 50));
});

const JUNK_HOPS = [
  'junk',
  '',
  ',',
  'a, b, c',
  '999.9.9.9',
  '::1%eth0',
  '[',
  '1'.repeat(9000),
  '1.2.3.4:x',
  '203.0.113.7,',
];

it('forwarded addresses that are none count as the socket itself', async () => {
  victims = await Victims.start(1, { rateLimitPerSecond: PER_SECOND, trustProxy: true });
  const startMs = performance.now();
  const junk = (i: number): RequestInit => ({
    headers: { 'x-forwarded-for': JUNK_HOPS[i % JUNK_HOPS.length] },
  });
  expect(passed(await flood(200, '/data/small', junk))).toBeLessThanOrEqual(allowance(startMs));
});

it('health stays reachable in the middle of a flood', async () => {
  victims = await Victims.start(1, { rateLimitPerSecond: PER_SECOND });
  const flooding = flood(300, '/data/none', () => ({}));
  expect((await fetch(victims.url('/health/live'))).status).toBe(200);
  await flooding;
  expect((await fetch(victims.url('/health/live'))).status).toBe(200);
});

/** Until the bucket has enough for the look at the damage. */
async function untilCalm(): Promise<void> {
  const calmAtMs = performance.now() + 1000;
  await until(() => performance.now() > calmAtMs, 'the bucket to fill again');
}
