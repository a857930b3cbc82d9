// Notices when the wall clock leaves the monotonic one behind. Either the machine was suspended: its monotonic clock stood
// still (CLOCK_MONOTONIC does not count a suspend), and every deadline here is late by that much. Or somebody set the wall
// clock. The peers tell which: after a suspend this wall clock agrees with theirs.
import type { Membership } from '../membership/membership';
import { medianOffsetMs } from '../version/clock-offset';
import type { Now } from './now';

export class ClockWatch {
  private aheadMs: number | null = null;
  private doubtMs = 0;
  private jumped = false;

  /**
   * @param jumpMs least jump that counts; half of the clock offset allowed between nodes
   * @param doubts told by how much the wall clock may be ahead of the true time, until the peers have said what it was; then 0
   */
  constructor(
    private readonly membership: Membership,
    private readonly jumpMs: number,
    private readonly doubts: (aheadMs: number) => void,
  ) {}

  /** Not yet known whether this machine was suspended. */
  get inDoubt(): boolean {
    return this.doubtMs > 0;
  }

  /** Once per call of the core. */
  look(now: Now): void {
    const aheadMs = now.wallMs - now.monoMs;
    const jumpedMs = aheadMs - (this.aheadMs ?? aheadMs);
    this.aheadMs = aheadMs;
    if (Math.abs(jumpedMs) < this.jumpMs) return;
    for (const member of this.membership.all()) member.wallOffsetMs = null;
    this.jumped = true;
    this.doubt(Math.max(0, this.doubtMs + jumpedMs));
  }

  /** True once after each jump: what the peers' clocks say must be measured anew. */
  takeJump(): boolean {
    const { jumped } = this;
    this.jumped = false;
    return jumped;
  }

  /** Milliseconds of a suspend that the clocks of most peers confirm, once; else 0. */
  confirmedMs(): number {
    if (this.doubtMs === 0) return 0;
    const linked = [...this.membership.active()].filter(({ link }) => link !== null);
    const offsets = linked.flatMap(({ wallOffsetMs }) => (wallOffsetMs === null ? [] : [wallOffsetMs]));
    const median = medianOffsetMs(offsets);
    if (median === null || 2 * offsets.length <= linked.length) return 0;
    const suspendedMs = Math.abs(median) < this.jumpMs ? this.doubtMs : 0;
    this.doubt(0);
    return suspendedMs;
  }

  private doubt(aheadMs: number): void {
    this.doubtMs = aheadMs;
    this.doubts(aheadMs);
  }
}
