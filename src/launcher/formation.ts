// What the launcher knows of its nodes, and when they have become one network: every node claimed a
// port, is ready, and sees at least all the others.
import type { ChildMessage } from '../config/child-messages';

type Claim = Extract<ChildMessage, { kind: 'claimed' }>;
type StateChange = Extract<ChildMessage, { kind: 'state' }>;

export interface FormedNode {
  readonly index: number;
  readonly name: string;
  readonly port: number;
  readonly state: StateChange['state'];
  readonly livePeers: number;
  readonly pid: number;
}

export interface FormedNetwork {
  readonly durationMs: number;
  /** Ascending by index. */
  readonly nodes: readonly FormedNode[];
}

export class Formation {
  private readonly nodes = new Map<number, FormedNode>();

  constructor(private readonly nodeCount: number) {}

  claimed({ index, name, port }: Claim, pid: number): void {
    const { state = 'starting', livePeers = 0 } = this.nodes.get(index) ?? {};
    this.nodes.set(index, { index, name, port, state, livePeers, pid });
  }

  /** A state that arrives before its node's claim is kept for it. */
  changed({ index, state, livePeers }: StateChange, pid: number): void {
    const { name = '', port = 0 } = this.nodes.get(index) ?? {};
    this.nodes.set(index, { index, name, port, state, livePeers, pid });
  }

  lost(indexes: readonly number[]): void {
    for (const index of indexes) this.nodes.delete(index);
  }

  /** The nodes once they are a network, null before. */
  formed(): readonly FormedNode[] | null {
    const nodes = [...this.nodes.values()].sort((a, b) => a.index - b.index);
    const whole = nodes.every((node) => {
      return node.port > 0 && node.state === 'ready' && node.livePeers >= this.nodeCount - 1;
    });
    return whole && nodes.length === this.nodeCount ? nodes : null;
  }
}
