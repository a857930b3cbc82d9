// Memory that bodies were read into. V8 collects it late: it counts young Buffers only when they
// come to 32 MB, which a small container does not have beside what is stored. So there the launcher
// starts nodes with --expose-gc (src/config/memory-budget.ts), and a young collection follows every
// few megabytes read.

/** Garbage of this kind that a node has at most, beside what it still holds. */
const BYTES_BETWEEN = 4 * 1_048_576;

export class ReadGarbage {
  private bytes = 0;

  /** @param collect null = V8 decides alone */
  constructor(private readonly collect: (() => void) | null) {}

  /** Bytes of a body came in a Buffer of their own. */
  read(bytes: number): void {
    if (this.collect === null) return;
    this.bytes += bytes;
    if (this.bytes < BYTES_BETWEEN) return;
    this.bytes = 0;
    this.collect();
  }
}

/** A young collection, where the process was started with --expose-gc. */
export function youngCollection(gc = globalThis.gc): (() => void) | null {
  return gc === undefined ? null : () => void gc({ type: 'minor' });
}

/** There is one heap, so there is one count. */
export const readGarbage = new ReadGarbage(youngCollection());
