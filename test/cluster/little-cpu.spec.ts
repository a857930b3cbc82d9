// A fifth of a processor, as a platform's trial installation gives it: the kernel's limit runs a
// container for 20 of every 100 ms and stops it for the rest, and so does this test with SIGSTOP
// and SIGCONT to the whole process group.
import { availableParallelism } from 'node:os';
import { get, isReady, portsFrom, put, untilMesh } from '../support/http/calls';
import { Cluster } from '../support/processes/cluster';
import { portRange } from '../support/processes/ports';
import type { TestProcess } from '../support/processes/test-process';
import { until } from '../support/basics/until';

const PERIOD_MS = 100;
/** All processors run at once in that time, so it is divided by their number. */
const RUN_MS = Math.max(5, 20 / availableParallelism());

const cluster = new Cluster();
let throttle: NodeJS.Timeout | null = null;
let stopped = false;
afterEach(() => {
  if (throttle !== null) clearTimeout(throttle);
});
afterAll(() => cluster.cleanUp());

/** Signals the group by turns until it is gone or the test ends. */
function starve(started: TestProcess): void {
  const turn = (): void => {
    if (started.survivors().length === 0) return;
    stopped = !stopped;
    started.signalGroup(stopped ? 'SIGSTOP' : 'SIGCONT');
    throttle = setTimeout(turn, stopped ? PERIOD_MS - RUN_MS : RUN_MS);
  };
  turn();
}

it('three nodes start, form their network, replicate and end in order with a fifth of a processor', async () => {
  const base = await portRange(10);
  const ports = portsFrom(base, 3);
  const launcher = cluster.startLauncher({ base });
  starve(launcher);
  await untilMesh(ports, 100_000);
  const held = async (): Promise<boolean> => (await put(base, 'k', 'value')).status === 201;
  await until(held, 'a write to be held by the quorum', 30_000);
  for (const port of ports) expect((await get(port, 'k')).body.toString()).toBe('value');
  expect(launcher.events('node-exited')).toEqual([]);
  for (const port of ports) expect(await isReady(port)).toBe(true);
  launcher.signal('SIGTERM');
  expect(await launcher.exited).toEqual({ code: 0, signal: null });
});
