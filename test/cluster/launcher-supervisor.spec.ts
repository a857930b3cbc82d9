// The supervisor over real (fake node) processes, with its times shortened.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { LauncherSettings } from '../../src/config/settings';
import { Supervisor } from '../../src/launcher/supervisor';
import type { SupervisorOptions } from '../../src/launcher/supervisor';
import { FAKE_CHILD, isAlive, recordedPids, temporaryDirectory } from '../support/fakes/fake-child-launcher';
import { possibleWith } from '../support/basics/possible';
import { until } from '../support/basics/until';

const SETTINGS: LauncherSettings = {
  nodeCount: 3,
  basePort: 8081,
  maxPorts: 10,
  bindAddress: '',
  isolation: 'process',
  storageMegabytes: 0,
  memoryLimitBytes: 2 ** 30,
  memoryLimitSource: 'machine',
  addressesLimited: false,
  storesElsewhere: false,
  hungAfterMs: 1000,
  logLevel: 'info',
  logFormat: 'json',
};

jest.setTimeout(90_000);

function schedulerProblem(): string | null {
  if (!existsSync('/proc/self/schedstat')) return 'the kernel does not tell who waits for a processor';
  return spawnSync('taskset', ['-c', '0', 'true']).error?.message ?? null;
}

const starvable = possibleWith('starvation', schedulerProblem());

describe('the supervisor', () => {
  const directory = temporaryDirectory();
  const children = join(directory, 'children');
  const environment = { ...process.env };
  let events: Record<string, unknown>[] = [];
  let formations = 0;
  let exitCode: number | null = null;
  let supervisor: Supervisor;

  function record(event: string, fields?: object): void {
    events.push({ event, ...fields });
  }

  function named(event: string): Record<string, unknown>[] {
    return events.filter((line) => line.event === event);
  }

  function start(plan: Record<string, string[]>, options: Partial<SupervisorOptions> = {}): void {
    process.env.FAKE_CHILD_PLAN = JSON.stringify(plan);
    supervisor = new Supervisor({
      settings: SETTINGS,
      script: FAKE_CHILD,
      log: { info: record, warn: record, error: record },
      output: { lines: { write: () => undefined }, errors: { write: () => undefined } },
      onFormed: () => (formations += 1),
      onFinished: (code) => (exitCode = code),
      ...options,
    });
    supervisor.start();
  }

  beforeEach(() => {
    events = [];
    formations = 0;
    exitCode = null;
    rmSync(children, { recursive: true, force: true });
    mkdirSync(children);
    process.env.FAKE_CHILD_DIR = children;
    process.env.REPRAM_HUNG_AFTER_MS = '1000';
  });

  afterEach(async () => {
    supervisor.stop('end of the test');
    supervisor.kill();
    await until(() => exitCode !== null && !recordedPids(children).some(isAlive), 'nobody is left');
  });

  afterAll(() => {
    process.env = environment;
    rmSync(directory, { recursive: true });
  });

  it('restarts a child that dies, with the reason, and later each time', async () => {
    start({ '2': ['crash', 'crash', 'crash', 'run'] });
    await until(() => recordedPids(children).length >= 6, 'the fourth start of node 2');
    expect(named('node-restarting')).toEqual([
      { event: 'node-restarting', indexes: [2], reason: 'exit code 1', delay_ms: 100 },
      { event: 'node-restarting', indexes: [2], reason: 'exit code 1', delay_ms: 200 },
      { event: 'node-restarting', indexes: [2], reason: 'exit code 1', delay_ms: 400 },
    ]);
  });

  it('restarts without growing delay a child that had run for long enough', async () => {
    start(
      { '2': ['crash', 'crash', 'crash', 'run'] },
      { timing: { backoffFirstMs: 20, backoffResetAfterMs: 10 } },
    );
    await until(() => recordedPids(children).length >= 6, 'the fourth start of node 2');
    expect(named('node-restarting').map((event) => event.delay_ms)).toEqual([20, 20, 20]);
  });

  it('names the signal that ended a child', async () => {
    start({});
    await until(() => named('node-port-claimed').length >= 3, 'all have started');
    const [victim] = recordedPids(children);
    process.kill(victim, 'SIGKILL');
    await until(() => named('node-restarting').length >= 1, 'the killed child is restarted');
    expect(named('node-exited')).toMatchObject([{ pid: victim, reason: 'signal SIGKILL' }]);
  });

  it('kills a child whose event loop no longer turns, and replaces it', async () => {
    start({ '3': ['hang', 'run'] });
    await until(() => named('node-restarting').length >= 1, 'the hung child is replaced');
    expect(named('node-hung')).toMatchObject([{ indexes: [3] }]);
    expect(named('node-restarting')).toMatchObject([{ indexes: [3], reason: 'hung' }]);
  });

  it('replaces a child that hangs before its first word, once its time to start is over', async () => {
    start({ '1': ['hang-at-start', 'run'] }, { timing: { startGraceMs: 1500 } });
    await until(() => named('node-restarting').length >= 1, 'the mute child is replaced');
    expect(named('node-restarting')).toMatchObject([{ indexes: [1], reason: 'hung' }]);
  });

  it('replaces a child that is busy for ever before its first word', async () => {
    start({ '1': ['spin-at-start', 'run'] }, { timing: { startGraceMs: 1500 } });
    await until(() => named('node-restarting').length >= 1, 'the busy child is replaced');
    expect(named('node-restarting')).toMatchObject([{ indexes: [1], reason: 'hung' }]);
  });

  starvable(
    'waits for a child that a busy machine starves',
    async () => {
      const busy = Array.from({ length: 8 }, () =>
        spawn('taskset', ['-c', '0', process.execPath, '-e', 'for (;;);']),
      );
      try {
        start({ '1': ['starved-start'] }, { timing: { startGraceMs: 1500 } });
        await until(() => named('node-port-claimed').length >= 3, 'the slow child speaks', 60_000);
        expect(named('node-hung')).toEqual([]);
      } finally {
        for (const each of busy) each.kill('SIGKILL');
      }
    },
    90_000,
  );

  it('does not restart a child that refuses its settings, and keeps the others', async () => {
    start({ '1': ['bad-settings'] });
    await until(
      () => named('node-exited').length >= 1 && named('node-port-claimed').length >= 2,
      'two remain',
    );
    expect(named('node-exited')).toMatchObject([{ reason: 'exit code 2: bad settings' }]);
    expect(named('node-restarting')).toEqual([]);
    expect(exitCode).toBeNull();
  });

  it('finishes with 2 when every child refuses its settings', async () => {
    start({ '1': ['bad-settings'], '2': ['bad-settings'], '3': ['bad-settings'] });
    await until(() => exitCode === 2, 'the supervisor gives up');
  });

  it('tells once what children said that end before their first word, and where to look', async () => {
    start({ '1': ['bad-options'], '2': ['bad-options'], '3': ['bad-options'] });
    await until(() => named('node-restarting').length >= 6, 'each was started twice');
    expect(named('node-cannot-start')).toMatchObject([
      { reason: 'exit code 9', said: 'node: --no-such-flag is not allowed in NODE_OPTIONS' },
    ]);
    expect(named('node-cannot-start')[0].advice).toContain('NODE_OPTIONS');
  });

  it('says nothing of the kind of a child that ends after it has spoken', async () => {
    start({ '1': ['crash'] });
    await until(() => named('node-restarting').length >= 3, 'it crashed again and again');
    expect(named('node-cannot-start')).toEqual([]);
  });

  it('tells of the formed network once, also when a node comes back', async () => {
    start({});
    await until(() => formations === 1, 'the network forms');
    const [victim] = recordedPids(children);
    process.kill(victim, 'SIGKILL');
    await until(() => named('node-port-claimed').length >= 4, 'the node claims its port again');
    expect(formations).toBe(1);
  });

  it('passes on that no port was free', async () => {
    start({ '2': ['unclaimed'] });
    await until(() => named('node-port-unclaimed').length >= 1, 'the message arrives');
    expect(named('node-port-unclaimed')).toMatchObject([{ index: 2, detail: 'ports 8081-8090 are taken' }]);
  });

  it('starts nobody again once it stops, and kills those that ignore the drain', async () => {
    start(
      { '1': ['deaf'], '2': ['crash'] },
      { timing: { drainDeadlineMs: 300, backoffFirstMs: 60_000, backoffMaxMs: 60_000 } },
    );
    await until(
      () => named('node-restarting').length >= 1 && named('node-port-claimed').length >= 3,
      'all have started, and node 2 waits for its restart',
    );
    supervisor.stop('SIGTERM');
    await until(() => exitCode === 0, 'the supervisor finishes');
    expect(named('node-exited').map((event) => event.reason)).toEqual([
      'exit code 1',
      'exit code 0',
      'signal SIGKILL',
    ]);
    expect(recordedPids(children)).toHaveLength(3);
  });

  it('tries again when a process cannot even be started, and can still be stopped', async () => {
    start({}, { script: 'no file has a \0 in its name', settings: { ...SETTINGS, nodeCount: 1 } });
    await until(() => named('node-restarting').length >= 2, 'it is tried again');
    expect(named('node-restarting')[0]).toMatchObject({ reason: 'start failed: ERR_INVALID_ARG_VALUE' });
    expect(named('node-cannot-start')).toMatchObject([{ reason: 'start failed: ERR_INVALID_ARG_VALUE' }]);
    expect(exitCode).toBeNull();
  });
});
