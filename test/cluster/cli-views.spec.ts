// `repram status`, `peers`, `top`, `bench` and `doctor` with real nodes that are well.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { possibleWith } from '../support/basics/possible';
import { until } from '../support/basics/until';
import { Cluster } from '../support/processes/cluster';
import { Launched } from '../support/processes/launched';
import { startTyping, type, type Typed } from '../support/processes/typed';

const CLI = join(__dirname, '../../dist/cli.js');
const COLORS = /\u001B\[\d/;

describe('the views of the command line', () => {
  const cluster = new Cluster();
  let launched: Launched;
  let env: Record<string, string>;
  let places: string[];
  beforeAll(async () => {
    launched = await Launched.start(cluster, { nodes: 2 });
    env = { BASE_PORT: String(launched.base), MAX_PORTS: '10' };
    places = launched.ports.map((port) => `127.0.0.1:${port}`);
  });
  afterAll(() => cluster.cleanUp());

  const repram = (...args: readonly string[]): Promise<Typed> => type(args, { env });

  it('status tells of one node, in lines and as the node tells it', async () => {
    const { code, out, errors } = await repram('status');
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    expect(out).toMatch(new RegExp(`^node +flux-node-1 \\([0-9a-f]{16}\\) at http://${places[0]}$`, 'm'));
    expect(out).toMatch(/^state +ready$/m);
    const json = JSON.parse((await repram('status', '--json', '--node', places[1])).out) as object;
    expect(json).toMatchObject({ name: 'flux-node-2', state: 'ready' });
  });

  it('peers tells whom a node knows', async () => {
    const { code, out } = await repram('peers');
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`^flux-node-2 +[0-9a-f]{16} +${places[1]} +alive +direct`, 'm'));
    const { peers } = JSON.parse((await repram('peers', '--json')).out) as { peers: { state: string }[] };
    expect(peers.map(({ state }) => state)).toEqual(['alive']);
  });

  it('top --once prints a table of all nodes, also of those that only a peer names', async () => {
    const { code, out } = await repram('top', '--once', '--node', places[0]);
    expect(code).toBe(0);
    expect(out).toMatch(/^1 of 2 nodes answering/);
    for (const place of places) expect(out).toContain(place);
    expect(out).not.toMatch(COLORS);
    const all = JSON.parse((await repram('top', '--once', '--json')).out) as { nodes: { state: string }[] };
    expect(all.nodes.map(({ state }) => state)).toEqual(['ready', 'ready']);
    expect(all).toMatchObject({ totals: { nodes: 2, answering: 2 } });
  });

  it('top writes a line for each look where there is no terminal, until Ctrl-C', async () => {
    const limited = await repram('top', '--interval', '0.05', '--limit', '3');
    expect(limited.code).toBe(0);
    expect(limited.out.match(/^ *\d\d:\d\d:\d\d +2\/2 /gm)).toHaveLength(3);
    expect(limited.out).toMatch(/^ +time +nodes +keys/);
    const endless = startTyping(['top', '--interval', '0.05'], { env });
    await until(() => endless.out().split('\n').length > 3, 'it looks again and again');
    endless.child.kill('SIGINT');
    expect(await endless.ended).toMatchObject({ code: 130, errors: '' });
  });

  it('bench measures writes and reads, and tells how they were answered', async () => {
    const { code, out, errors } = await repram('bench', '--seconds', '1', '--connections', '4');
    expect(code).toBe(0);
    expect(errors).toContain('2 nodes, 4 requests at a time, values of 100 B');
    expect(out).toMatch(/^put +[\d,]+ .*[\d,]+ x 201/m);
    expect(out).toMatch(/^get +[\d,]+ .*[\d,]+ x 200$/m);
    const json = JSON.parse((await repram('bench', '--seconds', '1', '--json')).out) as object;
    expect(json).toMatchObject({ value_bytes: 100, put: { statuses: {} }, get: { statuses: {} } });
  });

  it('doctor finds nothing wrong with a network that is well', async () => {
    const { code, out, errors } = await repram('doctor');
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    expect(out).toContain(`flux-node-1 (${places[0]}) and flux-node-2 (${places[1]}) answer.`);
    expect(out).toContain('Each node sees every other one.');
    // A machine with more work than processors is told of, and rightly.
    const last = out.includes('is late by') ? /^0 problems, \d warnings?\.$/ : /^Nothing is wrong\.$/;
    expect(out.trimEnd().split('\n').at(-1)).toMatch(last);
    const told = JSON.parse((await repram('doctor', '--json')).out) as { findings: { verdict: string }[] };
    expect(told).toMatchObject({ well: true });
    expect(told.findings.map(({ verdict }) => verdict)).not.toContain('problem');
  });

  const onTerminal = possibleWith('script', spawnSync('script', ['--version']).error?.message ?? null);

  /** What a person sees: the program under a terminal of its own. */
  function onScreen(command: string, more: Readonly<Record<string, string>> = {}, columns = 100): string {
    const program = `stty cols ${columns} rows 30; "${process.execPath}" "${CLI}" ${command}`;
    const { stdout } = spawnSync('script', ['-qec', program, '/dev/null'], {
      env: { PATH: process.env.PATH, TERM: 'xterm', ...env, ...more },
      encoding: 'utf8',
      timeout: 30_000,
    });
    return stdout;
  }

  onTerminal('a terminal gets colours, unless NO_COLOR or TERM says no', () => {
    expect(onScreen('top --once')).toMatch(COLORS);
    expect(onScreen('top --once', { NO_COLOR: '1' })).not.toMatch(COLORS);
    expect(onScreen('top --once', { TERM: 'dumb' })).not.toMatch(COLORS);
  });

  onTerminal('top --once leaves columns out where a terminal is narrow', () => {
    const lines = (columns: number): string[] =>
      onScreen('top --once', { NO_COLOR: '1' }, columns).trimEnd().split('\r\n').slice(2);
    expect(lines(100)[0]).toMatch(/^NODE .* LOOP +ANSWER +UP$/);
    expect(lines(80)[0]).toMatch(/^NODE +ADDRESS +STATE .* LAG/);
    for (const columns of [80, 60, 40])
      for (const line of lines(columns)) expect(line.length).toBeLessThanOrEqual(columns);
  });

  onTerminal('get shows text on a terminal, and no value that could command it', async () => {
    const values: readonly (readonly [string, Buffer])[] = [
      ['plain', Buffer.from('ü\ttab\nline\n')],
      ['commands', Buffer.from('\u001B]0;title\u0007')],
      ['bytes', Buffer.from([0xff, 0xfe])],
    ];
    for (const [key, stdin] of values)
      expect(await type(['put', key], { env, stdin })).toMatchObject({ code: 0 });
    expect(onScreen('get plain')).toBe('ü\ttab\r\nline\r\n');
    for (const key of ['commands', 'bytes']) {
      const shown = onScreen(`get ${key}`);
      expect(shown).toMatch(/^repram: the value is no plain text .*; -o FILE writes it to a file/);
      expect(shown).not.toContain('title');
    }
    expect(onScreen('get commands -o -')).toContain('title');
    expect((await type(['get', 'bytes'], { env })).bytes.toString('hex')).toBe('fffe');
  });

  onTerminal('top draws its table anew, and gives the cursor back', () => {
    const drawn = onScreen('top --interval 0.05 --limit 2');
    expect(drawn.match(/\u001B\[H\u001B\[J/g)).toHaveLength(2);
    expect(drawn).toMatch(/^\u001B\[\?25l[\s\S]*\u001B\[\?25h$/);
    expect(drawn).toContain('Ctrl-C ends it');
  });

  onTerminal('a large value shows how far it is, on a terminal only', async () => {
    const bar = /storing \[[#-]{24}\] +\d+ % {2}.* of 8\.0 MB/;
    const folder = mkdtempSync(join(tmpdir(), 'repram-cli-'));
    const file = join(folder, 'value');
    writeFileSync(file, Buffer.alloc(8_000_000));
    const drawn = onScreen(`put big "${file}"`);
    expect(drawn).toMatch(bar);
    expect(drawn).toMatch(/\r\u001B\[Kbig: 8\.0 MB for 1 h/);
    expect(await type(['put', 'big', file], { env })).toMatchObject({ code: 0, errors: '' });
    rmSync(folder, { recursive: true });
  });
});
