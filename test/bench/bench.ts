// Runs one bench against the build in dist/ with real processes (docs/benchmarks.md): npm run bench
// -- formation
import { existsSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { Processes } from './machine/processes';
import { readOptions, USAGE, type BenchName, type BenchOptions } from './options';
import { CannotMeasureError, type Bench } from './program';
import { cli } from './programs/cli';
import { client } from './programs/client';
import { coldstart } from './programs/coldstart';
import { detection } from './programs/detection';
import { engines } from './programs/engines';
import { events } from './programs/events';
import { fade } from './programs/fade';
import { formation } from './programs/formation';
import { full } from './programs/full';
import { hosts } from './programs/hosts';
import { memory } from './programs/memory';
import { million } from './programs/million';
import { paired } from './programs/paired';
import { quick } from './programs/quick';
import { rates } from './programs/rates';
import { spread } from './programs/spread';
import { store } from './programs/store';
import { visibility } from './programs/visibility';
import { svgText } from './chart';
import { tableText, type Report } from './report';

const PROGRAMS: Readonly<Record<BenchName, (bench: Bench) => Promise<Report>>> = {
  formation,
  detection,
  coldstart,
  memory,
  rates,
  quick,
  visibility,
  hosts,
  paired,
  store,
  events,
  fade,
  cli,
  client,
  million,
  engines,
  spread,
  full,
};
const INTERRUPTED = 130;

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (typeof options === 'string') {
    refuse(`${options}\n${USAGE}`);
    return;
  }
  if (!existsSync(join(options.dist, 'launcher.js'))) {
    refuse(`no launcher.js in ${options.dist}: run npm run build\n`);
    return;
  }
  const processes = new Processes();
  process.on('exit', () => processes.killAll());
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => process.exit(INTERRUPTED));
  }
  const tell = (line: string): void => void process.stderr.write(`${line}\n`);
  const loadBefore = loadavg()[0];
  const report = await PROGRAMS[options.bench]({ options, processes, tell });
  processes.killAll();
  print(options, report, loadBefore);
}

function refuse(text: string): void {
  process.stderr.write(text);
  process.exitCode = 2;
}

function print(options: BenchOptions, report: Report, loadBefore: number): void {
  const machine = {
    cpus: availableParallelism(),
    node: process.version,
    loadBefore,
    loadAfter: loadavg()[0],
  };
  const { cpus, node, loadAfter } = machine;
  const load = `load ${loadBefore.toFixed(1)} before, ${loadAfter.toFixed(1)} after`;
  const foot = [...report.notes, `${cpus} CPUs, Node.js ${node}, ${load}, seed ${options.seed}`];
  process.stdout.write(`${report.tables.map(tableText).join('\n')}\n${foot.join('\n')}\n`);
  const { bench, seed } = options;
  if (options.svgFile !== undefined)
    writeFileSync(options.svgFile, svgText(`REPRAM, ${bench}`, report.tables, foot));
  if (options.jsonFile === undefined) return;
  const whole = { bench, at: new Date().toISOString(), seed, machine, ...report.data };
  writeFileSync(options.jsonFile, `${JSON.stringify(whole, null, 2)}\n`);
}

main().catch((error: unknown) => {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${error instanceof CannotMeasureError ? error.message : text}\n`);
  process.exit(1);
});
