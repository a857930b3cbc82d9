// A state that comes and goes many times a second is told of once in a while, with how often it
// came.

export class Damped {
  private toldAtMs = -Infinity;
  private untold = 0;
  private isTold = false;

  constructor(
    /** Milliseconds between two tellings. */
    private readonly everyMs: number,
  ) {}

  /** It came. How often since it was last told, when it is to be told now; else null. */
  began(nowMs: number): number | null {
    this.untold += 1;
    if (nowMs - this.toldAtMs < this.everyMs) return null;
    const times = this.untold;
    this.toldAtMs = nowMs;
    this.untold = 0;
    this.isTold = true;
    return times;
  }

  /** It went; true when its coming was told. */
  ended(): boolean {
    const wasTold = this.isTold;
    this.isTold = false;
    return wasTold;
  }
}
