// The JSON log lines of a node or launcher process, with the time its own clock gave them: what
// happened in a process is timed there, and not by when this one came round to reading about it.
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface LogLine {
  readonly event: string;
  /** Milliseconds since the Unix epoch, whole. */
  readonly atMs: number;
  /** When this process read it, on its monotonic clock. */
  readonly readAtMs: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

const ERROR_TEXT_MAX = 4000;

export class LogReader {
  private readonly lines: LogLine[] = [];
  private errors = '';
  private ending: string | null = null;

  constructor(child: ChildProcess) {
    if (child.stdout === null || child.stderr === null) throw new Error('the process has no pipes');
    createInterface({ input: child.stdout }).on('line', (line) => this.take(line));
    child.stderr.on('data', (chunk: Buffer) => {
      if (this.errors.length < ERROR_TEXT_MAX) this.errors += chunk.toString('utf8');
    });
    child.once('error', (error) => (this.ending = error.message));
    child.once('exit', (code, signal) => (this.ending = `exit ${code ?? signal ?? ''}`));
  }

  all(event: string): LogLine[] {
    return this.lines.filter((line) => line.event === event);
  }

  first(event: string): LogLine | undefined {
    return this.lines.find((line) => line.event === event);
  }

  /** Throws when the process has ended. */
  assertRunning(): void {
    if (this.ending !== null) throw new Error(`a process ended early (${this.ending}): ${this.errors}`);
  }

  private take(text: string): void {
    const readAtMs = performance.now();
    try {
      const { event, time, ...fields } = JSON.parse(text) as Record<string, unknown>;
      if (typeof event !== 'string' || typeof time !== 'string') return;
      this.lines.push({ event, atMs: Date.parse(time), readAtMs, fields });
    } catch {
      // Not a log line.
    }
  }
}
