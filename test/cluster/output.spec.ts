// Nothing that becomes of the output of a network ends one of its nodes.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { portsFrom, put, untilMesh } from '../support/http/calls';
import { Cluster } from '../support/processes/cluster';
import { portRange } from '../support/processes/ports';
import { possibleWith } from '../support/basics/possible';
import { groupMembers } from '../support/processes/test-process';
import { until } from '../support/basics/until';

/** `"$@"` is the launcher; what comes first fills a pipe to the brim. */
const OUTPUTS = {
  'a full disk': 'exec "$@" >/dev/full 2>&1',
  'a reader that stopped reading': '{ head -c 65536 /dev/zero; exec "$@" 2>&1; } | sleep 1000',
  'a reader that is gone': '{ sleep 0.2; exec "$@" 2>&1; } | true',
} as const;

const ENVIRONMENT = {
  PATH: process.env.PATH ?? '',
  REPRAM_BIND_ADDRESS: '127.0.0.1',
  REPRAM_LOG_FORMAT: 'pretty',
};

/**
 * script(1) gives a terminal; the launcher is in a session of its own, which does not end with it.
 */
const ON_A_TERMINAL =
  'setsid sh -c \'echo $$ >"$PID_FILE"; exec "$NODE" dist/launcher.js\' & exec sleep 1000';

function terminalProblem(): string | null {
  const { status, error, stderr } = spawnSync(
    'script',
    ['--quiet', '--command', 'setsid true', '/dev/null'],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  return status === 0 ? null : (error?.message ?? stderr);
}

function isNode(pid: number): boolean {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('dist/node.js');
}

describe('a network whose output is', () => {
  const cluster = new Cluster();

  afterEach(() => cluster.cleanUp());

  /** Logs lines on all sides: one node dies, its peers notice, the launcher starts another. */
  async function goesOn(running: () => number[], ports: readonly number[]): Promise<void> {
    const before = await untilMesh(ports);
    const victim = running().find(isNode);
    if (victim === undefined) throw new Error('nobody runs');
    process.kill(victim, 'SIGKILL');
    await until(
      async () => {
        const now = await untilMesh(ports);
        return now.filter((id) => !before.includes(id)).length === 1;
      },
      'the killed node is back, and no other was replaced',
      60_000,
    );
    expect((await put(ports[0], 'after', 'all that')).status).toBe(201);
  }

  it.each(Object.entries(OUTPUTS))('%s goes on', async (_name, script) => {
    const base = await portRange(10);
    const env = { REPRAM_HUNG_AFTER_MS: '5000' };
    const started = cluster.startLauncher({ base, env, within: ['sh', '-c', script, 'sh'] });
    await goesOn(() => started.survivors(), portsFrom(base, 3));
  });

  possibleWith('script(1)', terminalProblem())('a terminal that is gone goes on', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'repram-terminal-'));
    const pidFile = join(directory, 'pid');
    const base = await portRange(10);
    const env = { PID_FILE: pidFile, NODE: process.execPath, BASE_PORT: String(base), ...ENVIRONMENT };
    const terminal = cluster.run(['script', '--quiet', '--command', ON_A_TERMINAL, '/dev/null'], env);
    const launcher = (): number => Number(readFileSync(pidFile, 'utf8'));
    try {
      await untilMesh(portsFrom(base, 3));
      terminal.signal('SIGKILL');
      await terminal.exited;
      await goesOn(() => groupMembers(launcher()), portsFrom(base, 3));
      process.kill(launcher(), 'SIGHUP');
      await until(() => groupMembers(launcher()).length === 0, 'who had a terminal obeys SIGHUP');
    } finally {
      if (groupMembers(launcher()).length > 0) process.kill(-launcher(), 'SIGKILL');
      rmSync(directory, { recursive: true });
    }
  });
});
