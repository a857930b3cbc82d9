// Who answers at an address, and what a health call or a dial makes of it.
import type { DialFailure, ProbeOutcome } from '../../../src/core/base/inputs';
import type { SimNode } from './sim-node';

/** A program that is not of this cluster and holds a port. */
export interface Stranger {
  readonly cluster: string | null;
}

/** undefined = nobody listens there, null = no packet comes through. */
export type Found = SimNode | Stranger | undefined | null;

export function probeOutcome(found: Found): ProbeOutcome {
  if (found === undefined) return { kind: 'refused' };
  if (found === null) return { kind: 'timeout' };
  if ('cluster' in found) {
    return found.cluster === null ? { kind: 'foreign' } : { kind: 'other-cluster', cluster: found.cluster };
  }
  return found.state === 'running' ? { kind: 'peer', id: found.id } : { kind: 'timeout' };
}

export function dialFailure(found: Found, node: SimNode): DialFailure | null {
  if (found === undefined) return 'refused';
  if (found === null) return 'timeout';
  if ('cluster' in found) return found.cluster === null ? 'failed' : 'rejected';
  if (found === node) return 'self';
  return found.state === 'running' ? null : 'timeout';
}
