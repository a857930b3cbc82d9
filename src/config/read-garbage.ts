// Memory that bodies and frames were read into. V8 collects it late: young Buffers may come to
// 32 MB, old ones to 64 MB, which a small container does not have beside what is stored. So there
// the launcher starts nodes with --expose-gc (memory-budget.ts), and what was read is collected
// every few megabytes.

import { memoryUsage } from './memory-limit';

/** A young collection is short, and frees what was read and not kept. */
const BYTES_PER_YOUNG = 4 * 1_048_576;
/**
 * A whole one stops the node for tens of milliseconds. It frees what outlived young ones, such as
 * values that were replaced. So it is for when memory runs short, and not more often than this.
 */
const YOUNG_PER_WHOLE = 4;
/** Of the memory limit: from here on memory is short. */
const SHORT_FROM_SHARE = 0.75;

export interface Collector {
  young(): void;
  whole(): void;
}

export class ReadGarbage {
  private bytes = 0;
  private youngInARow = 0;

  /**
   * @param collector null = V8 decides alone
   * @param isShort whether the processes that share a memory limit have used most of it
   */
  constructor(
    private readonly collector: Collector | null,
    private readonly isShort: () => boolean,
  ) {}

  /** Bytes came in Buffers of their own. */
  read(bytes: number): void {
    if (this.collector === null) return;
    this.bytes += bytes;
    if (this.bytes < BYTES_PER_YOUNG) return;
    this.bytes = 0;
    this.collect(this.collector);
  }

  private collect(collector: Collector): void {
    this.youngInARow += 1;
    if (this.youngInARow < YOUNG_PER_WHOLE || !this.isShort()) return collector.young();
    this.youngInARow = 0;
    collector.whole();
  }
}

/**
 * Null in a process that was started without --expose-gc. With options of any type V8 collects
 * young objects only (Node.js 20), so a whole collection is asked for without.
 */
export function collectorOf(gc: NodeJS.GCFunction | undefined): Collector | null {
  if (gc === undefined) return null;
  return { young: () => gc({ type: 'minor' }), whole: () => gc() };
}

/** There is one heap, so there is one count. */
export const readGarbage = new ReadGarbage(collectorOf(globalThis.gc), () => isShort());

function isShort(): boolean {
  const usage = memoryUsage();
  if (usage === null || usage.scope === 'machine' || usage.usedBytes === null) return false;
  return usage.usedBytes > usage.limitBytes * SHORT_FROM_SHARE;
}
