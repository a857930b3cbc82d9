// How much memory this process may use before the kernel kills it, and how near that is. A limit on
// any group above counts like one on the own group: of a systemd slice, of a pod, of a v1
// hierarchy. The launcher plans the nodes' storage by it (memory-plan.ts), and /health judges by
// it. With v2, what lies above a container's cgroup namespace cannot be seen from inside.
import { totalmem } from 'node:os';
import { type ControlGroup, controlGroups, type ReadText, readSystemText } from './control-groups';
import { processMemory } from './process-limits';

export interface MemoryLimit {
  readonly bytes: number;
  /** The directory of the group that sets it, `ulimit -v`, `ulimit -d` or `machine`. */
  readonly source: string;
}

/** Of all processes that share a limit, or of this one where it has the nearer limit. */
export interface MemoryUsage {
  /** Without page cache that the kernel takes back before it kills; null = cannot be read. */
  readonly usedBytes: number | null;
  readonly limitBytes: number;
  /**
   * `group`: beyond the limit the kernel kills. `process`: this process has a limit of its own, and
   * ends beyond it. `machine`: there is no limit. This is the memory of the whole machine.
   */
  readonly scope: 'group' | 'process' | 'machine';
  /**
   * A group is beyond what its owner advised (v2 memory.high): the kernel slows its processes down.
   */
  readonly throttled: boolean;
}

/** v1 writes a number near 2^63 for "no limit", v2 the word `max`. */
const UNLIMITED_BYTES = 2 ** 60;

/**
 * The smallest limit of all groups, advice to the kernel included. Without one it is all memory of
 * the machine.
 */
export function memoryLimit(read: ReadText = readSystemText, machineBytes = totalmem()): MemoryLimit {
  const limits = controlGroups(read).flatMap((group) => {
    const all = [hardLimit(group, read), advisedLimit(group, read)].filter((bytes) => bytes !== null);
    return all.map((bytes) => ({ bytes, source: group.directory }));
  });
  return limits.reduce((least, other) => (other.bytes <= least.bytes ? other : least), {
    bytes: machineBytes,
    source: 'machine',
  });
}

/**
 * Of the group that is nearest to its hard limit, or of this process when that is nearer to one of
 * its own. Else of the machine. Null when not even that can be read.
 */
export function memoryUsage(read: ReadText = readSystemText): MemoryUsage | null {
  const groups = controlGroups(read);
  const throttled = groups.some((group) => {
    const advice = advisedLimit(group, read);
    return advice !== null && (usedBytes(group, read) ?? 0) > advice;
  });
  const ofGroups = groups.flatMap((group) => {
    const limitBytes = hardLimit(group, read);
    if (limitBytes === null) return [];
    return [{ usedBytes: usedBytes(group, read), limitBytes, scope: 'group' as const }];
  });
  const usages = [...ofGroups, ...ownUsage(read)];
  const [nearest] = usages.sort((one, other) => fullness(other) - fullness(one));
  const found = usages.length > 0 ? nearest : machineUsage(read);
  return found === null ? null : { ...found, throttled };
}

/** 0 to 1. What cannot be read comes after everything that can, smaller limits first. */
function fullness({ usedBytes, limitBytes }: Omit<MemoryUsage, 'throttled'>): number {
  return usedBytes === null ? -limitBytes : usedBytes / limitBytes;
}

function ownUsage(read: ReadText): Omit<MemoryUsage, 'throttled'>[] {
  const own = processMemory(read);
  if (own === null) return [];
  return [{ usedBytes: own.usedBytes, limitBytes: own.limitBytes, scope: 'process' }];
}

function machineUsage(read: ReadText): Omit<MemoryUsage, 'throttled'> | null {
  const text = read('/proc/meminfo') ?? '';
  const bytesOf = (field: string): number => {
    return Number(new RegExp(`^${field}: +(\\d+) kB$`, 'm').exec(text)?.[1] ?? NaN) * 1024;
  };
  const [total, available] = [bytesOf('MemTotal'), bytesOf('MemAvailable')];
  if (Number.isNaN(total)) return null;
  const used = Number.isNaN(available) ? null : Math.max(0, total - available);
  return { usedBytes: used, limitBytes: total, scope: 'machine' };
}

/** v1 has nothing like it: its soft limit counts only when the whole machine runs short. */
function advisedLimit({ version, directory }: ControlGroup, read: ReadText): number | null {
  return version === 2 ? parseBytes(read(`${directory}/memory.high`)) : null;
}

/**
 * Beyond it the kernel kills without asking. A v1 group also knows the least of the limits above
 * it, seen or unseen.
 */
function hardLimit({ version, directory }: ControlGroup, read: ReadText): number | null {
  if (version === 2) return parseBytes(read(`${directory}/memory.max`));
  const limits = [
    parseBytes(read(`${directory}/memory.limit_in_bytes`)),
    parseBytes(statField(read(`${directory}/memory.stat`), 'hierarchical_memory_limit')),
  ].filter((bytes) => bytes !== null);
  return limits.length === 0 ? null : Math.min(...limits);
}

function usedBytes({ version, directory }: ControlGroup, read: ReadText): number | null {
  const [current, prefix] = version === 2 ? ['memory.current', ''] : ['memory.usage_in_bytes', 'total_'];
  const used = parseBytes(read(`${directory}/${current}`));
  if (used === null) return null;
  const stat = read(`${directory}/memory.stat`);
  const reclaimable = ['inactive_file', 'active_file', ...(version === 2 ? ['slab_reclaimable'] : [])];
  const cached = reclaimable.map((field) => parseBytes(statField(stat, `${prefix}${field}`)) ?? 0);
  return Math.max(0, used - cached.reduce((sum, bytes) => sum + bytes, 0));
}

function statField(stat: string | null, field: string): string | null {
  const line = stat?.split('\n').find((each) => each.startsWith(`${field} `));
  return line?.slice(field.length + 1) ?? null;
}

/** Null for `max`, for what v1 writes instead, and for anything that is no count of bytes. */
function parseBytes(text: string | null): number | null {
  const digits = text?.trim() ?? '';
  if (!/^\d{1,20}$/.test(digits)) return null;
  const bytes = Number(digits);
  return bytes < UNLIMITED_BYTES ? bytes : null;
}
