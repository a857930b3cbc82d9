// The launcher as the first process of a container: no default signal handlers, and nobody else to reap the dead.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { portsFrom, put, untilMesh } from '../support/calls';
import { Cluster } from '../support/cluster';
import { portRange } from '../support/ports';
import { possibleWith } from '../support/possible';
import type { TestProcess } from '../support/test-process';
import { until } from '../support/until';

const AS_PID_1 = ['unshare', '--pid', '--fork', '--mount-proc'];
/** What a container runtime grants. */
const EXIT_WITHIN_MS = 9000;

function pid1Problem(): string | null {
  const { status, stderr, error } = spawnSync(AS_PID_1[0], [...AS_PID_1.slice(1), 'true'], {
    encoding: 'utf8',
  });
  return status === 0 ? null : (error?.message ?? stderr.trim());
}

const possible = possibleWith('process namespace', pid1Problem());

describe('a launcher that is process 1', () => {
  const cluster = new Cluster();

  afterEach(() => cluster.cleanUp());

  async function formed(isolation = 'process'): Promise<{ unshare: TestProcess; ports: number[] }> {
    const base = await portRange(10);
    const env = { REPRAM_ISOLATION: isolation };
    const unshare = cluster.startLauncher({ base, within: AS_PID_1, env });
    const ports = portsFrom(base, 3);
    await untilMesh(ports);
    return { unshare, ports };
  }

  /** Its process id outside of the namespace. */
  function launcherIn(unshare: TestProcess): number {
    return Number(readFileSync(`/proc/${unshare.pid}/task/${unshare.pid}/children`, 'utf8').trim());
  }

  possible.each([
    ['SIGTERM', 'process', 3],
    ['SIGINT', 'process', 3],
    ['SIGTERM', 'none', 1],
  ] as const)('exits with 0 on %s and leaves nobody (isolation %s)', async (signal, isolation, children) => {
    const { unshare, ports } = await formed(isolation);
    await put(ports[0], 'in', 'a container');
    process.kill(launcherIn(unshare), signal);
    await until(() => unshare.events('stopped').length > 0, 'the launcher stops', EXIT_WITHIN_MS);
    expect(await unshare.exited).toEqual({ code: 0, signal: null });
    const reasons = unshare.events('node-exited').map((line) => line.reason);
    expect(reasons).toEqual(Array(children).fill('exit code 0'));
    expect(unshare.survivors()).toEqual([]);
  });

  possible('restarts a killed node', async () => {
    const { unshare, ports } = await formed();
    const before = unshare.survivors();
    const nodes = before.filter((pid) => pid !== unshare.pid && pid !== launcherIn(unshare));
    expect(nodes).toHaveLength(3);
    process.kill(nodes[0], 'SIGKILL');
    await until(() => unshare.events('node-restarting').length === 1, 'the launcher restarts it');
    await untilMesh(ports);
    expect(unshare.survivors()).toHaveLength(before.length);
  });
});
