// Where the lines of a process leave it. What cannot be written waits here, within a bound, and is
// tried again. What does not fit is dropped and counted. Nothing that happens to the output (full
// disk, lost terminal, reader that stopped) reaches the code that writes: no call throws, and none
// waits for a descriptor from `withoutWaiting`.
import { writeSync } from 'node:fs';

export interface LostLines {
  readonly lines: number;
  /** The system's word for what was wrong: ENOSPC, EIO, EPIPE; EAGAIN = the reader did not read. */
  readonly reason: string;
  /** Milliseconds from the first failure until lines could be written again. */
  readonly forMs: number;
}

export interface LineSinkOptions {
  /** Writes some of `bytes` and returns how many; throws the system's error. */
  readonly write: (bytes: Buffer) => number;
  /** Monotonic milliseconds. */
  readonly nowMs?: () => number;
}

/** What may wait for an output that takes nothing. */
const WAITING_BYTES_MAX = 262_144;
const RETRY_AFTER_MS = 200;

/** The `write` of a sink over an open descriptor. */
export function toDescriptor(fd: number): (bytes: Buffer) => number {
  return (bytes) => writeSync(fd, bytes);
}

interface Trouble {
  readonly sinceMs: number;
  reason: string;
  lostLines: number;
}

export class LineSink {
  /** Called when the output takes lines again, if some were lost; may write. */
  onRecovered: (lost: LostLines) => void = () => undefined;
  private waiting: Buffer[] = [];
  private waitingBytes = 0;
  private trouble: Trouble | null = null;
  private retry: NodeJS.Timeout | null = null;
  private readonly nowMs: () => number;

  constructor(private readonly options: LineSinkOptions) {
    this.nowMs = options.nowMs ?? (() => performance.now());
  }

  /** Whole lines. Written before the call returns, unless the output is in trouble. */
  write(lines: string): void {
    const bytes = Buffer.from(lines);
    if (this.trouble === null) {
      const written = this.attempt(bytes);
      if (written < bytes.length) this.keep(bytes.subarray(written));
    } else if (this.waitingBytes + bytes.length > WAITING_BYTES_MAX) {
      this.trouble.lostLines += countLines(bytes);
    } else {
      this.keep(bytes);
    }
  }

  /** One more attempt at what waits: for the end of the process. */
  flush(): void {
    while (this.waiting.length > 0) {
      const written = this.attempt(this.waiting[0]);
      this.waitingBytes -= written;
      if (written < this.waiting[0].length) {
        this.waiting[0] = this.waiting[0].subarray(written);
        return;
      }
      this.waiting.shift();
    }
    this.recovered();
  }

  /**
   * The rest of a line that was written in part is kept in any case. The next line must not begin
   * within it.
   */
  private keep(bytes: Buffer): void {
    this.waiting.push(bytes);
    this.waitingBytes += bytes.length;
    this.retryLater();
  }

  private retryLater(): void {
    if (this.retry !== null) return;
    this.retry = setTimeout(() => {
      this.retry = null;
      this.flush();
      if (this.waiting.length > 0) this.retryLater();
    }, RETRY_AFTER_MS);
    this.retry.unref();
  }

  private recovered(): void {
    const { trouble } = this;
    this.trouble = null;
    if (trouble === null || trouble.lostLines === 0) return;
    const forMs = Math.round(this.nowMs() - trouble.sinceMs);
    this.onRecovered({ lines: trouble.lostLines, reason: trouble.reason, forMs });
  }

  /** How many bytes the output took. */
  private attempt(bytes: Buffer): number {
    let written = 0;
    try {
      while (written < bytes.length) {
        const taken = this.options.write(bytes.subarray(written));
        if (taken === 0) break;
        written += taken;
      }
    } catch (error) {
      this.failed((error as NodeJS.ErrnoException).code ?? 'unknown');
    }
    if (written < bytes.length) this.failed('EAGAIN');
    return written;
  }

  private failed(reason: string): void {
    this.trouble ??= { sinceMs: this.nowMs(), reason, lostLines: 0 };
    if (reason !== 'EAGAIN') this.trouble.reason = reason;
  }
}

function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) lines += 1;
  return Math.max(1, lines);
}
