// What one peer pulls over one link: one stream at a time. Asking anew ends the one before, but not
// more than once a second: who asks more often would be sent the beginning over and over.
import type { SyncStream } from './sync-stream';

/** A pull that stands still is given up, and another asked for, only after longer. */
const SERVED_ANEW_MS = 1000;

export class ServedSync {
  private stream: SyncStream | null = null;
  /** When what is under way was begun; null before its first flush. */
  private sinceMs: number | null = null;
  /** Asked for while another was under way; the latest. */
  private next: SyncStream | null = null;

  get current(): SyncStream | null {
    return this.stream;
  }

  ask(stream: SyncStream): void {
    if (this.stream === null) this.begin(stream);
    else {
      this.next?.close();
      this.next = stream;
    }
  }

  /** What is under way gives way to what was asked for later, once it had its time. */
  renew(monoMs: number): void {
    this.sinceMs ??= monoMs;
    if (this.next === null || monoMs < this.sinceMs + SERVED_ANEW_MS) return;
    this.begin(this.next);
    this.sinceMs = monoMs;
  }

  /** All of it was sent. */
  end(): void {
    this.begin(this.next);
  }

  drop(): void {
    this.begin(null);
  }

  private begin(stream: SyncStream | null): void {
    if (this.next !== stream) this.next?.close();
    this.stream?.close();
    this.stream = stream;
    this.sinceMs = null;
    this.next = null;
  }
}
