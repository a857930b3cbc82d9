// What three nodes take whose storage is full of small values, in a control group with the memory
// limit of a small container: the limit is what they plan with, and the kernel enforces it.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LimitedGroup, memoryGroupProblem } from '../../support/processes/memory-groups';
import type { FillerOrder, FillerResult } from '../load/filler';
import { getJson } from '../load/http-connection';
import { type RunningLauncher, startLauncher } from '../machine/launcher';
import { output } from '../machine/output';
import { memoryUse, processTree } from '../machine/proc-files';
import { type Bench, CannotMeasureError } from '../program';
import { megabytes, type Report } from '../report';

const NODES = 3;
const LIMITS_MB = [300, 512];
const VALUE_BYTES = 50;
const MEGABYTE = 1_048_576;
/** All that the bookkeeping of the limits takes may be a tenth. */
const TARGET_SHARE = 1.1;
/** Less than any key here is charged: storage for so many is too little. */
const KEY_BYTES_MIN = 100;
const PEAKS = ['memory.peak', 'memory.max_usage_in_bytes'];

interface Storage {
  readonly keys: number;
  readonly used_bytes: number;
  readonly limit_bytes: number;
}

interface Measured {
  readonly limitMb: number;
  readonly storage: Storage;
  readonly refused: number;
  readonly pssBytes: number;
  /** What the kernel charged at most; null where it does not say. */
  readonly peakBytes: number | null;
}

export async function full(bench: Bench): Promise<Report> {
  const problem = memoryGroupProblem();
  if (problem !== null) throw new CannotMeasureError(`needs control groups, as root: ${problem}`);
  const all: Measured[] = [];
  for (const limitMb of LIMITS_MB) all.push(await measure(bench, limitMb));
  return report(all, valueBytesOf(bench));
}

async function measure(bench: Bench, limitMb: number): Promise<Measured> {
  const group = LimitedGroup.create('full', limitMb * MEGABYTE);
  const env = { REPRAM_CLIENT_QUOTA: '0' };
  const launcher = await startLauncher(bench, NODES, env, group.below('nodes'));
  const { refused } = await fill(bench, launcher);
  const { storage } = (await getJson(launcher.ports[0], '/status')) as { storage: Storage };
  bench.tell(`limit ${limitMb} MB: ${storage.keys} keys, ${refused} refused`);
  const pssBytes = processTree(launcher.pid).reduce((sum, pid) => sum + memoryUse(pid).pssBytes, 0);
  const peakBytes = peakOf(group.directory);
  await launcher.stop();
  await group.remove();
  return { limitMb, storage, refused, pssBytes, peakBytes };
}

async function fill(bench: Bench, { ports }: RunningLauncher): Promise<FillerResult> {
  const [port] = ports;
  const { storage } = (await getJson(port, '/status')) as { storage: Storage };
  const order: FillerOrder = {
    port,
    first: 0,
    end: Math.ceil(storage.limit_bytes / KEY_BYTES_MIN),
    valueBytes: valueBytesOf(bench),
    perSecond: 0,
    dueAtMs: null,
  };
  const script = join(__dirname, '..', 'load', 'filler.ts');
  const { text } = await output(bench.processes.startScript(script, [JSON.stringify(order)]));
  const result = JSON.parse(text) as FillerResult;
  if (result.refused === 0) throw new CannotMeasureError('the nodes are not full');
  return result;
}

function valueBytesOf({ options }: Bench): number {
  return options.values?.[0] ?? VALUE_BYTES;
}

function peakOf(directory: string): number | null {
  const file = PEAKS.map((name) => join(directory, name)).find(existsSync);
  return file === undefined ? null : Number(readFileSync(file, 'utf8'));
}

function report(all: readonly Measured[], valueBytes: number): Report {
  return {
    tables: [
      {
        title: `Three nodes, full of values of ${valueBytes} bytes`,
        columns: [
          'limit',
          'storage of a node',
          'keys',
          'PSS, launcher included',
          'charged at most',
          'wanted',
        ],
        rows: all.map(({ limitMb, storage, pssBytes, peakBytes }) => [
          `${limitMb} MB`,
          megabytes(storage.limit_bytes),
          String(storage.keys),
          megabytes(pssBytes),
          peakBytes === null ? '-' : megabytes(peakBytes),
          `<= ${(limitMb * TARGET_SHARE).toFixed(0)} MB`,
        ]),
      },
    ],
    notes: ['keys of 32 bytes, all written to one node; what did not fit was refused with 507'],
    data: { full: all },
  };
}
