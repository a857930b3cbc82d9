// What a reader of changes is told when it comes back, here or from another node (docs/events.md):
// whatever is newer than its position. The versions that are known are all that is needed for it.
// Invariant: of what a position covers, the reader was told all that is the newest of its key.
import type { NodeId } from '../base/identity';
import type { Now } from '../base/now';
import type { Repair } from '../anti-entropy/repair';
import type { Membership } from '../membership/membership';
import { receptionOf, receptions } from '../membership/receptions';
import type { Known, Listed } from '../store/entry';
import type { Fullness } from '../store/fullness';
import type { Store } from '../store/store';
import type { WriteLog } from '../store/write-log';
import type { StampClock } from '../version/stamp-clock';
import type { Position } from './position';

/**
 * `ready`: what the reader missed can be told. `behind`: this node does not hold all yet that the
 * reader was told. `too-old`: ends may be forgotten that the reader was not told of. `lacking`:
 * this node has no room for all that there is. `astray`: it was told of writes that were stamped
 * too far ahead, and these may have been given the stamp of their time.
 */
export type Resumable = 'ready' | 'behind' | 'too-old' | 'lacking' | 'astray';

/** Why somebody who is told of all changes may have missed something. */
export type Unsure = 'storage-full' | 'clock-corrected';

export interface ChangesParts {
  readonly store: Store;
  readonly log: WriteLog;
  readonly membership: Membership;
  readonly fullness: Fullness;
  readonly repair: Repair;
  readonly clock: StampClock;
}

export class Changes {
  private restampedAtMs = -Infinity;

  constructor(
    private readonly parts: ChangesParts,
    private readonly clockOffsetMaxMs: number,
  ) {}

  /** There are versions that this node knows of and has no room for. */
  get isLacking(): boolean {
    return this.parts.fullness.hasRefused;
  }

  /**
   * How far somebody was told who was told of all changes here; null while this node is not whole.
   */
  position(now: Now): Position | null {
    const { store, log, membership, repair, clock } = this.parts;
    if (!repair.ready || this.isLacking) return null;
    const through = new Map<NodeId, number>();
    if (log.last > 0) through.set(membership.self.id, log.last);
    const beyond = new Map<NodeId, number>();
    for (const [origin, { vouched, highest }] of receptions(membership)) {
      if (highest > 0) through.set(origin, vouched);
      if (highest > vouched) beyond.set(origin, highest);
    }
    const endedThroughMs = store.ends.endedThroughMs(now.monoMs);
    const endedThroughTimeMs = Math.max(0, clock.timeMs(now) + endedThroughMs - now.monoMs);
    return { node: membership.self.id, endedThroughMs, endedThroughTimeMs, through, beyond };
  }

  /** Some versions here have been given an earlier stamp, or gave way to one with a smaller. */
  restamped({ monoMs }: Now): void {
    this.restampedAtMs = monoMs;
  }

  resumable(position: Position, now: Now): Resumable {
    const { store, repair, clock } = this.parts;
    if (this.isLacking) return 'lacking';
    if (this.isAstray(position)) return 'astray';
    const isAhead = position.endedThroughTimeMs > clock.timeMs(now) + this.clockOffsetMaxMs;
    if (!repair.ready || isAhead || !this.holdsAll(position)) return 'behind';
    return store.ends.forgottenThroughMs > this.endsToldMs(position, now) ? 'too-old' : 'ready';
  }

  /**
   * What is newer than the position, undefined in the place of what is not; null = all that is
   * readable. Safe to advance while things change. An entry whose value is over says that it ended.
   */
  since(
    position: Position | null,
    prefix: string,
    valueBytesMax: number,
    now: Now,
  ): IterableIterator<Listed | undefined> {
    if (position === null)
      return this.parts.store.knownOf(prefix, valueBytesMax, ({ holding }) => holding !== 'stub');
    const { through } = position;
    const endsToldMs = this.endsToldMs(position, now);
    return this.parts.store.knownOf(prefix, valueBytesMax, ({ origin, seq, expiresAtMs }: Known) => {
      return seq > (through.get(origin) ?? 0) || (expiresAtMs >= endsToldMs && expiresAtMs <= now.monoMs);
    });
  }

  private isAstray({ node, endedThroughMs }: Position): boolean {
    const { membership, clock } = this.parts;
    if (node === membership.self.id) return endedThroughMs < this.restampedAtMs;
    const member = membership.get(node);
    const baseMs = member?.clockBaseMs ?? member?.toldClockBaseMs ?? null;
    return baseMs !== null && clock.differenceMs(baseMs) > this.clockOffsetMaxMs / 2;
  }

  private holdsAll({ through, beyond }: Position): boolean {
    const { log, membership } = this.parts;
    for (const [origin, told] of through) {
      const held = origin === membership.self.id ? log.last : (receptionOf(membership, origin)?.vouched ?? 0);
      if (held < (beyond.get(origin) ?? told)) return false;
    }
    return true;
  }

  /**
   * Up to when, on this node's monotonic clock, ends were told of. Of another node's time only as
   * much is known as clocks may be apart.
   */
  private endsToldMs({ node, endedThroughMs, endedThroughTimeMs }: Position, now: Now): number {
    if (node === this.parts.membership.self.id) return endedThroughMs;
    const agoMs = Math.max(0, this.parts.clock.timeMs(now) - endedThroughTimeMs);
    return now.monoMs - agoMs - this.clockOffsetMaxMs;
  }
}
