// An incremental summary of all versions a node knows: 4096 leaves, each the XOR of the 64-bit
// hashes of its versions (key, stamp, origin). Whether a version is a live value or a stub does not
// enter, so expiry changes nothing; equal roots mean equal sets of versions but for a chance of
// 2^-64. Integer arithmetic only. Invariant: add and remove are the same operation; the root is the
// XOR of all leaves.
import type { NodeId } from '../base/identity';

export const LEAVES = 4096;

export interface Root {
  readonly a: number;
  readonly b: number;
}

export const FNV_PRIME = 0x01000193;

/** Murmur3's 32-bit finaliser: every input bit reaches every output bit. */
export function mix(h: number): number {
  let x = h;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) | 0;
}

/**
 * FNV-1a over the units of `text`, finalised; `basis` picks one of several independent hashes.
 * Signed 32 bits.
 */
export function hashText(text: string, basis: number): number {
  let h = basis | 0;
  for (let i = 0; i < text.length; i += 1) h = Math.imul(h ^ text.charCodeAt(i), FNV_PRIME);
  return mix(h);
}

export const KEY_BASIS_A = 0x811c9dc5;
export const KEY_BASIS_B = 0x2f0b4471;

export class HashTree {
  private readonly leafA = new Int32Array(LEAVES);
  private readonly leafB = new Int32Array(LEAVES);
  private rootA = 0;
  private rootB = 0;
  private readonly originHashes = new Map<NodeId, number>();

  /** Adds the version if it is not in, removes it if it is. */
  toggle(entry: {
    readonly keyHashA: number;
    readonly keyHashB: number;
    readonly hlc: number;
    readonly origin: NodeId;
  }): void {
    const low = (entry.hlc % 0x1_0000_0000) | 0;
    const high = Math.floor(entry.hlc / 0x1_0000_0000) | 0;
    const origin = this.originHash(entry.origin);
    const a = mix(mix(mix(entry.keyHashA ^ low) ^ high) ^ origin);
    const b = mix(mix(mix(entry.keyHashB ^ origin) ^ high) ^ low);
    const leaf = leafOf(entry.keyHashA);
    this.leafA[leaf] ^= a;
    this.leafB[leaf] ^= b;
    this.rootA ^= a;
    this.rootB ^= b;
  }

  root(): Root {
    return { a: this.rootA, b: this.rootB };
  }

  rootEquals(other: Root): boolean {
    return this.rootA === other.a && this.rootB === other.b;
  }

  /** All leaves as pairs of 32-bit integers, for a peer to compare. */
  leaves(): Int32Array {
    const all = new Int32Array(2 * LEAVES);
    all.set(this.leafA, 0);
    all.set(this.leafB, LEAVES);
    return all;
  }

  /** Numbers of the leaves in which `theirs` (from `leaves()`) differs from ours, ascending. */
  differing(theirs: Int32Array): number[] {
    const found: number[] = [];
    for (let leaf = 0; leaf < LEAVES; leaf += 1) {
      if (this.leafA[leaf] !== theirs[leaf] || this.leafB[leaf] !== theirs[LEAVES + leaf]) found.push(leaf);
    }
    return found;
  }

  private originHash(origin: NodeId): number {
    let hash = this.originHashes.get(origin);
    if (hash === undefined) {
      if (this.originHashes.size >= 4096) this.originHashes.clear();
      hash = hashText(origin, KEY_BASIS_B);
      this.originHashes.set(origin, hash);
    }
    return hash;
  }
}

/** The leaf of a version whose key has this hash. */
export function leafOf(keyHashA: number): number {
  return keyHashA >>> 20;
}

/** 16 hexadecimal digits. */
export function formatRoot(root: Root): string {
  const half = (n: number): string => (n >>> 0).toString(16).padStart(8, '0');
  return half(root.a) + half(root.b);
}
