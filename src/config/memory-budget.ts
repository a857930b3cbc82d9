// The one place where the container's bytes are shared out: what a node may store, what it may hold
// for clients and for peers meanwhile, and how V8 is told. Pure arithmetic. The same formula serves
// the launcher and a node started alone.

const MEGABYTE = 1_048_576;

/** What the launcher and the kernel's share take of the container. */
const LAUNCHER_MB = 60;
/** A node process before it holds data: Node.js, Nest, sockets. */
const PROCESS_MB = 70;
/**
 * Storage takes this share of what is left. The rest must also carry what is held for clients and
 * peers, and garbage not yet collected.
 */
const STORAGE_SHARE = 0.6;
/**
 * Of what storage leaves: half for clients, an eighth each for values that wait for peers and that
 * come from them, a quarter for garbage.
 */
const CLIENT_SHARE = 0.5;
const PEER_SHARE = 0.125;
/** Beside two of the largest values, which must always be able to arrive at once. */
const CLIENT_BYTES_MIN = 4 * MEGABYTE;
/** More would only make what is sent older. */
const PEER_BYTES_MAX = 256 * MEGABYTE;
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
  /**
   * Whether the nodes at their limit may need more than there is: the formula gives less than what
   * is used.
   */
  readonly tight: boolean;
  /** Flags of `node` for each child process. */
  readonly heapFlags: readonly string[];
}

/**
 * storage per node = (limit - 60 MB - 70 MB per process) x 0.6 / nodes, at least 16 MB.
 *
 * --max-old-space-size = storage of the process + 64 MB. Values are Buffers outside the heap. But
 * with tiny values nearly all that is accounted to storage is keys and entry objects inside it, so
 * the heap must be able to take it all. The flag is a ceiling and reserves nothing. It makes V8
 * collect before the container's limit kills.
 *
 * --max-semi-space-size = 1 below 1 GB (saves about 12 MB per process), 16 from there on (fewer
 * scavenges per request).
 */
export function memoryBudget(shape: MemoryShape): MemoryBudget {
  const limitMegabytes = Math.floor(shape.limitBytes / MEGABYTE);
  const processes = shape.isolation === 'process' ? shape.nodeCount : 1;
  const share = Math.floor((freeMegabytes(shape) * STORAGE_SHARE) / shape.nodeCount);
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

/** Megabytes for all nodes beside their processes: storage and all that is held meanwhile. */
function freeMegabytes({ limitBytes, nodeCount, isolation }: MemoryShape): number {
  const limitMegabytes = Math.floor(limitBytes / MEGABYTE);
  const processes = isolation === 'process' ? nodeCount : 1;
  return Math.max(0, limitMegabytes - LAUNCHER_MB - PROCESS_MB * processes);
}

export interface HeldBytes {
  /** What one node may hold for its clients: its ledger (src/http/limits/ledger.ts). */
  readonly clientBytes: number;
  /** Bytes of values that may wait for all its peers together. */
  readonly queueBytes: number;
  /** Bytes of values that may have arrived from them in part. */
  readonly assemblyBytes: number;
}

/**
 * rest = what the container has for one node - its storage;
 * clients = rest / 2, at most as much as storage, at least two of the largest values + 4 MB;
 * queues = rest / 8, at most 256 MB, at least one of the largest values;
 * assembly = the same, at least two of the largest values.
 */
export function heldBytes(shape: MemoryShape, valueBytesMax: number): HeldBytes {
  const storageBytes = memoryBudget(shape).storageMegabytes * MEGABYTE;
  const restBytes = Math.max(0, (freeMegabytes(shape) * MEGABYTE) / shape.nodeCount - storageBytes);
  const peerBytes = Math.min(Math.floor(restBytes * PEER_SHARE), PEER_BYTES_MAX);
  return {
    clientBytes: Math.max(
      Math.min(Math.floor(restBytes * CLIENT_SHARE), storageBytes),
      2 * valueBytesMax + CLIENT_BYTES_MIN,
    ),
    queueBytes: Math.max(peerBytes, valueBytesMax),
    assemblyBytes: Math.max(peerBytes, 2 * valueBytesMax),
  };
}
