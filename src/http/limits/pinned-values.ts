// Values that are being sent to clients that read slowly. While a value is stored its bytes are the
// store's. Once it was replaced or has expired, only its readers keep it. Then its bytes are
// charged to the ledger, once for all of them.
import type { EngineChange, Version } from '../../runtime/data-engine';
import type { Ledger } from './ledger';

/** Calls `listener` after changes of stored values; returns how to stop that. */
export type ValueChanges = (listener: (changes: readonly EngineChange[]) => void) => () => void;

export interface StoredValue {
  readonly key: string;
  /** Null for one that is not stored here, but came from a peer for this answer. */
  readonly version: Version | null;
  readonly bytes: Uint8Array;
  /** What it costs one of its readers now. */
  readonly chargedBytes?: number;
}

class Pinned implements StoredValue {
  readers = 1;
  isStored = true;

  constructor(
    readonly key: string,
    readonly version: Version | null,
    readonly bytes: Uint8Array,
  ) {}

  get chargedBytes(): number {
    return this.isStored ? 0 : Math.ceil(this.bytes.byteLength / this.readers);
  }
}

export class PinnedValues {
  private readonly byKey = new Map<string, Pinned[]>();
  private unsubscribe: (() => void) | null = null;

  /** @param onCharged called after bytes were charged that could not be refused */
  constructor(
    private readonly ledger: Ledger,
    private readonly changes: ValueChanges,
    private readonly onCharged: () => void,
  ) {}

  pin({ key, version, bytes }: StoredValue): StoredValue {
    this.unsubscribe ??= this.changes((changes) => {
      for (const change of changes) this.changed(change);
    });
    const ofKey = this.byKey.get(key) ?? [];
    const known = ofKey.find((pinned) => pinned.bytes === bytes);
    if (known !== undefined) {
      known.readers += 1;
      return known;
    }
    const pinned = new Pinned(key, version, bytes);
    this.byKey.set(key, [...ofKey, pinned]);
    if (version === null) this.orphan(pinned);
    return pinned;
  }

  release(value: StoredValue): void {
    const ofKey = this.byKey.get(value.key) ?? [];
    const pinned = ofKey.find((each) => each === value);
    if (pinned === undefined) return;
    pinned.readers -= 1;
    if (pinned.readers > 0) return;
    if (!pinned.isStored) this.ledger.give('answers', pinned.bytes.byteLength);
    const rest = ofKey.filter((each) => each !== pinned);
    if (rest.length > 0) this.byKey.set(value.key, rest);
    else this.byKey.delete(value.key);
    if (this.byKey.size > 0) return;
    this.unsubscribe?.();
    this.unsubscribe = null;
  }

  private changed(change: EngineChange): void {
    for (const pinned of this.byKey.get(change.key) ?? []) {
      const isCurrent = change.kind === 'put' && isSame(change.version, pinned.version);
      if (pinned.isStored && !isCurrent) this.orphan(pinned);
    }
  }

  private orphan(pinned: Pinned): void {
    pinned.isStored = false;
    this.ledger.charge('answers', pinned.bytes.byteLength);
    this.onCharged();
  }
}

function isSame(a: Version, b: Version | null): boolean {
  return b !== null && a.hlc === b.hlc && a.origin === b.origin;
}
