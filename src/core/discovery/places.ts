// What is remembered of a place that a source named, and of a member that is to be dialled.
import type { Endpoint, NodeId, NodeIdentity } from '../base/identity';

/** Peers that the operator named are asked every few seconds for ever: they are expected. */
export const CONFIGURED_SOURCE = 'static-peers';

export interface Candidate {
  readonly endpoint: Endpoint;
  attempts: number;
  nextAtMs: number;
  backoffMs: number;
  readonly backoffMaxMs: number;
  pending: boolean;
  /** Its last answer was none: neither a refusal nor a word. */
  isSilent: boolean;
  /** Which sources name it now. */
  readonly sources: Set<string>;
  /** Which id answered here last; null when no peer ever did. */
  peer: NodeId | null;
  /**
   * A peer that was heard here, and until when that is taken for true; null after a word against
   * it.
   */
  heard: { readonly id: NodeId; readonly untilMs: number } | null;
  /**
   * No link will come of it, and why not: no peer of this cluster is there, or one is and refuses.
   */
  ignored: 'no-peer' | 'refused' | null;
}

export interface Contact {
  readonly identity: NodeIdentity;
  seenAt: string;
  nextAtMs: number;
  backoffMs: number;
  attempts: number;
}
