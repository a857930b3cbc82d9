// What the Nest modules may see of the running node beside the DataEngine. NodeRuntime implements
// both interfaces.
import type { MemoryUsage } from '../config/memory-limit';
import type { Endpoint, NodeIdentity } from '../core/base/identity';
import type { Input } from '../core/base/inputs';
import type { CoreReport, MemberReport } from '../core/base/report';
import type { MemberChange } from './member-feed';
import type { NodeCounters } from './node-tally';

export type { CoreReport, Endpoint, MemberChange, MemberReport, MemoryUsage, NodeCounters, NodeIdentity };

/** Facts about this node, and the one chore that a schedule asks of it. */
export interface NodeView {
  identity(): NodeIdentity;
  /** Every peer known, self excluded. */
  peers(): readonly MemberReport[];
  report(): CoreReport;
  uptimeMs(): number;
  /** Milliseconds since the core last ran. Beyond 5000 the node is unhealthy. */
  sinceLastTickMs(): number;
  /** Event-loop delay of the last minute: median, 99th percentile and maximum, milliseconds. */
  loopDelayMs(): { readonly p50: number; readonly p99: number; readonly max: number };
  /**
   * Of all processes that share its memory limit, at most a second old; null when it cannot be
   * told.
   */
  memoryUsage(): MemoryUsage | null;
  /**
   * Calls `listener` for each member known now, and then whenever one is seen in another state.
   * Returns the unsubscribe.
   */
  onMemberChange(listener: (change: MemberChange) => void): () => void;
  /** What this node has done since it started. */
  counters(): NodeCounters;
  /**
   * Starts a verification pass over the whole store in small steps. Does nothing while one is under
   * way.
   */
  sweep(): void;
}

/** Where others reach this node, as far as its deployment tells. */
export interface Reach {
  /** For other hosts, the best first. Empty = they use what they see. */
  readonly addresses: readonly string[];
  /** Ports of the host by port of the container. One that is missing is the same outside. */
  readonly hostPorts: ReadonlyMap<number, number>;
}

/** Where discovery hands in what it found, and hears what the core wants probed. */
export interface DiscoveryPort {
  submit(input: Extract<Input, { kind: 'candidates' | 'expected-hosts' | 'probe-result' }>): void;
  /** Greetings from now on carry this. Replaces what was said before. */
  advertise(reach: Reach): void;
  /** The one prober of this node; called for each `probe` effect of the core. */
  onProbe(prober: (endpoint: Endpoint) => void): void;
  /**
   * Called when a caller that names our cluster is refused because no source names its address.
   * Bounded by nothing: anybody can.
   */
  onStranger(listener: () => void): void;
}
