// How much memory a node may fill, and how V8 is told. Pure arithmetic over the container's limit; the same formula
// serves the launcher and a node started alone.

const MEGABYTE = 1_048_576;

/** What the launcher and the kernel's share take of the container. */
const LAUNCHER_MB = 60;
/** A node process before it holds data: Node.js, Nest, sockets. */
const PROCESS_MB = 70;
/** The rest must also carry garbage not yet collected, link queues and request bodies; storage takes this share of it. */
const STORAGE_SHARE = 0.6;
const STORAGE_MB_MIN = 16;
/** Heap beside what is stored: code, links, requests. */
const HEAP_BASE_MB = 64;
const SMALL_CONTAINER_MB = 1024;

export interface MemoryShape {
  /** Bytes the container (or the machine) has. */
  readonly limitBytes: number;
  readonly nodeCount: number;
  readonly isolation: 'process' | 'none';
  /** Megabytes per node the operator asked for; 0 = computed. */
  readonly storageMegabytes: number;
}

export interface MemoryBudget {
  /** Per node. */
  readonly storageMegabytes: number;
  /** Whether the nodes at their limit may need more than there is: the formula gives less than what is used. */
  readonly tight: boolean;
  /** Flags of `node` for each child process. */
  readonly heapFlags: readonly string[];
}

/**
 * storage per node = (limit - 60 MB - 70 MB per process) x 0.6 / nodes, at least 16 MB.
 *
 * --max-old-space-size = storage of the process + 64 MB: values are Buffers outside the heap, but with tiny values
 * nearly all that is accounted to storage is keys and entry objects inside it, so the heap must be able to take it
 * all. The flag is a ceiling, it reserves nothing; it makes V8 collect before the container's limit kills.
 *
 * --max-semi-space-size = 1 below 1 GB (saves about 12 MB per process), 16 from there on (fewer scavenges per request).
 */
export function memoryBudget(shape: MemoryShape): MemoryBudget {
  const limitMegabytes = Math.floor(shape.limitBytes / MEGABYTE);
  const processes = shape.isolation === 'process' ? shape.nodeCount : 1;
  const free = Math.max(0, limitMegabytes - LAUNCHER_MB - PROCESS_MB * processes);
  const share = Math.floor((free * STORAGE_SHARE) / shape.nodeCount);
  const storageMegabytes =
    shape.storageMegabytes > 0 ? shape.storageMegabytes : Math.max(STORAGE_MB_MIN, share);
  const heapMegabytes = (storageMegabytes * shape.nodeCount) / processes + HEAP_BASE_MB;
  const semiSpaceMegabytes = limitMegabytes < SMALL_CONTAINER_MB ? 1 : 16;
  return {
    storageMegabytes,
    tight: storageMegabytes > share,
    heapFlags: [`--max-old-space-size=${heapMegabytes}`, `--max-semi-space-size=${semiSpaceMegabytes}`],
  };
}
