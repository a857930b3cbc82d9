// Tells subscribers what became readable and what expired: after the call that made the change, in
// order, in one batch per event-loop turn. Costs nothing while there is no subscriber.
import type { Entry } from '../core/store/entry';
import type { EngineChange } from './data-engine';

export class ChangeFeed {
  private readonly listeners = new Set<(change: EngineChange) => void>();
  private queued: EngineChange[] = [];

  subscribe(listener: (change: EngineChange) => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  stored(entry: Entry): void {
    if (this.listeners.size === 0) return;
    const version = { hlc: entry.hlc, origin: entry.origin };
    this.push({ kind: 'put', key: keyText(entry.key), version, ttlMs: entry.ttlMs });
  }

  expired(key: () => string): void {
    if (this.listeners.size > 0) this.push({ kind: 'expire', key: keyText(key()) });
  }

  private push(change: EngineChange): void {
    this.queued.push(change);
    if (this.queued.length > 1) return;
    setImmediate(() => {
      const changes = this.queued;
      this.queued = [];
      for (const listener of [...this.listeners]) for (const each of changes) listener(each);
    });
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
