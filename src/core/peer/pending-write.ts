// One write of this node that waits for acks. Acks are a set of ids: the same node twice is one
// copy.
import type { NodeId } from '../base/identity';
import type { RequestId, WriteLevel } from '../base/inputs';
import type { Version } from '../base/version';
import type { Quorum } from './quorum';

/** What the cluster is expected to have. */
export interface Expected {
  readonly nodes: number;
  readonly hosts: number;
}

/** Who holds a copy, and what of it fails together with others. */
export interface Copy {
  readonly node: NodeId;
  readonly host: string;
}

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
  private readonly nodes: NodeId[];
  private readonly hosts: string[];

  constructor(
    readonly facts: WriteFacts,
    own: Copy,
  ) {
    this.nodes = [own.node];
    this.hosts = [own.host];
  }

  addCopy(node: NodeId, host: string): void {
    if (!this.nodes.includes(node)) this.nodes.push(node);
    if (!this.hosts.includes(host)) this.hosts.push(host);
  }

  get hostCopies(): number {
    return this.hosts.length;
  }

  get copies(): number {
    return this.nodes.length;
  }

  hasQuorum(): boolean {
    return (
      (this.facts.quorum.counts === 'nodes' ? this.nodes.length : this.hosts.length) >=
      this.facts.quorum.needed
    );
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
        return this.nodes.length >= this.facts.expected.nodes && this.hasQuorum() ? 'held' : 'stored';
    }
  }
}
