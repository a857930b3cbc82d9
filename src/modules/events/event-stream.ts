// One client's stream of events. What it does not read is bounded. One that falls behind is told
// so, and comes back with its position.
import type { ServerResponse } from 'node:http';

/** A reader that is told what it missed is waited for beyond this share of what may wait for it. */
const HIGH_WATER_SHARE = 0.25;
/** Without any progress. */
const STALLED_MS = 10_000;
/** For the last words to be read. */
const LEAVE_MS = 2000;

/**
 * `waiting`: it hears of nothing yet. `behind`: it hears of what changes, and is being told what it
 * missed. `current`: it was told all, and its position goes on with what it is told.
 */
export type Standing = 'waiting' | 'behind' | 'current';

export class EventStream {
  standing: Standing = 'waiting';
  private isOver = false;
  private readonly hungUp = new AbortController();

  /** @param bytesMax of what is written and not read */
  constructor(
    private readonly response: ServerResponse,
    private readonly bytesMax: number,
    private readonly onSlow: () => void,
  ) {
    response.once('close', () => {
      this.isOver = true;
      this.hungUp.abort();
    });
  }

  /** Aborts when the client hung up, or the stream was ended. */
  get gone(): AbortSignal {
    return this.hungUp.signal;
  }

  send(bytes: Uint8Array | string): void {
    if (this.isOver) return;
    this.response.write(bytes);
    if (this.response.writableLength > this.bytesMax) this.onSlow();
  }

  /** Sends it, and waits until it was taken where much waits to be read already. */
  async sendAndWait(bytes: Uint8Array | string): Promise<void> {
    if (this.isOver) return;
    let taken = (): void => undefined;
    this.response.write(bytes, () => taken());
    if (this.response.writableLength < this.bytesMax * HIGH_WATER_SHARE) return;
    const isTaken = await this.inTime((done) => (taken = done));
    if (!isTaken) this.onSlow();
  }

  /** Says a last word. */
  end(lastWord: string): void {
    if (this.isOver) return;
    this.isOver = true;
    this.response.end(lastWord);
    this.hungUp.abort();
    const cut = setTimeout(() => this.response.destroy(), LEAVE_MS);
    this.response.once('close', () => clearTimeout(cut));
  }

  /**
   * Resolves with whether what `begin` is given was called in time, or nobody is there any more.
   * One wait follows another, so a stream has one timer and one listener at most.
   */
  private inTime(begin: (done: () => void) => void): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (isTaken: boolean): void => {
        clearTimeout(timer);
        this.gone.removeEventListener('abort', done);
        resolve(isTaken);
      };
      const done = (): void => settle(true);
      const timer = setTimeout(() => settle(false), STALLED_MS);
      this.gone.addEventListener('abort', done, { once: true });
      begin(done);
    });
  }
}
