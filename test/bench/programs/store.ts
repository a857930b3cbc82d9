// What a version costs in the store, in memory and in time, at a million and at five million: each
// measurement in a process of its own, of this build and, where one is named, of another.
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { StoreFigures } from '../load/store-run';
import { CannotMeasureError, type Bench } from '../program';
import { milliseconds, type Report } from '../report';

const KEYS = [1_000_000, 5_000_000];
const RUN = join(__dirname, '..', 'load', 'store-run.ts');

interface Measured extends StoreFigures {
  readonly build: string;
}

export async function store(bench: Bench): Promise<Report> {
  const { options, tell } = bench;
  const builds = [{ build: 'this build', dist: options.dist }];
  if (options.against !== undefined) builds.unshift({ build: 'the other', dist: options.against });
  const all: Measured[] = [];
  for (const keys of KEYS) {
    for (const { build, dist } of builds) {
      const rounds: StoreFigures[] = [];
      for (let round = 0; round < (options.rounds ?? 1); round += 1) {
        tell(`${keys} keys, ${build}, round ${round + 1}`);
        rounds.push(await measure(bench, dist, keys));
      }
      all.push({ build, ...leastOf(rounds) });
    }
  }
  return {
    tables: [
      {
        title: 'Keys of 32 bytes, values of 100: resident bytes for each, and processor time',
        columns: ['', 'bytes', 'of a stub', 'charged', 'insert', 'get', 'replace', 'expire'],
        rows: all.map(costs),
      },
      {
        title: 'The longest that the event loop was busy with 50 inserts, and with a slice of expiry',
        columns: ['', 'inserts', 'slice'],
        rows: all.map((each) => [
          nameOf(each),
          milliseconds(each.insertWorstMs),
          milliseconds(each.expireWorstMs),
        ]),
        bars: ['inserts', 'slice'],
      },
    ],
    notes: ['key and value are among the bytes; processor time includes the garbage collector'],
    data: { store: all },
  };
}

async function measure({ processes }: Bench, dist: string, keys: number): Promise<StoreFigures> {
  const child = processes.startScript(RUN, [dist, String(keys)]);
  const ended = once(child, 'exit');
  const [printed, complaint] = await Promise.all([textOf(child.stdout), textOf(child.stderr)]);
  await ended;
  if (printed === '') throw new CannotMeasureError(`no figures for ${keys} keys: ${complaint}`);
  return JSON.parse(printed) as StoreFigures;
}

function textOf(stream: Readable | null): Promise<string> {
  return stream === null ? Promise.resolve('') : text(stream);
}

/** What disturbs a round only ever adds to it. */
function leastOf(rounds: readonly StoreFigures[]): StoreFigures {
  return rounds.reduce((least, round) => ({
    keys: round.keys,
    bytesPerEntry: Math.min(least.bytesPerEntry, round.bytesPerEntry),
    bytesPerStub: Math.min(least.bytesPerStub, round.bytesPerStub),
    chargedPerEntry: round.chargedPerEntry,
    insertUs: Math.min(least.insertUs, round.insertUs),
    getUs: Math.min(least.getUs, round.getUs),
    replaceUs: Math.min(least.replaceUs, round.replaceUs),
    expireUs: Math.min(least.expireUs, round.expireUs),
    insertWorstMs: Math.min(least.insertWorstMs, round.insertWorstMs),
    expireWorstMs: Math.min(least.expireWorstMs, round.expireWorstMs),
  }));
}

function costs(each: Measured): string[] {
  const bytes = [each.bytesPerEntry, each.bytesPerStub, each.chargedPerEntry].map((n) => n.toFixed(0));
  const times = [each.insertUs, each.getUs, each.replaceUs, each.expireUs].map((n) => `${n.toFixed(2)} us`);
  return [nameOf(each), ...bytes, ...times];
}

function nameOf({ keys, build }: Measured): string {
  return `${keys / 1_000_000} million, ${build}`;
}
