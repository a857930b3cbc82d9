// Keys of records, compared where they lie.
import type { KeyBounds } from '../base/key-bounds';

interface Place {
  readonly keyAt: number;
  readonly keyLength: number;
}

export function startsWith(bytes: Uint8Array, { keyAt, keyLength }: Place, prefix: string): boolean {
  if (prefix.length > keyLength) return false;
  for (let i = 0; i < prefix.length; i += 1) if (bytes[keyAt + i] !== prefix.charCodeAt(i)) return false;
  return true;
}

export function isWithin(bytes: Uint8Array, place: Place, { prefix, after, upTo }: KeyBounds): boolean {
  if (!startsWith(bytes, place, prefix)) return false;
  if (after !== '' && compare(bytes, place, after) <= 0) return false;
  return upTo === null || compare(bytes, place, upTo) <= 0;
}

/** Bytewise: below 0 when the key there comes first. */
function compare(bytes: Uint8Array, { keyAt, keyLength }: Place, other: string): number {
  const common = Math.min(keyLength, other.length);
  for (let i = 0; i < common; i += 1) {
    const difference = bytes[keyAt + i] - other.charCodeAt(i);
    if (difference !== 0) return difference;
  }
  return keyLength - other.length;
}
