// The launcher as a process of its own, with fake node processes: signals, exit codes, and what is
// left behind.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  placeLauncher,
  isAlive,
  recordedPids,
  startLauncher,
  temporaryDirectory,
} from '../support/fakes/fake-child-launcher';
import type { LauncherUnderTest } from '../support/fakes/fake-child-launcher';
import { until } from '../support/basics/until';

jest.setTimeout(30_000);

describe('the launcher', () => {
  const directory = temporaryDirectory();
  const pids = (): number[] => recordedPids(join(directory, 'children'));
  let launcher: LauncherUnderTest;

  async function formed(env: Record<string, string> = {}): Promise<Record<string, unknown>> {
    launcher = startLauncher(directory, env);
    await until(() => launcher.events('network-formed').length >= 1, 'the network forms');
    return launcher.events('network-formed')[0];
  }

  async function leavesNobody(): Promise<void> {
    await until(() => !pids().some(isAlive), 'every child is gone');
  }

  beforeAll(() => placeLauncher(directory));

  afterEach(async () => {
    launcher.process.kill('SIGKILL');
    for (const pid of pids()) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    await launcher.exited;
  });

  afterAll(() => rmSync(directory, { recursive: true }));

  it('tells once that the network has formed, with ports and duration', async () => {
    const event = await formed({ BASE_PORT: '12000' });
    expect(event).toMatchObject({
      level: 'info',
      ports: [12000, 12001, 12002],
      nodes: [
        { index: 1, name: 'flux-node-1', port: 12000, state: 'ready', live_peers: 2 },
        { index: 2, port: 12001 },
        { index: 3, port: 12002 },
      ],
    });
    expect(event.duration_ms).toBeGreaterThan(0);
    expect(launcher.events('node-started')).toHaveLength(3);
    expect(launcher.events('node-port-claimed')).toHaveLength(3);
  });

  it('prints a table and things to try for a person', async () => {
    launcher = startLauncher(directory, { REPRAM_LOG_FORMAT: 'pretty', BASE_PORT: '12000' });
    await until(() => launcher.output().includes('Ctrl-C'), 'the table is there');
    expect(launcher.output()).toMatch(/3 nodes formed one network in \d+\.\d s/);
    expect(launcher.output()).toMatch(/flux-node-2 +12001 +http:\/\/localhost:12001 +ready +2 +\d+/);
    expect(launcher.output()).toContain('curl -X PUT -d "test" "localhost:12000/data/test?ttl=600"');
    expect(launcher.output()).toContain('curl localhost:12001/data/test');
  });

  it('hosts all nodes in one process with REPRAM_ISOLATION=none', async () => {
    await formed({ REPRAM_ISOLATION: 'none', NODE_COUNT: '4' });
    expect(pids()).toHaveLength(1);
    expect(launcher.events('node-started')).toMatchObject([{ indexes: [1, 2, 3, 4] }]);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('drains its children and exits with 0 on %s', async (signal) => {
    await formed();
    launcher.process.kill(signal);
    expect(await launcher.exited).toEqual({ code: 0, signal: null });
    expect(launcher.events('node-exited').map((event) => event.reason)).toEqual(Array(3).fill('exit code 0'));
    expect(launcher.events('stopped')).toMatchObject([{ exit_code: 0 }]);
    await leavesNobody();
  });

  it.each(['SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const)('lives on at %s without a terminal', async (signal) => {
    await formed();
    launcher.process.kill(signal);
    process.kill(pids()[0], 'SIGKILL');
    await until(() => launcher.events('node-port-claimed').length >= 4, 'a killed node is replaced');
    expect(launcher.events('stopping')).toEqual([]);
    expect(launcher.errors()).not.toContain('Debugger');
  });

  it('exits with 0 when Ctrl-C reaches the whole process group, and twice at once as npm sends it', async () => {
    await formed();
    const group = -(launcher.process.pid ?? 0);
    process.kill(group, 'SIGINT');
    launcher.process.kill('SIGINT');
    expect(await launcher.exited).toEqual({ code: 0, signal: null });
    await leavesNobody();
  });

  it('kills at once on a second Ctrl-C', async () => {
    await formed({ FAKE_CHILD_PLAN: '{"1":["deaf"],"2":["deaf"]}' });
    launcher.process.kill('SIGINT');
    const since = performance.now();
    await until(() => performance.now() - since > 600, 'the second Ctrl-C is a deliberate one');
    launcher.process.kill('SIGINT');
    expect(await launcher.exited).toEqual({ code: 130, signal: null });
    expect(performance.now() - since).toBeLessThan(5000);
    await leavesNobody();
  });

  it('kills a child that ignores the drain after 7 s and still exits with 0', async () => {
    await formed({ FAKE_CHILD_PLAN: '{"2":["deaf"]}' });
    const since = performance.now();
    launcher.process.kill('SIGTERM');
    expect(await launcher.exited).toEqual({ code: 0, signal: null });
    expect(performance.now() - since).toBeGreaterThan(6900);
    expect(performance.now() - since).toBeLessThan(8000);
    expect(launcher.events('drain-overdue')).toHaveLength(1);
    await leavesNobody();
  });

  it('leaves no child behind when it is killed with SIGKILL', async () => {
    await formed();
    launcher.process.kill('SIGKILL');
    await launcher.exited;
    await leavesNobody();
  });

  it('kills and replaces a stopped child with the reason hung', async () => {
    await formed({ REPRAM_HUNG_AFTER_MS: '1000' });
    const [victim] = pids();
    process.kill(victim, 'SIGSTOP');
    await until(() => launcher.events('node-restarting').length >= 1, 'the stopped child is replaced');
    expect(launcher.events('node-restarting')).toMatchObject([{ reason: 'hung' }]);
    await until(() => pids().length >= 4 && !isAlive(victim), 'a new child has started');
  });

  it('kills nobody for the time that it was stopped itself', async () => {
    await formed({ REPRAM_HUNG_AFTER_MS: '1000' });
    launcher.process.kill('SIGSTOP');
    const since = performance.now();
    await until(() => performance.now() - since > 2000, 'more than the silence allowed has passed');
    launcher.process.kill('SIGCONT');
    await until(() => performance.now() - since > 3500, 'the launcher has looked at its children again');
    expect(launcher.events('node-hung')).toEqual([]);
    expect(pids()).toHaveLength(3);
  });

  it('prints every bad setting at once and exits with 2, without a stack trace', async () => {
    launcher = startLauncher(directory, { NODE_COUNT: '12', BASE_PORT: 'x', REPRAM_PEER: 'a:1' });
    expect(await launcher.exited).toEqual({ code: 2, signal: null });
    expect(launcher.errors()).toContain('BASE_PORT: "x"\n    allowed: a whole number, 1..65535 (TCP port)');
    expect(launcher.errors()).toContain('NODE_COUNT: "12"\n    allowed: at most MAX_PORTS (10)');
    expect(launcher.errors()).toContain('the nearest known variable is REPRAM_PEERS');
    expect(launcher.errors()).not.toMatch(/^\s+at /m);
    expect(pids()).toEqual([]);
  });

  it('exits with 2 when no child accepts its settings', async () => {
    const plan = '{"1":["bad-settings"],"2":["bad-settings"],"3":["bad-settings"]}';
    launcher = startLauncher(directory, { FAKE_CHILD_PLAN: plan });
    expect(await launcher.exited).toEqual({ code: 2, signal: null });
    expect(pids()).toHaveLength(3);
  });
});
