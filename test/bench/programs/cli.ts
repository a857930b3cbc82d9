// How long a command takes beside bare Node.js, from its start to its end: what a person waits for.
// The three take turns.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { startLauncher } from '../machine/launcher';
import type { Bench } from '../program';
import { summaryCells, summaryTable, type Report } from '../report';
import { summarize } from '../statistics';

const ROUNDS = 20;
const TARGET = '<= 150 ms';

interface Kind {
  readonly name: string;
  readonly args: readonly string[];
  readonly tookMs: number[];
}

export async function cli(bench: Bench): Promise<Report> {
  const { options, tell } = bench;
  const launcher = await startLauncher(bench, 3);
  const program = join(options.dist, 'cli.js');
  const node = ['--node', `127.0.0.1:${launcher.ports[0]}`];
  run([program, 'put', 'bench', '--value', 'x', ...node]);
  const kinds: readonly Kind[] = [
    { name: 'node -e 0', args: ['-e', '0'], tookMs: [] },
    { name: 'repram --version', args: [program, '--version'], tookMs: [] },
    { name: 'repram get', args: [program, 'get', 'bench', ...node], tookMs: [] },
  ];
  for (let round = 0; round < (options.rounds ?? ROUNDS); round += 1) {
    for (const { args, tookMs } of kinds) tookMs.push(run(args));
    tell(`round ${round + 1}`);
  }
  await launcher.stop();
  const rows = kinds.map(({ name, tookMs }) => [name, ...summaryCells(summarize(tookMs)), TARGET]);
  const data = { cli: kinds.map(({ name, tookMs }) => ({ name, tookMs })) };
  return { tables: [summaryTable('A command, from its start to its end', rows)], notes: [], data };
}

/** Milliseconds. */
function run(args: readonly string[]): number {
  const startMs = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${String(status)}: ${stderr}`);
  return performance.now() - startMs;
}
