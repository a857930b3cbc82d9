// A key at hand as bytes, with its place in the index. The hash is HalfSipHash-1-3 (Aumasson and
// Bernstein 2012, the variant for 32 bits) under a key of this node's own, because whoever writes
// chooses keys and could choose thousands of one hash. It never leaves the node.

import { FNV_PRIME, KEY_BASIS_A, KEY_BASIS_B, mix } from './hash-tree';

/** Rounds at the end. */
const LAST_ROUNDS = 3;

export class KeyBytes {
  private words = new Int32Array(64);
  private bytes = new Uint8Array(this.words.buffer);
  /** What was loaded last: one request looks for its key several times. */
  private text: string | null = null;
  /** Bytes of the key. */
  length = 0;
  /** Signed 32 bits. */
  hash = 0;
  treeHashA = 0;
  treeHashB = 0;

  /** @param keyA,keyB any 32 bits; equal ones give equal hashes */
  constructor(
    private readonly keyA: number,
    private readonly keyB: number,
  ) {}

  /** @param key a byte string: one unit for each byte */
  load(key: string): void {
    if (key === this.text) return;
    const { length } = key;
    const bytes = this.reserve(length);
    for (let i = 0; i < length; i += 1) bytes[i] = key.charCodeAt(i);
    this.hash = this.hashed();
    this.text = key;
  }

  /** Without its hash. */
  copyFrom(from: Uint8Array, at: number, length: number): void {
    const bytes = this.reserve(length);
    this.text = null;
    for (let i = 0; i < length; i += 1) bytes[i] = from[at + i];
  }

  equals(other: Uint8Array, at: number, length: number): boolean {
    if (length !== this.length) return false;
    const { bytes } = this;
    for (let i = 0; i < length; i += 1) if (bytes[i] !== other[at + i]) return false;
    return true;
  }

  copyTo(target: Uint8Array, at: number): void {
    const { bytes, length } = this;
    for (let i = 0; i < length; i += 1) target[at + i] = bytes[i];
  }

  /** Room for a key, the unused bytes of its last word zero. */
  private reserve(length: number): Uint8Array {
    this.length = length;
    const last = length >>> 2;
    if (last >= this.words.length) {
      this.words = new Int32Array(2 * last + 1);
      this.bytes = new Uint8Array(this.words.buffer);
    }
    this.words[last] = 0;
    return this.bytes;
  }

  /** The two hashes of the key in the tree, `treeHashA` and `treeHashB`. */
  hashForTree(): void {
    const { bytes, length } = this;
    let a = KEY_BASIS_A | 0;
    let b = KEY_BASIS_B | 0;
    for (let i = 0; i < length; i += 1) {
      a = Math.imul(a ^ bytes[i], FNV_PRIME);
      b = Math.imul(b ^ bytes[i], FNV_PRIME);
    }
    this.treeHashA = mix(a);
    this.treeHashB = mix(b);
  }

  private hashed(): number {
    const { words, length } = this;
    const whole = length >>> 2;
    let v0 = this.keyA;
    let v1 = this.keyB;
    let v2 = 0x6c796765 ^ this.keyA;
    let v3 = 0x74656462 ^ this.keyB;
    for (let i = 0; i <= whole + LAST_ROUNDS; i += 1) {
      let word = 0;
      if (i < whole) word = words[i];
      else if (i === whole) word = (length << 24) | words[i];
      else if (i === whole + 1) v2 ^= 0xff;
      v3 ^= word;
      v0 = (v0 + v1) | 0;
      v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
      v0 = (v0 << 16) | (v0 >>> 16);
      v2 = (v2 + v3) | 0;
      v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
      v0 = (v0 + v3) | 0;
      v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
      v2 = (v2 + v1) | 0;
      v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
      v2 = (v2 << 16) | (v2 >>> 16);
      v0 ^= word;
    }
    return v1 ^ v3;
  }
}
