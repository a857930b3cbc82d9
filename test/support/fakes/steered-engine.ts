// The engine of a node without a network. A test sets what state it says it is in and what becomes
// of writes and reads, whichever engine it is: a Map, or one with the values in a server.
import type { DataEngine, EngineState, WriteLevel } from '../../../src/runtime/data-engine';

export interface SteeredEngine extends DataEngine {
  /** What `state()` says. */
  currentState: EngineState;
  /** What reads of keys that it does not hold come to when nobody answers for them. */
  unanswered: 'unknown' | 'busy' | null;
  /** Whether a list of what it holds is a list of all. */
  holdsAll: boolean;
  /** Bytes it has room for: at first what the settings say. */
  limitBytes: number;
  /** Set to answer writes as stored only. */
  quorumMissed: boolean;
  /** That the last write asked for. */
  readonly lastLevel: WriteLevel | null;
  readonly origin: string;
  close(): void;
}
