// What Linux tells about running processes in /proc: memory, CPU time, and who started whom.
import { readFileSync, readdirSync } from 'node:fs';

/** The kernel reports CPU time to programs in hundredths of a second, whatever its own tick is. */
const MS_PER_TICK = 10;

export interface MemoryUse {
  /** Proportional share: pages shared by n processes count 1/n in each, so sums mean something. */
  readonly pssBytes: number;
  readonly rssBytes: number;
}

export function memoryUse(pid: number): MemoryUse {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1');
  const bytes = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0) * 1024;
  return { pssBytes: bytes('Pss'), rssBytes: bytes('Rss') };
}

/** User and system time of all threads so far; resolution 10 ms. */
export function cpuMs(pid: number): number {
  const fields = statFields(pid);
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
}

/** The process and everything it started, directly or not, that still runs. */
export function processTree(root: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      parents.set(Number(name), Number(statFields(Number(name))[1]));
    } catch {
      // It ended meanwhile.
    }
  }
  const tree = [root];
  for (const pid of tree) for (const [child, parent] of parents) if (parent === pid) tree.push(child);
  return tree;
}

/** The fields of /proc/PID/stat behind the name, which is in parentheses and may hold anything. */
function statFields(pid: number): string[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}
