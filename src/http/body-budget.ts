// One allowance for all request bodies that are being received at the same time, so that uploads cannot use up the
// memory which the store was promised (docs/operations.md, Memory).

export class BodyBudget {
  private usedBytes = 0;

  constructor(private readonly limitBytes: number) {}

  fits(bytes: number): boolean {
    return this.usedBytes + bytes <= this.limitBytes;
  }

  /** False when that many bytes do not fit now; nothing is taken then. */
  take(bytes: number): boolean {
    if (!this.fits(bytes)) return false;
    this.usedBytes += bytes;
    return true;
  }

  give(bytes: number): void {
    this.usedBytes -= bytes;
  }

  used(): number {
    return this.usedBytes;
  }
}

/** An eighth of the store's limit, and never less than two of the largest values. */
export function bodyBudgetBytes(storageBytesMax: number, valueBytesMax: number): number {
  return Math.max(Math.floor(storageBytesMax / 8), 2 * valueBytesMax);
}
