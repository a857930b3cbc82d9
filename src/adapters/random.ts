// The machine's randomness. It names a node and seeds the core's generator, which makes all further
// choices.
import { randomBytes } from 'node:crypto';
import type { NodeId } from '../core/base/identity';

/**
 * 16 lowercase hexadecimal digits; two nodes of one cluster draw the same with probability 2^-64.
 */
export function randomId(): NodeId {
  return randomBytes(8).toString('hex');
}

/** A uniform integer in 0..2^32-1. */
export function randomSeed(): number {
  return randomBytes(4).readUInt32LE(0);
}
