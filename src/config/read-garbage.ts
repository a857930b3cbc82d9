// Memory that bodies and frames were read into. V8 collects it late: young Buffers may come to
// 32 MB, old ones to 64 MB, which a small container does not have beside what is stored. So there
// the launcher starts nodes with --expose-gc (memory-budget.ts), and what was read is collected
// every few megabytes.

/** A young collection is short, and frees what was read and not kept. */
const BYTES_PER_YOUNG = 4 * 1_048_576;
/**
 * A whole one takes longer. It frees what outlived young ones: the pieces of a large value that
 * became whole, and the value that it replaced.
 */
const YOUNG_PER_WHOLE = 4;

export interface Collector {
  young(): void;
  whole(): void;
}

export class ReadGarbage {
  private bytes = 0;
  private youngInARow = 0;

  /** @param collector null = V8 decides alone */
  constructor(private readonly collector: Collector | null) {}

  /** Bytes came in Buffers of their own. */
  read(bytes: number): void {
    if (this.collector === null) return;
    this.bytes += bytes;
    if (this.bytes < BYTES_PER_YOUNG) return;
    this.bytes = 0;
    this.collect(this.collector);
  }

  private collect(collector: Collector): void {
    this.youngInARow = (this.youngInARow + 1) % YOUNG_PER_WHOLE;
    if (this.youngInARow === 0) collector.whole();
    else collector.young();
  }
}

/** Null in a process that was started without --expose-gc. */
export function collectorOf(gc: NodeJS.GCFunction | undefined): Collector | null {
  if (gc === undefined) return null;
  return { young: () => gc({ type: 'minor' }), whole: () => gc({ type: 'major' }) };
}

/** There is one heap, so there is one count. */
export const readGarbage = new ReadGarbage(collectorOf(globalThis.gc));
