// The one place where the container's bytes are shared out: what a node may store, what it may hold
// for clients and for peers meanwhile, and how V8 is told. Pure arithmetic. The same formula serves
// the launcher and a node started alone.

const MEGABYTE = 1_048_576;

/** What the launcher and the kernel's share take of the container. */
const LAUNCHER_MB = 60;
/** A node process before it holds data (Node.js, Nest, sockets), and garbage of a busy one. */
const PROCESS_MB = 70;
/**
 * The same where everything is at its least: an idle process (30 MB of its own, measured with
 * Node.js 20) and the garbage that read-garbage.ts leaves.
 */
const PROCESS_MB_LEAST = 46;
/**
 * The least that a node holds for clients and peers beside its storage (heldBytes), with values of
 * the default limit.
 */
const HELD_MB_LEAST = 54;
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
/** Of what storage leaves. */
const GARBAGE_SHARE = 0.25;
/**
 * Garbage that may come together before V8 looks for it in the whole heap. By itself it does after
 * about 25 MB, which large values bring in a tenth of a second. Each time it goes through all of a
 * heap of 17 MB that is nearly all code.
 */
const LATE_GARBAGE_MB = 64;
/** Of the heap, in percent: the heap of a node grows by that many megabytes. */
const LATE_GROWTH_PERCENT = 400;
/** Heap beside what is stored: code, links, requests. */
const HEAP_BASE_MB = 64;
const SMALL_CONTAINER_MB = 1024;

/**
 * For the allocator of glibc: from this size a buffer is memory of its own, which goes back to the
 * system when it is freed. That is its first threshold as well. But it raises it, up to 32 MB, to
 * the size of what is freed; large values then leave gaps that no other one fits. Such memory costs
 * more, because each page of it is given anew. Other allocators ignore the variable.
 */
const SMALL_ALLOCATOR = { MALLOC_MMAP_THRESHOLD_: String(128 * 1024) } as const;

/**
 * Where the addresses of a process are limited. Otherwise each of its threads reserves 64 MB of
 * them for a heap of its own.
 */
const ONE_HEAP = { MALLOC_ARENA_MAX: '1' } as const;

export interface MemoryShape {
  /** Bytes that all processes together may use (memory-plan.ts). */
  readonly limitBytes: number;
  readonly nodeCount: number;
  readonly isolation: 'process' | 'none';
  /** Megabytes per node the operator asked for; 0 = computed. */
  readonly storageMegabytes: number;
  /** Whether the system limits the addresses of a process; absent = no. */
  readonly addressesLimited?: boolean;
  /** Values are in servers: whatever is read of them is garbage soon; absent = no. */
  readonly storesElsewhere?: boolean;
}

export interface MemoryBudget {
  /** Per node. */
  readonly storageMegabytes: number;
  /**
   * Whether full nodes may need more than there is while they hold as much as they may: the formula
   * gives less storage than is used. It goes by what may be held, and not by what full nodes take
   * at rest, which is far less where values are small: under 300 MB three nodes full of values of
   * 50 bytes take 153 MB (`npm run bench -- full`), and may hold 54 MB more each as soon as clients
   * and peers send the largest values to all of them at once. Full of values of 200 kB they take
   * 280 MB of a container of 300 (docs/benchmarks.md) before anybody does.
   */
  readonly tight: boolean;
  /** Flags of `node` for each child process. */
  readonly heapFlags: readonly string[];
  /** Variables of each child process, unless the operator has set them. */
  readonly allocator: Readonly<Record<string, string>>;
}

/**
 * storage per node = (limit - 60 MB - 70 MB per process) x 0.6 / nodes, at most
 * (limit - 60 MB - 46 MB per process) / nodes - 54 MB, at least 16 MB.
 *
 * --max-old-space-size = storage of the process + 64 MB. Values are Buffers outside the heap. But
 * with tiny values nearly all that is accounted to storage is keys and entry objects inside it, so
 * the heap must be able to take it all. The flag is a ceiling and reserves nothing. It makes V8
 * collect before the container's limit kills.
 *
 * --max-semi-space-size = 1 below 1 GB (saves about 12 MB per process), 16 from there on (fewer
 * scavenges per request).
 *
 * --heap-growing-percent = 400 from 1 GB on where a process may have 64 MB of garbage (a PUT of
 * 1 MB costs half the time).
 *
 * --expose-gc below 1 GB, and everywhere with values in servers: for read-garbage.ts; and
 * SMALL_ALLOCATOR. ONE_HEAP where addresses are limited.
 */
export function memoryBudget(shape: MemoryShape): MemoryBudget {
  const share = storageShare(shape);
  const storageMegabytes =
    shape.storageMegabytes > 0 ? shape.storageMegabytes : Math.max(STORAGE_MB_MIN, share);
  const heapMegabytes = (storageMegabytes * shape.nodeCount) / processesOf(shape) + HEAP_BASE_MB;
  const isSmall = Math.floor(shape.limitBytes / MEGABYTE) < SMALL_CONTAINER_MB;
  const collectsEarly = isSmall || shape.storesElsewhere === true;
  const heapFlags = [
    `--max-old-space-size=${heapMegabytes}`,
    `--max-semi-space-size=${isSmall ? 1 : 16}`,
    ...(collectsEarly ? ['--expose-gc'] : []),
    ...(!collectsEarly && mayCollectLate(shape, storageMegabytes)
      ? [`--heap-growing-percent=${LATE_GROWTH_PERCENT}`]
      : []),
  ];
  return {
    storageMegabytes,
    tight: storageMegabytes > share,
    heapFlags,
    allocator: {
      ...(collectsEarly ? SMALL_ALLOCATOR : {}),
      ...(shape.addressesLimited === true ? ONE_HEAP : {}),
    },
  };
}

function mayCollectLate(shape: MemoryShape, storageMegabytes: number): boolean {
  const restMegabytes = freeMegabytes(shape, PROCESS_MB) - storageMegabytes * shape.nodeCount;
  return (restMegabytes * GARBAGE_SHARE) / processesOf(shape) >= LATE_GARBAGE_MB;
}

/** What the formula gives to the storage of one node; negative where not even the rest fits. */
function storageShare(shape: MemoryShape): number {
  const usual = (freeMegabytes(shape, PROCESS_MB) * STORAGE_SHARE) / shape.nodeCount;
  const besideTheLeast = freeMegabytes(shape, PROCESS_MB_LEAST) / shape.nodeCount - HELD_MB_LEAST;
  return Math.floor(Math.min(usual, besideTheLeast));
}

/** Megabytes for all nodes beside their processes: storage and all that is held meanwhile. */
function freeMegabytes(shape: MemoryShape, processMegabytes: number): number {
  const limitMegabytes = Math.floor(shape.limitBytes / MEGABYTE);
  return Math.max(0, limitMegabytes - LAUNCHER_MB - processMegabytes * processesOf(shape));
}

type Nodes = Pick<MemoryShape, 'nodeCount' | 'isolation'>;

function processesOf({ nodeCount, isolation }: Nodes): number {
  return isolation === 'process' ? nodeCount : 1;
}

/** The limit of all processes together that gives each of them so much. */
export function limitOfAll(processBytes: number, nodes: Nodes): number {
  return processBytes * processesOf(nodes) + LAUNCHER_MB * MEGABYTE;
}

/** The least that a process needs for which the formula is not `tight` with the least storage. */
export function leastProcessBytes(nodes: Nodes): number {
  const perNode = STORAGE_MB_MIN + HELD_MB_LEAST;
  return (PROCESS_MB_LEAST + (perNode * nodes.nodeCount) / processesOf(nodes)) * MEGABYTE;
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
  const restBytes = Math.max(
    0,
    (freeMegabytes(shape, PROCESS_MB) * MEGABYTE) / shape.nodeCount - storageBytes,
  );
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
