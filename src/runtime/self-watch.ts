// Notices when that changes which a node tells its launcher of itself.
import type { KnownOthers } from '../core/base/report';
import type { EngineState } from './data-engine';

export interface NodeStateChange {
  readonly state: EngineState;
  readonly livePeers: number;
}

/** Who is told. */
export interface ToldOfItself {
  readonly onStateChange?: (change: NodeStateChange) => void;
  /** It expects others beside itself than before. */
  readonly onOthers?: (others: KnownOthers) => void;
}

export class StateWatch {
  private last: NodeStateChange = { state: 'starting', livePeers: 0 };

  constructor(private readonly tell: (change: NodeStateChange) => void) {}

  look(state: EngineState, livePeers: number): void {
    if (state === this.last.state && livePeers === this.last.livePeers) return;
    this.last = { state, livePeers };
    this.tell(this.last);
  }
}

/** Of the core. */
export interface OthersSource {
  /** Grows with every change of the members' table. */
  readonly memberChanges: number;
  others(): KnownOthers | null;
}

export class OthersWatch {
  private seenChanges = -1;
  private told = '';

  constructor(private readonly tell: (others: KnownOthers) => void) {}

  look(source: OthersSource): void {
    if (source.memberChanges === this.seenChanges) return;
    const others = source.others();
    if (others === null) return;
    this.seenChanges = source.memberChanges;
    const text = `${others.hosts} ${[...others.ids].sort().join(' ')}`;
    if (text === this.told) return;
    this.told = text;
    this.tell(others);
  }
}
