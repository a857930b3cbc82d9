// How long a process had to wait for a processor while it could have run, as the scheduler counts
// it for each thread (schedstat of Linux, proc(5)). It tells a process that a busy machine starves
// from one that hangs. A process that hangs asks for no processor, or gets it and makes nothing of
// it.
import { readdirSync, readFileSync } from 'node:fs';

const NANOSECONDS_PER_MS = 1e6;

/**
 * Milliseconds that each thread has waited since it began, by its id. Throws when the system does
 * not tell.
 */
export type ReadWaits = (pid: number) => ReadonlyMap<string, number>;

export class RunQueueWaits {
  private before: ReadonlyMap<string, number> | null = null;

  constructor(
    private readonly pid: number,
    private readonly read: ReadWaits = systemWaits,
  ) {}

  /**
   * Milliseconds that the thread which waited most has waited since the last look. 0 at the first
   * look, and where the system does not tell.
   */
  look(): number {
    const { before } = this;
    try {
      this.before = this.read(this.pid);
    } catch {
      this.before = null;
    }
    if (before === null || this.before === null) return 0;
    const grown = [...this.before].map(([thread, waitedMs]) => waitedMs - (before.get(thread) ?? waitedMs));
    return Math.max(0, ...grown);
  }

  /** The next look is a first one again. */
  forget(): void {
    this.before = null;
  }
}

function systemWaits(pid: number): ReadonlyMap<string, number> {
  const tasks = `/proc/${pid}/task`;
  return new Map(readdirSync(tasks).map((thread) => [thread, waitedMs(`${tasks}/${thread}/schedstat`)]));
}

/** The second number: time on a run queue without a processor, nanoseconds. */
function waitedMs(path: string): number {
  return Number(readFileSync(path, 'utf8').split(' ')[1]) / NANOSECONDS_PER_MS;
}
