// What a node says to one peer beside values: bounded, whatever the peer asks for and however
// slowly it reads. Large views are cut into pieces, so that every message fits into a frame beside
// others; the hash tree's leaves, a long answer to a short question, wait here at most once.
import type { Control, ViewEntry } from '../wire/messages';
import { Fifo } from '../base/fifo';

/**
 * Bytes that may wait; what is said beyond is not said at all. Far above what a peer causes that
 * reads.
 */
const QUEUE_BYTES_MAX = 1024 * 1024;
const VIEW_BYTES_MAX = 32 * 1024;
const LEAVES_BYTES = 32 * 1024;
/** Everything else, its overhead in memory included. */
const MESSAGE_BYTES = 96;
/** Far above the few that a peer has under way. */
const PING_ACKS_MAX = 32;
const WATERMARK_BYTES = 48;

export class ControlQueue {
  private readonly waiting = new Fifo<Control>();
  private bytes = 0;
  private leavesWait = false;
  private acksWaiting = 0;

  get length(): number {
    return this.waiting.length;
  }

  /**
   * Leaves said now would be dropped: they cost their reader nothing to ask for, and 32 KiB to
   * gather.
   */
  get hasLeaves(): boolean {
    return this.leavesWait || this.isNearlyFull;
  }

  /**
   * Acks of pings beyond these would tell nothing new, or be dropped, and each costs a status to
   * make.
   */
  get hasManyAcks(): boolean {
    return this.acksWaiting >= PING_ACKS_MAX || this.isNearlyFull;
  }

  private get isNearlyFull(): boolean {
    return this.bytes + LEAVES_BYTES > QUEUE_BYTES_MAX;
  }

  /** False when the message, or a part of it, will not be said. */
  push(message: Control): boolean {
    if (message.type !== 'view') return this.add(message);
    let added = true;
    for (const entries of pieces(message.entries)) added = this.add({ type: 'view', entries }) && added;
    return added;
  }

  shift(): Control | undefined {
    const message = this.waiting.shift();
    if (message === undefined) return undefined;
    this.bytes -= bytesOf(message);
    if (message.type === 'leaves') this.leavesWait = false;
    if (message.type === 'pingAck') this.acksWaiting -= 1;
    return message;
  }

  private add(message: Control): boolean {
    const isLeaves = message.type === 'leaves';
    const bytes = bytesOf(message);
    if ((isLeaves && this.leavesWait) || this.bytes + bytes > QUEUE_BYTES_MAX) return false;
    if (isLeaves) this.leavesWait = true;
    if (message.type === 'pingAck') this.acksWaiting += 1;
    this.bytes += bytes;
    this.waiting.push(message);
    return true;
  }
}

function bytesOf(message: Control): number {
  switch (message.type) {
    case 'view':
      return message.entries.reduce((sum, entry) => sum + entryBytes(entry), MESSAGE_BYTES);
    case 'leaves':
      return LEAVES_BYTES;
    case 'syncRequest':
      return MESSAGE_BYTES + 2 * (message.leaves?.length ?? 0);
    case 'fetch':
      return MESSAGE_BYTES + message.key.length;
    case 'ping':
    case 'pingAck':
      return MESSAGE_BYTES + WATERMARK_BYTES * message.status.marks.length;
    case 'pingRequest':
    case 'pingRequestAnswer':
    case 'leavesRequest':
    case 'gapRequest':
    case 'syncEnd':
      return MESSAGE_BYTES;
  }
}

/** An upper bound of an entry on the wire: a text unit takes up to three bytes. */
function entryBytes({ identity, address }: ViewEntry): number {
  const { name, cluster, hostId, addresses } = identity;
  const units = [name, cluster, hostId, address, ...addresses].reduce(
    (sum, text) => sum + text.length + 1,
    0,
  );
  return MESSAGE_BYTES + 3 * units;
}

function* pieces(entries: readonly ViewEntry[]): IterableIterator<ViewEntry[]> {
  let piece: ViewEntry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    const more = entryBytes(entry);
    if (piece.length > 0 && bytes + more > VIEW_BYTES_MAX) {
      yield piece;
      piece = [];
      bytes = 0;
    }
    piece.push(entry);
    bytes += more;
  }
  if (piece.length > 0) yield piece;
}
