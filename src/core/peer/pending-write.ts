// One write of this node that waits for acks. Acks are a set of ids: the same node twice is one
// copy.
import type { NodeIdentity } from '../base/identity';
import type { RequestId, WriteLevel } from '../base/inputs';
import type { Version } from '../base/version';
import { domainsAmong } from './failure-domains';
import type { Quorum } from './quorum';

/** What the cluster is expected to have. */
export interface Expected {
  readonly nodes: number;
  readonly hosts: number;
}

/** Who holds a copy, and where. */
export type Copy = Pick<NodeIdentity, 'id' | 'hostId' | 'addresses'>;

/** What is fixed about a write when it begins. */
export interface WriteFacts {
  readonly requestId: RequestId;
  readonly version: Version;
  readonly level: WriteLevel;
  readonly quorum: Quorum;
  readonly expected: Expected;
  /** Monotonic. */
  readonly startedAtMs: number;
  readonly valueBytes: number;
}

export class PendingWrite {
  /** Peers that may still acknowledge: not those that fell silent. */
  outstanding = 0;
  /** Those of them that are worth waiting for (not lagging). */
  awaited = 0;
  settled = false;
  private readonly holders: Copy[];
  private isQuorate = false;

  constructor(
    readonly facts: WriteFacts,
    own: Copy,
  ) {
    this.holders = [own];
  }

  addCopy(copy: Copy): void {
    if (!this.holders.some(({ id }) => id === copy.id)) this.holders.push(copy);
  }

  /** Of them that fail apart from each other. */
  get hostCopies(): number {
    return domainsAmong(this.holders);
  }

  get copies(): number {
    return this.holders.length;
  }

  hasQuorum(): boolean {
    const { counts, needed } = this.facts.quorum;
    this.isQuorate ||= this.copies >= needed && (counts === 'nodes' || this.hostCopies >= needed);
    return this.isQuorate;
  }

  /** `held` or `stored` once nothing more is worth waiting for, else null. */
  verdict(): 'held' | 'stored' | null {
    switch (this.facts.level) {
      case 'one':
        return 'held';
      case 'quorum':
        if (this.hasQuorum() && this.awaited === 0) return 'held';
        return this.outstanding === 0 ? 'stored' : null;
      case 'all':
        if (this.outstanding > 0) return null;
        return this.copies >= this.facts.expected.nodes && this.hasQuorum() ? 'held' : 'stored';
    }
  }
}
