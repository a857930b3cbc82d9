// One measurement of one build's store, in a process of its own: node store-run.ts DIST KEYS. Keys
// of 32 bytes, values of 100. Prints one line of JSON.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Incoming } from '../../../src/core/store/entry';
import type { Store } from '../../../src/core/store/store';
import { seeded } from '../statistics';

/** What both builds of a comparison have. */
type Measurable = Pick<Store, 'merge' | 'get' | 'expire' | 'nextDeadlineMs' | 'counts'>;

export interface StoreFigures {
  readonly keys: number;
  /** Growth of the resident set for each entry, key and value included, and for each stub. */
  readonly bytesPerEntry: number;
  readonly bytesPerStub: number;
  readonly chargedPerEntry: number;
  /** Processor time for each, in microseconds, threads of the garbage collector included. */
  readonly insertUs: number;
  readonly getUs: number;
  readonly replaceUs: number;
  readonly expireUs: number;
  /** The longest of all groups of 50 inserts and of all slices of expiry, in milliseconds. */
  readonly insertWorstMs: number;
  readonly expireWorstMs: number;
}

const KEY_HEX = 8;
const VALUE_BYTES = 100;
const BATCH = 5000;
const GROUP = 50;
const GETS = 500_000;
/** As in CoreNode. */
const EXPIRE_BUDGET = 2000;
const NOW = { monoMs: 1000, wallMs: 1_700_000_000_000 };
const TTL_MS = 600_000;
const SETTINGS = { ttlMaxMs: 86_400_000, storageBytesMax: 2 ** 36, clockOffsetMaxMs: 1000 };

interface Spent {
  /** Processor time, threads of the garbage collector and of the compiler included. */
  readonly cpuMs: number;
  /**
   * For how long the event loop was busy with it at most: neither longer than it took, nor than it
   * used processors. A busy machine makes the first too long, other threads the second.
   */
  readonly busyMs: number;
}

function spent(work: () => void): Spent {
  const [fromCpuMs, fromMs] = [cpuMs(), performance.now()];
  work();
  const [usedMs, tookMs] = [cpuMs() - fromCpuMs, performance.now() - fromMs];
  return { cpuMs: usedMs, busyMs: Math.min(usedMs, tookMs) };
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function residentBytes(collect: () => void): number {
  for (let i = 0; i < 3; i += 1) collect();
  return process.memoryUsage.rss();
}

/** As from a frame: text of its own, a view of bytes. */
function keyOf(i: number): string {
  const hex = i.toString(16).padStart(KEY_HEX, '0');
  const mixed = Math.imul(i, 0x9e3779b1) >>> 0;
  const text = `${mixed.toString(16).padStart(KEY_HEX, '0')}/session/${hex}/state`;
  return Buffer.from(text.slice(0, 32), 'latin1').toString('latin1');
}

function version(i: number, round: number): Incoming {
  return {
    key: keyOf(i),
    value: new Uint8Array(VALUE_BYTES).fill(i),
    hlc: (NOW.wallMs + round * 1000) * 1024 + i,
    origin: 'aaaaaaaaaaaaaaaa',
    seq: i + 1,
    ttlMs: TTL_MS + (i % 1000),
    ageMs: 0,
    supersedesUntilMs: 0,
  };
}

/** Merges versions of `indices`, made outside the time that counts. */
function mergeAll(store: Measurable, count: number, indexOf: (at: number) => number, round: number): Spent[] {
  const groups: Spent[] = [];
  for (let from = 0; from < count; from += BATCH) {
    const size = Math.min(BATCH, count - from);
    const batch = Array.from({ length: size }, (_, at) => version(indexOf(from + at), round));
    for (let at = 0; at < batch.length; at += GROUP) {
      const group = batch.slice(at, at + GROUP);
      groups.push(spent(() => group.forEach((incoming) => store.merge(incoming, NOW))));
    }
  }
  return groups;
}

function getAll(store: Measurable, keys: number, random: () => number): number {
  let spentMs = 0;
  let found = 0;
  for (let from = 0; from < GETS; from += BATCH) {
    const batch = Array.from({ length: BATCH }, () => keyOf(Math.floor(random() * keys)));
    const beforeMs = cpuMs();
    for (const key of batch) if (store.get(key, NOW.monoMs) !== null) found += 1;
    spentMs += cpuMs() - beforeMs;
  }
  if (found !== GETS) throw new Error(`found ${found} of ${GETS}`);
  return spentMs;
}

/** Slices until nothing is due and nothing is left to be put in order. */
function expireAll(store: Measurable): Spent[] {
  const slices: Spent[] = [];
  for (let ms = TTL_MS + 2000; ms < TTL_MS + 30_000; ms += 1) {
    slices.push(
      spent(() => store.expire({ monoMs: NOW.monoMs + ms, wallMs: NOW.wallMs + ms }, EXPIRE_BUDGET)),
    );
    if (store.counts().keys === 0 && store.nextDeadlineMs() > NOW.monoMs + TTL_MS + 60_000) break;
  }
  return slices;
}

const sum = (all: readonly Spent[]): number => all.reduce((total, { cpuMs: each }) => total + each, 0);
const worst = (all: readonly Spent[]): number => all.reduce((most, { busyMs }) => Math.max(most, busyMs), 0);

function measure(dist: string, keys: number): StoreFigures {
  const { Store: Built } = createRequire(__filename)(join(dist, 'core', 'store', 'store.js')) as {
    Store: new (settings: typeof SETTINGS, watchers: object, seed?: number) => Measurable;
  };
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const ignored = (): void => undefined;
  for (let i = 0; i < 100; i += 1) Array.from({ length: BATCH }, (_, at) => version(at, 0));
  const warm = new Built(SETTINGS, { stored: ignored, expired: ignored }, 1);
  mergeAll(warm, 20_000, (at) => at, 0);
  expireAll(warm);
  const store = new Built(SETTINGS, { stored: ignored, expired: ignored }, 1);
  const random = seeded(1);
  const emptyBytes = residentBytes(collect);
  const inserts = mergeAll(store, keys, (at) => at, 0);
  const fullBytes = residentBytes(collect);
  const { usedBytes } = store.counts();
  const gets = getAll(store, keys, random);
  const replaces = mergeAll(store, GETS, () => Math.floor(random() * keys), 1);
  const slices = expireAll(store);
  const stubBytes = residentBytes(collect);
  return {
    keys,
    bytesPerEntry: (fullBytes - emptyBytes) / keys,
    bytesPerStub: (stubBytes - emptyBytes) / keys,
    chargedPerEntry: usedBytes / keys,
    insertUs: (sum(inserts) * 1000) / keys,
    getUs: (gets * 1000) / GETS,
    replaceUs: (sum(replaces) * 1000) / GETS,
    expireUs: (sum(slices) * 1000) / keys,
    insertWorstMs: worst(inserts),
    expireWorstMs: worst(slices),
  };
}

const [dist, keys] = process.argv.slice(2);
process.stdout.write(`${JSON.stringify(measure(dist, Number(keys)))}\n`);
