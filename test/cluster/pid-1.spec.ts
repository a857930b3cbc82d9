// The launcher as the first process of a container: no default signal handlers, and nobody else to
// reap the dead.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { portsFrom, put, untilMesh } from '../support/http/calls';
import { Cluster } from '../support/processes/cluster';
import { portRange } from '../support/processes/ports';
import { possibleWith } from '../support/basics/possible';
import type { TestProcess } from '../support/processes/test-process';
import { until } from '../support/basics/until';

const AS_PID_1 = ['unshare', '--pid', '--fork', '--mount-proc'];
/**
 * For a stop that hangs; how long one takes depends on the machine. `drain-overdue` is the sharp
 * bound.
 */
const EXIT_WITHIN_MS = 30_000;

function pid1Problem(): string | null {
  const { status, stderr, error } = spawnSync(AS_PID_1[0], [...AS_PID_1.slice(1), 'true'], {
    encoding: 'utf8',
  });
  return status === 0 ? null : (error?.message ?? stderr.trim());
}

/** The kernel drops what comes to process 1 before. */
function hears(signal: 'SIGTERM' | 'SIGHUP', pid: number): boolean {
  const bit = 1n << BigInt(constants.signals[signal] - 1);
  const caught = /^SigCgt:\s*([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0';
  return (BigInt(`0x${caught}`) & bit) !== 0n;
}

function runs(script: string, pid: number): boolean {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(script);
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
    await until(() => unshare.events('node-restarting').length >= 1, 'the launcher restarts it');
    await untilMesh(ports);
    expect(unshare.survivors()).toHaveLength(before.length);
  });
});

describe("the image's process 1", () => {
  const cluster = new Cluster();
  const init = join(__dirname, '../../scripts/init.sh');

  afterEach(() => cluster.cleanUp());

  /** Process 1 of the namespace as seen from outside. */
  function firstOf(unshare: TestProcess): number {
    return Number(readFileSync(`/proc/${unshare.pid}/task/${unshare.pid}/children`, 'utf8').trim());
  }

  possible('passes SIGTERM on, and ends with the exit code of the launcher', async () => {
    const base = await portRange(10);
    const unshare = cluster.startLauncher({ base, nodes: 2, within: [...AS_PID_1, 'sh', init] });
    await untilMesh(portsFrom(base, 2));
    process.kill(firstOf(unshare), 'SIGTERM');
    expect(await unshare.exited).toEqual({ code: 0, signal: null });
    expect(unshare.events('stopped')).toHaveLength(1);
    expect(unshare.survivors()).toEqual([]);
  });

  it('passes a SIGTERM on that comes while the program is just being started', async () => {
    for (let round = 0; round < 40; round += 1) {
      const shell = spawn('sh', [init, 'sleep', '60'], { stdio: 'ignore' });
      const exited = once(shell, 'exit');
      const endMs = performance.now() + EXIT_WITHIN_MS;
      // Without a pause: the moment is over within milliseconds.
      while (!hears('SIGTERM', shell.pid ?? 0) && performance.now() < endMs);
      shell.kill('SIGTERM');
      expect(await exited).toEqual([143, null]);
    }
  });

  it('passes a SIGINT on that comes before Node.js listens to it', async () => {
    const program = [process.execPath, '-e', 'setTimeout(() => {}, 60_000)'];
    for (let round = 0; round < 6; round += 1) {
      const shell = spawn('sh', [init, ...program], { stdio: 'ignore', detached: true });
      const exited = once(shell, 'exit');
      let code: unknown = null;
      void exited.then(([ended]: unknown[]) => {
        code = ended;
      });
      const endMs = performance.now() + EXIT_WITHIN_MS;
      // Between fork and exec it has the handlers of this process. A shell with a script catches
      // SIGINT before it has any trap, so the trap that is set last is waited for.
      while (!(runs(init, shell.pid ?? 0) && hears('SIGHUP', shell.pid ?? 0)) && performance.now() < endMs);
      shell.kill('SIGINT');
      await until(() => code !== null, 'the program is gone', EXIT_WITHIN_MS).finally(() => {
        if (code === null) process.kill(-(shell.pid ?? 0), 'SIGKILL');
      });
      expect(code).toBe(130);
    }
  }, 120_000);

  possible('hears a SIGTERM that comes at once', async () => {
    const base = await portRange(10);
    for (const afterMs of [0, 20, 60, 150]) {
      const unshare = cluster.startLauncher({ base, within: [...AS_PID_1, 'sh', init] });
      await until(() => hears('SIGTERM', firstOf(unshare)), 'it listens');
      const since = performance.now();
      await until(() => performance.now() - since >= afterMs, 'the launcher is about to start');
      process.kill(firstOf(unshare), 'SIGTERM');
      await until(() => unshare.survivors().length === 0, 'everybody is gone', EXIT_WITHIN_MS);
      expect([0, 143]).toContain((await unshare.exited).code);
      expect(unshare.events('drain-overdue')).toEqual([]);
    }
  });

  possible('ends within its time also while the resolver of names does not answer', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'repram-resolver-'));
    const configuration = join(directory, 'resolv.conf');
    writeFileSync(configuration, 'nameserver 127.0.0.1\noptions timeout:30 attempts:5\n');
    const setUp = [
      `ip link set lo up && mount --bind ${configuration} /etc/resolv.conf || exit 9`,
      `"${process.execPath}" -e 'require("dgram").createSocket("udp4").bind(53, "127.0.0.1")' &`,
      'exec sh "$0" "$@"',
    ].join('\n');
    const base = await portRange(10);
    const within = [...AS_PID_1, '--net', 'sh', '-c', setUp, init];
    const unshare = cluster.startLauncher({ base, within, env: { DISCOVERY_DOMAIN: 'silent.example' } });
    const formed = (): boolean => unshare.events('network-formed').length >= 4;
    await until(formed, 'the nodes and the launcher say that they have formed', 60_000);
    process.kill(firstOf(unshare), 'SIGTERM');
    expect(await unshare.exited).toEqual({ code: 0, signal: null });
    expect(unshare.events('drain-overdue')).toEqual([]);
    expect(unshare.events('node-exited').map((line) => line.reason)).toEqual(Array(3).fill('signal SIGTERM'));
    rmSync(directory, { recursive: true });
  });

  possible('reaps the orphans of others', async () => {
    const orphan = `sh -c '(sleep 0.1 &)'; sleep 0.5; exec ps -e -o stat=,comm=`;
    const program = ['sh', '-c', `${orphan} | sed 's/^/ps /'`];
    const unshare = cluster.run([...AS_PID_1, 'sh', init, ...program]);
    expect(await unshare.exited).toEqual({ code: 0, signal: null });
    expect(unshare.otherOutput.filter((line) => line.startsWith('ps ')).length).toBeGreaterThan(1);
    expect(unshare.otherOutput.filter((line) => line.startsWith('ps Z'))).toEqual([]);
  });
});
