// Whether this node has room, and what the lack of it has cost. Nothing stored is ever dropped to
// make room.
import type { NodeId } from '../base/identity';
import type { Store } from './store';

/** A full node calls itself full until this share of the limit is free again. */
const ROOM_AGAIN_SHARE = 0.9;

export class Fullness {
  private full = false;
  private refused = false;
  /** Of whom this node lacks nothing since it refused something last. */
  private readonly levelWith = new Set<NodeId>();
  /** Bytes in use when something found no room last; null when that is mended or cannot be yet. */
  private usedAtRefusal: number | null = null;

  constructor(
    private readonly store: Store,
    /** Bytes. */
    readonly limitBytes: number,
    /** It begins or ends to lack what others hold. */
    private readonly onLacking: () => void = () => undefined,
  ) {}

  get isFull(): boolean {
    if (this.full && this.usedBytes < this.limitBytes * ROOM_AGAIN_SHARE) this.full = false;
    return this.full;
  }

  /** Keys were refused for room, and some peer may hold them still. */
  get hasRefused(): boolean {
    return this.refused;
  }

  get usedBytes(): number {
    return this.store.counts().usedBytes;
  }

  /** Something found no room; true when there had been room until then. */
  fills(): boolean {
    const { full } = this;
    this.full = true;
    this.usedAtRefusal = this.usedBytes;
    return !full;
  }

  /** A peer's version found no room, and nothing of it is kept. */
  refuses(): void {
    if (!this.refused) this.onLacking();
    this.refused = true;
    this.levelWith.clear();
    this.usedAtRefusal = this.usedBytes;
  }

  /**
   * Once, when a tenth of the limit came free since something found no room: it may find some now.
   */
  takeReturnedRoom(): boolean {
    const { usedAtRefusal, limitBytes } = this;
    if (usedAtRefusal === null || this.usedBytes > usedAtRefusal - limitBytes * (1 - ROOM_AGAIN_SHARE))
      return false;
    this.usedAtRefusal = null;
    return true;
  }

  /**
   * All that `peer` holds is held here. Nothing is lacking once that was so of every peer: one that
   * holds the same may have refused the same.
   */
  lacksNothingOf(peer: NodeId, peers: Iterable<NodeId>): void {
    if (!this.refused) return;
    this.levelWith.add(peer);
    for (const id of peers) if (!this.levelWith.has(id)) return;
    this.refused = false;
    this.levelWith.clear();
    this.onLacking();
  }
}
