// What peers say to each other once a link is greeted (tables with purpose and direction:
// docs/protocol.md). A frame is a header (format, sender's monotonic time) and messages back to
// back; each message starts with its type.
import type { Root } from '../store/hash-tree';
import type { NodeId, NodeIdentity } from '../base/identity';
import type { Entry, Incoming } from '../store/entry';
import type { NodeLoad } from '../base/report';
import type { ToldLine } from '../base/told-line';
import type { Version } from '../base/version';

export const FRAME_FORMAT = 1;
export const FRAME_HEADER_BYTES = 9;

export const MESSAGE = {
  ping: 1,
  pingAck: 2,
  pingRequest: 3,
  pingRequestAnswer: 4,
  view: 5,
  write: 6,
  ack: 7,
  chunk: 8,
  leavesRequest: 9,
  leaves: 10,
  syncRequest: 11,
  syncRecords: 12,
  syncEnd: 13,
  fetch: 14,
  fetchReply: 15,
  gapRequest: 16,
  relay: 17,
} as const;

/** How much of one origin's writes a node holds: all up to `through`. */
export interface Watermark {
  readonly origin: NodeId;
  readonly through: number;
}

/** Rides on every ping and ack: enough to notice a difference without asking. */
export interface Status {
  readonly wallMs: number;
  readonly ready: boolean;
  readonly full: boolean;
  readonly viewHash: number;
  readonly root: Root;
  /** Writes the sender has made. */
  readonly seq: number;
  /** Watermarks that rose since the last status on this link. */
  readonly marks: readonly Watermark[];
  readonly load: NodeLoad;
  /**
   * Times that the sender's clock has shown besides; only processes of the same machine heed them.
   */
  readonly lines: readonly ToldLine[];
}

export interface ViewEntry {
  readonly identity: NodeIdentity;
  readonly state: 'alive' | 'suspect' | 'dead' | 'left';
  readonly incarnation: number;
  /** Who suspects it (only with state suspect; else the sender). */
  readonly by: NodeId;
  /**
   * The sender has a link to it now; of a dead one: it stayed, by what the sender saw or was told
   * by one that stayed.
   */
  readonly direct: boolean;
  /** The address under which the sender reaches it; '' when unknown. */
  readonly address: string;
  /** Milliseconds for which it has been in this state. */
  readonly sinceMs: number;
}

/**
 * `held`: stored. `full`: no room. `refused`: the stamp is too far ahead, or so far behind what is
 * held that the origin's clock must be wrong.
 */
export type AckStatus = 'held' | 'full' | 'refused';

export interface Ack {
  readonly seq: number;
  readonly status: AckStatus;
}

export type Control =
  | { readonly type: 'ping'; readonly seq: number; readonly status: Status }
  | { readonly type: 'pingAck'; readonly seq: number; readonly status: Status }
  | { readonly type: 'pingRequest'; readonly seq: number; readonly target: NodeId }
  | { readonly type: 'pingRequestAnswer'; readonly seq: number; readonly reached: boolean }
  | { readonly type: 'view'; readonly entries: readonly ViewEntry[] }
  | { readonly type: 'leavesRequest' }
  | { readonly type: 'leaves'; readonly leaves: Int32Array }
  /** `leaves` = which leaves to stream; null = all. */
  | { readonly type: 'syncRequest'; readonly session: number; readonly leaves: readonly number[] | null }
  /** The sender's own writes `from` to `to`, by their numbers. */
  | { readonly type: 'gapRequest'; readonly session: number; readonly from: number; readonly to: number }
  /**
   * `through` = answer to a gap: up to there nothing is missing any more; 0 = no longer remembered.
   */
  | { readonly type: 'syncEnd'; readonly session: number; readonly through: number }
  /** With `isMetadataOnly` the answer tells of the value and does not bring it. */
  | {
      readonly type: 'fetch';
      readonly requestId: number;
      readonly key: string;
      readonly minVersion: Version | null;
      readonly isMetadataOnly: boolean;
    };

/** Messages that carry values; those above one chunk cross in pieces. */
export type Bulk =
  | { readonly type: 'write'; readonly entry: Entry }
  /** A write of the sender's that the receiver is to pass on to the other members of its host. */
  | { readonly type: 'relay'; readonly entry: Entry }
  | { readonly type: 'syncRecords'; readonly session: number; readonly entries: readonly Entry[] }
  /**
   * `valueBytes`: how long the value of the entry is, which stays behind; null = the entry is
   * whole. `isSure`: without an entry it says that there is none, and not only that the sender
   * holds none.
   */
  | {
      readonly type: 'fetchReply';
      readonly requestId: number;
      readonly entry: Entry | null;
      readonly valueBytes: number | null;
      readonly isSure: boolean;
    };

export type Received =
  | Control
  | { readonly type: 'acks'; readonly acks: readonly Ack[] }
  | { readonly type: 'write'; readonly record: Incoming }
  | { readonly type: 'relay'; readonly record: Incoming }
  | { readonly type: 'syncRecords'; readonly session: number; readonly records: readonly Incoming[] }
  | {
      readonly type: 'fetchReply';
      readonly requestId: number;
      readonly record: Incoming | null;
      readonly valueBytes: number | null;
      readonly isSure: boolean;
    }
  | {
      readonly type: 'chunk';
      readonly transfer: number;
      readonly total: number;
      readonly offset: number;
      readonly bytes: Uint8Array;
    };
