// Tells subscribers what became readable and what is over: after the call that made the change, in
// order, in one batch per event-loop turn. Costs nothing while there is no subscriber.
import type { Unsure } from '../core/changes/changes';
import { INLINE_BYTES_MAX, type Ended, type Entry } from '../core/store/entry';
import type { EngineChange } from './data-engine';

type Listener = (changes: readonly EngineChange[]) => void;

export class ChangeFeed {
  private readonly listeners = new Set<Listener>();
  private queued: EngineChange[] = [];

  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  stored({ key, hlc, origin, ttlMs, expiresAtMs, value }: Entry): void {
    if (this.listeners.size === 0) return;
    this.push({
      kind: 'put',
      key: keyText(key),
      version: { hlc, origin },
      ttlMs,
      deadlineMs: expiresAtMs,
      valueBytes: value?.byteLength ?? null,
      value: kept(value),
    });
  }

  ended(ended: Ended): void {
    if (this.listeners.size === 0) return;
    const { hlc, origin } = ended;
    this.push({ kind: 'expire', key: keyText(ended.keyText), version: { hlc, origin } });
  }

  unsure(reason: Unsure): void {
    if (this.listeners.size > 0) this.push({ kind: 'unsure', reason });
  }

  /** Tells what is queued now. Not to be called within a call of the core. */
  flush(): void {
    const changes = this.queued;
    if (changes.length === 0) return;
    this.queued = [];
    for (const listener of [...this.listeners]) listener(changes);
  }

  private push(change: EngineChange): void {
    this.queued.push(change);
    if (this.queued.length === 1) setImmediate(() => this.flush());
  }
}

/** Only large values are the store's for good; small ones may be part of what a peer sent. */
function kept(value: Uint8Array | null): Uint8Array | null {
  return value === null || value.byteLength > INLINE_BYTES_MAX ? value : new Uint8Array(value);
}

/** The core's byte string as text. */
export function keyText(byteString: string): string {
  return Buffer.from(byteString, 'latin1').toString('utf8');
}

/** Text as the core's byte string. */
export function keyByteString(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
