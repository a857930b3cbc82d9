// The stream of changes (GET /events?types=member) of one node. Without it the page learns the same
// from the next look, up to a second later.
import { isMemberState } from '../facts/facts';
import { fields, printable } from '../facts/text';
import type { MemberChange } from '../network/network';

/** What is used of the browser's EventSource. */
export interface Source {
  readonly readyState: number;
  addEventListener(type: string, listener: (event: { readonly data?: unknown }) => void): void;
  close(): void;
}

export interface StreamListener {
  changed(change: MemberChange): void;
  /** Whether changes come as they happen. */
  live(isLive: boolean): void;
  /** It was open and broke off: perhaps the node is gone. */
  broken(): void;
  /** The node is about to stop. */
  ending(): void;
}

export interface StreamParts {
  open(address: string): Source;
  after(ms: number, action: () => void): () => void;
}

/** An EventSource that was refused does not come back by itself. */
const CLOSED = 2;
const RETRY_MS_MIN = 5000;
const RETRY_MS_MAX = 60_000;

export class Stream {
  private source: Source | null = null;
  private cancel: () => void = () => undefined;
  private retryMs = RETRY_MS_MIN;
  private isOpen = false;
  private base = '';

  constructor(
    private readonly parts: StreamParts,
    private readonly listener: StreamListener,
  ) {}

  /** Follows the node below `base`. Nothing happens when it does so already. */
  follow(base: string): void {
    if (base === this.base) return;
    this.close();
    this.base = base;
    this.retryMs = RETRY_MS_MIN;
    this.open();
  }

  close(): void {
    this.cancel();
    this.base = '';
    this.drop();
  }

  private open(): void {
    const source = this.parts.open(new URL('events?types=member', this.base).href);
    this.source = source;
    source.addEventListener('open', () => this.opened(source));
    source.addEventListener('error', () => this.failed(source));
    source.addEventListener('member', ({ data }) => this.told(source, data));
    source.addEventListener('end', ({ data }) => this.ended(source, data));
  }

  private opened(source: Source): void {
    if (source !== this.source) return;
    this.retryMs = RETRY_MS_MIN;
    this.isOpen = true;
    this.listener.live(true);
  }

  private failed(source: Source): void {
    if (source !== this.source) return;
    const wasOpen = this.isOpen;
    this.isOpen = false;
    this.listener.live(false);
    if (source.readyState === CLOSED) this.openLater();
    if (wasOpen) this.listener.broken();
  }

  private told(source: Source, data: unknown): void {
    if (source !== this.source) return;
    const change = readChange(data);
    if (change !== null) this.listener.changed(change);
  }

  private ended(source: Source, data: unknown): void {
    if (source !== this.source) return;
    this.openLater();
    if (fields(parsed(data)).reason === 'draining') this.listener.ending();
  }

  private openLater(): void {
    this.drop();
    this.cancel = this.parts.after(this.retryMs, () => this.open());
    this.retryMs = Math.min(RETRY_MS_MAX, 2 * this.retryMs);
  }

  private drop(): void {
    if (this.source === null) return;
    this.source.close();
    this.source = null;
    this.isOpen = false;
    this.listener.live(false);
  }
}

function readChange(data: unknown): MemberChange | null {
  const { id, from, to, reason } = fields(parsed(data));
  if (typeof id !== 'string') return null;
  if (to !== 'forgotten' && !isMemberState(to)) return null;
  const why = printable(reason);
  return { id: printable(id), from: isMemberState(from) ? from : null, to, reason: why === '' ? null : why };
}

function parsed(data: unknown): unknown {
  try {
    return JSON.parse(String(data));
  } catch {
    return null;
  }
}
