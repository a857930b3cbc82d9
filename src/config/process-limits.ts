// The limits that the system sets for this process alone: `ulimit -v` (RLIMIT_AS) counts addresses,
// `ulimit -d` (RLIMIT_DATA) those of private memory that can be written, used or not. Node.js
// reserves hundreds of megabytes of them and uses few. So what counts is how many are left. Beyond
// a limit nobody is killed: an allocation fails, and ends the process nearly everywhere.
// Children inherit the limits. Sources: getrlimit(2), proc(5).
import { type ReadText, readSystemText } from './control-groups';

export interface ProcessMemory {
  /** What this process uses that is its own. */
  readonly usedBytes: number;
  /** That, and what it may ask for beside it. */
  readonly limitBytes: number;
  /** The limit itself, and who sets it. */
  readonly source: 'ulimit -v' | 'ulimit -d';
  readonly setBytes: number;
}

const LIMITS = [
  { source: 'ulimit -v', name: 'Max address space', taken: 'VmSize' },
  { source: 'ulimit -d', name: 'Max data size', taken: 'VmData' },
] as const;

/** Of glibc, where addresses have 64 bits. */
export const HEAP_BYTES = 64 * 1_048_576;
const MAPPING = /^([0-9a-f]+)-([0-9a-f]+) (\S{4}) /;

/** By the limit that leaves least. Null without a limit, or where the system tells of none. */
export function processMemory(read: ReadText = readSystemText): ProcessMemory | null {
  const limits = read('/proc/self/limits') ?? '';
  const set = LIMITS.flatMap((each) => {
    const setBytes = softLimit(limits, each.name);
    return setBytes === null ? [] : [{ ...each, setBytes }];
  });
  if (set.length === 0) return null;
  const status = read('/proc/self/status') ?? '';
  const usedBytes = statusBytes(status, 'RssAnon');
  const all = set.map(({ source, taken, setBytes }) => {
    const leftBytes = Math.max(0, setBytes - statusBytes(status, taken));
    return { usedBytes, limitBytes: usedBytes + leftBytes, source, setBytes };
  });
  return all.reduce((least, one) => (one.limitBytes < least.limitBytes ? one : least));
}

/**
 * Addresses that glibc has reserved for heaps of this process's threads: of each 64 MB, which begin
 * at a multiple of that, the first part can be written and the rest not yet.
 */
export function heapsOfThreads(read: ReadText = readSystemText): number {
  const maps = (read('/proc/self/maps') ?? '').split('\n').map((line) => MAPPING.exec(line));
  const heaps = maps.filter((mapping, at) => {
    const next = maps[at + 1];
    if (mapping?.[3] !== 'rw-p' || next?.[3] !== '---p' || mapping[2] !== next[1]) return false;
    const [start, end] = [mapping[1], next[2]].map((text) => parseInt(text, 16));
    return start % HEAP_BYTES === 0 && end - start === HEAP_BYTES;
  });
  return heaps.length * HEAP_BYTES;
}

/** Null for `unlimited`. */
function softLimit(limits: string, name: string): number | null {
  const text = new RegExp(`^${name} +(\\d+) `, 'm').exec(limits)?.[1];
  return text === undefined ? null : Number(text);
}

/** 0 for what is not told. */
function statusBytes(status: string, field: string): number {
  return Number(new RegExp(`^${field}:\\s*(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0) * 1024;
}
