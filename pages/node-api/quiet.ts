// Notices that a node hangs: its connections stay open, and nothing comes. Whatever waits for a
// node that is quiet asks it whether it is alive, again and again, and is given up when it does not
// say so.

const QUIET_MS = 2000;
const ANSWER_MS = 1500;

export class Quiet {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isOver = false;

  /** @param giveUp called once, at most */
  constructor(
    private readonly base: string,
    private readonly giveUp: () => void,
  ) {
    this.heard();
  }

  /** The node has said something. */
  heard(): void {
    clearTimeout(this.timer);
    if (!this.isOver) this.timer = setTimeout(() => void this.ask(), QUIET_MS);
  }

  /** Nobody waits any more. */
  end(): void {
    this.isOver = true;
    clearTimeout(this.timer);
  }

  private async ask(): Promise<void> {
    const asking = this.timer;
    const isAlive = await answers(this.base);
    // Something may have come meanwhile.
    if (this.isOver || asking !== this.timer) return;
    if (isAlive) this.heard();
    else this.giveUp();
  }
}

/** A refusal is an answer too. */
async function answers(base: string): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(ANSWER_MS);
    await (await fetch(`${base}health/live`, { cache: 'no-store', signal })).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}
