// A terminal that goes away under what runs in it: its window is closed, a connection is lost.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../support/basics/until';
import { Cluster } from '../support/processes/cluster';
import { portRange } from '../support/processes/ports';
import { onTerminal } from '../support/processes/terminal';

const DIST = join(__dirname, '../../dist');
const cluster = new Cluster();
const folder = mkdtempSync(join(tmpdir(), 'repram-terminal-'));
afterEach(() => cluster.cleanUp());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a terminal that is closed', () => {
  onTerminal.each([
    ['the launcher', ['launcher.js'], 'process'],
    ['a launcher with all nodes in one process', ['launcher.js'], 'none'],
    ['a node', ['node.js'], 'process'],
    ['the command line', ['cli.js', 'start'], 'process'],
  ])('lets %s drain and end with 0', async (name, [program, ...words], isolation) => {
    const base = await portRange(10);
    const code = join(folder, name);
    // The shell passes the signal on, and outlives it to tell how the program ended.
    const run = [process.execPath, join(DIST, program), ...words].join(' ');
    const trap = `${run} </dev/tty & pid=$!; trap "kill -HUP $pid" HUP; wait $pid; wait $pid; echo $? > '${code}'`;
    const terminal = cluster.run(['script', '--quiet', '--command', trap, '/dev/null'], {
      PATH: process.env.PATH ?? '',
      BASE_PORT: String(base),
      REPRAM_BIND_ADDRESS: '127.0.0.1',
      REPRAM_ISOLATION: isolation,
    });
    const isUp = async (): Promise<boolean> => {
      const answer = await fetch(`http://127.0.0.1:${base}/health/live`).catch(() => null);
      return answer?.ok === true;
    };
    await until(isUp, 'the node answers');
    process.kill(terminal.pid, 'SIGKILL');
    await until(() => existsSync(code) && readFileSync(code, 'utf8') !== '', 'the program has ended');
    expect(readFileSync(code, 'utf8')).toBe('0\n');
  });
});
