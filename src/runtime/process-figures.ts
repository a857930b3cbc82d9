// What this process knows of itself. The system may refuse any of it (no /proc, no descriptor
// left). Then the figure is missing, null, and what reports it says so.
import { getHeapStatistics } from 'node:v8';

export interface MemoryFigures {
  readonly rss: number | null;
  readonly heapUsed: number;
  readonly heapTotal: number;
  readonly external: number;
}

/** The figure, or null when it cannot be read. */
export function figure<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}

/** Bytes. Node.js reads the resident set from /proc, and throws without. It knows the heap. */
export function memoryFigures(usage: () => NodeJS.MemoryUsage = () => process.memoryUsage()): MemoryFigures {
  const known = figure(usage);
  if (known !== null) {
    const { rss, heapUsed, heapTotal, external } = known;
    return { rss, heapUsed, heapTotal, external };
  }
  const {
    used_heap_size: heapUsed,
    total_heap_size: heapTotal,
    external_memory: external,
  } = getHeapStatistics();
  return { rss: null, heapUsed, heapTotal, external };
}

/** Bytes of the resident set. */
export function residentBytes(): number | null {
  return figure(() => process.memoryUsage.rss());
}

/** Seconds of processor time, in user and system mode together. */
export function cpuSeconds(): number | null {
  return figure(() => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
}
