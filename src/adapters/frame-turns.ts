// Shares the event loop between the frames of all links of a node and everything else. Frames are
// taken as they come until a turn's time for them is over; what comes then waits, its socket is not
// read meanwhile, and the turns that follow take it: first of the link that has used least, so that
// those who say much do not keep the others waiting.
import { performance } from 'node:perf_hooks';

/**
 * Milliseconds of one turn of the event loop for frames: what a client waits for longer, a few
 * turns, stays below a tenth of a second.
 */
const TURN_MS = 10;

/** A link whose frames may have to wait. */
export interface Lane {
  /** Milliseconds that its frames have taken, as far as it matters for whose turn it is. */
  usedMs: number;
  readonly waitingFrames: number;
  /** Takes the frame that has waited longest. */
  takeNext(): void;
  /** None waits any more. */
  drained(): void;
}

export class FrameTurns {
  private readonly lanes = new Set<Lane>();
  private spentMs = 0;
  /** What the link had used that was last the one with least. */
  private floorMs = 0;
  private isTurnUnderWay = false;

  constructor(private readonly nowMs = (): number => performance.now()) {}

  /** Whether a frame may be taken at once. */
  get hasTime(): boolean {
    return this.spentMs < TURN_MS;
  }

  /** To be called before a frame is taken; what it returns is for `took`. */
  begin(): number {
    if (!this.isTurnUnderWay) this.endTurnLater();
    return this.nowMs();
  }

  took(lane: Lane, sinceMs: number): void {
    const elapsedMs = this.nowMs() - sinceMs;
    this.spentMs += elapsedMs;
    lane.usedMs += elapsedMs;
  }

  /**
   * The first frame of this link waits. One that used little is ahead, but not by all that it never
   * used.
   */
  wait(lane: Lane): void {
    lane.usedMs = Math.max(lane.usedMs, this.floorMs - TURN_MS);
    this.lanes.add(lane);
    if (!this.isTurnUnderWay) this.endTurnLater();
  }

  private endTurnLater(): void {
    this.isTurnUnderWay = true;
    setImmediate(() => {
      this.isTurnUnderWay = false;
      this.spentMs = 0;
      this.takeWaiting();
    });
  }

  private takeWaiting(): void {
    while (this.hasTime) {
      const lane = this.next();
      if (lane === null) return;
      this.floorMs = lane.usedMs;
      const sinceMs = this.begin();
      if (lane.waitingFrames > 0) lane.takeNext();
      this.took(lane, sinceMs);
      if (lane.waitingFrames > 0) continue;
      this.lanes.delete(lane);
      lane.drained();
    }
    if (this.lanes.size > 0 && !this.isTurnUnderWay) this.endTurnLater();
  }

  private next(): Lane | null {
    let next: Lane | null = null;
    for (const lane of this.lanes) if (next === null || lane.usedMs < next.usedMs) next = lane;
    return next;
  }
}
