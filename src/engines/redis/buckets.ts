// Where a key is kept. In a Cluster each belongs to one of 64 buckets, by a hash of its bytes. On a
// server alone there is one bucket: nothing has to be spread there, and what is touched by all
// writes is touched in one place. All of a bucket is in one slot of a Cluster, so that one script
// writes the value, its index and its stream of changes in one step. The tags of the buckets are
// chosen so that each has its own 256 of the 16384 slots: primaries with equal shares of the slots
// have equal shares of the buckets.

/**
 * Raised with whatever is stored in another way. Nodes of another layout find nothing of this one,
 * the id of the store neither: so they refuse each other (docs/adr/0074-a-store-has-an-id.md).
 */
const LAYOUT = 1;
export const CLUSTER_BUCKETS = 64;
/** Changes that all streams together remember, more or less: what catching up can go back to. */
const LOG_ENTRIES = 65_536;
const SLOTS = 16_384;
/** CRC-16/XMODEM, which the Cluster specification names. */
const POLYNOMIAL = 0x1021;
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

export interface BucketKeys {
  /** What the names of its values begin with. */
  readonly prefix: Buffer;
  /**
   * As the scripts have them: sorted set of its keys, all with score 0, so in bytewise order;
   * sorted set of its versions by deadline; stream of its changes; hash of its figures.
   */
  readonly structures: readonly Buffer[];
  readonly slot: number;
}

export class Buckets {
  private readonly all: readonly BucketKeys[];

  private constructor(
    cluster: string,
    readonly count: number,
  ) {
    this.all = tags(count).map((tag) => {
      const under = (name: string): Buffer => Buffer.from(`${cluster}:{${tag}}:${LAYOUT}:${name}`);
      const slot = slotOf(String(tag));
      const structures = ['index', 'due', 'log', 'meta'].map(under);
      return { prefix: under('v:'), structures, slot };
    });
  }

  static of(cluster: string, isCluster: boolean): Buckets {
    return new Buckets(cluster, bucketCount(isCluster));
  }

  /** Of each bucket. */
  numbers(): number[] {
    return Array.from({ length: this.count }, (_, bucket) => bucket);
  }

  keys(bucket: number): BucketKeys {
    return this.all[bucket];
  }

  of(key: Uint8Array): number {
    let hash = FNV_OFFSET;
    for (const byte of key) hash = Math.imul(hash ^ byte, FNV_PRIME);
    // The low bits of FNV-1a are its weakest.
    return ((hash ^ (hash >>> 15)) >>> 0) % this.count;
  }

  /** Its parts. */
  valueKey(bucket: number, key: Uint8Array): readonly Uint8Array[] {
    return [this.all[bucket].prefix, key];
  }
}

export function bucketCount(isCluster: boolean): number {
  return isCluster ? CLUSTER_BUCKETS : 1;
}

/** Changes that one of so many buckets remembers. */
export function logEntries(buckets: number): number {
  return LOG_ENTRIES / buckets;
}

/** The least number for each bucket whose slot is among the bucket's. */
function tags(count: number): number[] {
  const found = new Array<number>(count).fill(-1);
  for (let tag = 0, left = count; left > 0; tag += 1) {
    const bucket = Math.floor((slotOf(String(tag)) * count) / SLOTS);
    if (found[bucket] >= 0) continue;
    found[bucket] = tag;
    left -= 1;
  }
  return found;
}

/** Of a hash tag. */
export function slotOf(tag: string): number {
  let crc = 0;
  for (const byte of Buffer.from(tag)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1)
      crc = (crc & 0x8000) === 0 ? (crc << 1) & 0xffff : ((crc << 1) ^ POLYNOMIAL) & 0xffff;
  }
  return crc % SLOTS;
}
