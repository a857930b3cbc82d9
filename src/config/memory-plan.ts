// How much memory the nodes here may plan with: the limit of the control groups or the machine
// (memory-limit.ts), and what the limits of a single process leave to each of them.
import type { ReadText } from './control-groups';
import { readSystemText } from './control-groups';
import { leastProcessBytes, limitOfAll, type MemoryShape } from './memory-budget';
import { memoryLimit, type MemoryLimit } from './memory-limit';
import type { Problem } from './problems';
import { HEAP_BYTES, heapsOfThreads, processMemory, type ProcessMemory } from './process-limits';

const MEGABYTE = 1_048_576;

/** Stacks of the four threads of libuv's pool, which come later than the settings. */
const STACKS_BYTES = 4 * 8 * MEGABYTE;
/** For each of its threads glibc reserves addresses for a heap. */
const THREADS = 10;

export interface MemoryPlan extends MemoryLimit {
  /** The system counts what a process asks for, whether it uses that or not. */
  readonly countsAddresses: boolean;
  /** `ulimit -v` is what leaves a process least. */
  readonly addressesLimited: boolean;
  /** Why no node can live with the limits of a process. */
  readonly problem: Problem | null;
}

export interface PlannedNodes extends Pick<MemoryShape, 'nodeCount' | 'isolation'> {
  /** Whether the threads of the nodes may have heaps of their own. */
  readonly hasHeaps: boolean;
}

/** To be called early: what this process has taken then, Node.js takes in each process. */
export function memoryPlan(nodes: PlannedNodes, read: ReadText = readSystemText): MemoryPlan {
  const limit = memoryLimit(read);
  const own = processMemory(read);
  if (own === null) return { ...limit, countsAddresses: false, addressesLimited: false, problem: null };
  const addressesLimited = own.source === 'ulimit -v';
  const heapsBytes = (nodes.hasHeaps ? THREADS * HEAP_BYTES : 0) - heapsOfThreads(read);
  const laterBytes = STACKS_BYTES + (addressesLimited ? heapsBytes : 0);
  const processBytes = Math.max(0, own.limitBytes - laterBytes);
  const bytes = limitOfAll(processBytes, nodes);
  const least = bytes < limit.bytes ? { bytes, source: own.source } : limit;
  const problem = problemOf(own, processBytes, leastProcessBytes(nodes));
  return { ...least, countsAddresses: true, addressesLimited, problem };
}

function problemOf(own: ProcessMemory, processBytes: number, leastBytes: number): Problem | null {
  const missingBytes = leastBytes - processBytes;
  if (missingBytes <= 0) return null;
  const [left, least] = [processBytes, leastBytes].map((bytes) => Math.floor(bytes / MEGABYTE));
  const kilobytes = Math.ceil((own.setBytes + missingBytes) / MEGABYTE) * 1024;
  return {
    variable: own.source,
    given: `${own.setBytes / 1024} kB, of which Node.js leaves ${left} MB to a process`,
    allowed: `unlimited, or at least ${kilobytes} kB: a process of these nodes needs ${least} MB, or an upload ends it`,
  };
}
