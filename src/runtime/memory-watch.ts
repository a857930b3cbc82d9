// What the processes that share this node's memory limit use of it. Read at most once a second,
// because anybody may ask /health.
import { type MemoryUsage, memoryUsage } from '../config/memory-limit';

const FRESH_MS = 1000;

export class MemoryWatch {
  private usage: MemoryUsage | null = null;
  private readAtMs = -Infinity;

  constructor(private readonly read: () => MemoryUsage | null = memoryUsage) {}

  /** @param nowMs monotonic */
  at(nowMs: number): MemoryUsage | null {
    if (nowMs - this.readAtMs >= FRESH_MS) {
      this.usage = this.read();
      this.readAtMs = nowMs;
    }
    return this.usage;
  }
}
