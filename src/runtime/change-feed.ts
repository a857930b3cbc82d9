// Tells subscribers what became readable and what is over: after the call that made the change, in
// order, in one batch per event-loop turn. Costs nothing while there is no subscriber.
import type { Ended, Entry } from '../core/store/entry';
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
      value,
    });
  }

  ended(ended: Ended): void {
    if (this.listeners.size === 0) return;
    const { hlc, origin } = ended;
    this.push({ kind: 'expire', key: keyText(ended.keyText), version: { hlc, origin } });
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

/** The core's byte string as text. */
export function keyText(byteString: string): string {
  return Buffer.from(byteString, 'latin1').toString('utf8');
}

/** Text as the core's byte string. */
export function keyByteString(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
