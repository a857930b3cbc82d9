// Follows GET /events without missing anything: over broken connections, over nodes that drain or
// die, from the position of the last event on. It reads the stream by fetch. The
// browser's own reader hides why a node refused, and hides the comments, by which a silent
// connection is found out.
import { problemOf, type Failure } from './calls';
import { EventLines, type ServerEvent } from './event-lines';
import type { NodeList, Where } from './node-list';
import { Quiet } from './quiet';

export interface StreamListener {
  /** Any event but the ones below. `data` is what the node sent, unchecked. */
  event(type: string, data: unknown): void;
  /** Everything held is told from here on, up to `caughtUp`: what is not told is not there. */
  listing(): void;
  /** All that was asked for is told; from here on it is live. */
  caughtUp(): void;
  /** The node closes the stream. */
  ended?(reason: string): void;
  state(state: StreamState): void;
}

export type StreamState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  /** No node could be followed; a next try comes after a while. */
  | { readonly kind: 'waiting'; readonly failure: Failure; readonly retryInMs: number };

export interface StreamOptions {
  /** Of the question: `prefix`, `types`, `values`. */
  readonly query: Readonly<Record<string, string>>;
  /** Where it begins: with all that is held, or with what happens now. */
  readonly from: 'start' | 'now';
  readonly nodes: NodeList;
  readonly listener: StreamListener;
  /** Where peers that a node names when it ends can be asked. */
  readonly addressesOf: (peers: readonly Where[]) => readonly string[];
}

type Outcome =
  | { readonly kind: 'closed'; readonly failure: Failure }
  | { readonly kind: 'ended'; readonly peers: readonly Where[] }
  | { readonly kind: 'interrupted' };

const OPENING_MAX_MS = 6000;
/** A node sends a comment every 15 s: where a proxy answers for one that is gone. */
const SILENCE_MAX_MS = 40_000;
const RETRY_FIRST_MS = 1000;
const RETRY_MAX_MS = 20_000;
/** Streams that end sooner are none; after so many of them in a row the next try waits. */
const STREAM_MIN_MS = 1000;
const SHORT_STREAMS_MAX = 6;
const INTERRUPTED = Symbol('interrupted');
const UNREACHABLE: Failure = { kind: 'unreachable' };

export class EventStream {
  private position: string | null = null;
  private failures = 0;
  private shortStreams = 0;
  private connection = new AbortController();
  private wake = (): void => undefined;
  private isPaused = true;
  private isRunning = false;

  constructor(private readonly options: StreamOptions) {}

  /** Begins, or goes on from where it paused. */
  start(): void {
    this.isPaused = false;
    if (!this.isRunning) void this.run();
  }

  /** Lets go of the connection. */
  pause(): void {
    this.isPaused = true;
    this.interrupt();
  }

  /** Forgets its position: everything held is told again. */
  restart(): void {
    this.position = null;
    this.interrupt();
  }

  /** Tries at once what it waits for, and gives up a connection that it may only believe in. */
  reconnect(): void {
    this.failures = 0;
    this.interrupt();
  }

  private interrupt(): void {
    this.connection.abort(INTERRUPTED);
    this.wake();
  }

  private async run(): Promise<void> {
    this.isRunning = true;
    while (!this.isPaused) {
      this.options.listener.state({ kind: 'connecting' });
      const begunMs = performance.now();
      const outcome = await this.follow();
      this.shortStreams = performance.now() - begunMs < STREAM_MIN_MS ? this.shortStreams + 1 : 0;
      await this.before(outcome);
    }
    this.isRunning = false;
  }

  /** Waits before the next try, if there is a reason to. */
  private async before(outcome: Outcome): Promise<void> {
    const { nodes, listener, addressesOf } = this.options;
    if (outcome.kind === 'ended') nodes.learn(addressesOf(outcome.peers));
    const allFailed = outcome.kind !== 'interrupted' && nodes.fail();
    if (this.isPaused || (!allFailed && this.shortStreams < SHORT_STREAMS_MAX)) return;
    this.failures += 1;
    const failure = outcome.kind === 'closed' ? outcome.failure : UNREACHABLE;
    const retryInMs = this.delayMs(failure);
    listener.state({ kind: 'waiting', failure, retryInMs });
    await this.sleep(retryInMs);
  }

  private delayMs(failure: Failure): number {
    const asked = failure.kind === 'refused' ? (failure.retryAfterSeconds ?? 0) * 1000 : 0;
    const backoff = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** Math.min(this.failures - 1, 10));
    return Math.max(asked, backoff) * (1 + 0.2 * Math.random());
  }

  private async sleep(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = () => undefined;
  }

  private async follow(): Promise<Outcome> {
    const connection = new AbortController();
    this.connection = connection;
    const opening = setTimeout(() => connection.abort(), OPENING_MAX_MS);
    const quiet = new Quiet(this.options.nodes.current, () => connection.abort());
    try {
      const response = await fetch(this.address(), {
        headers: { Accept: 'text/event-stream' },
        cache: 'no-store',
        signal: connection.signal,
      });
      clearTimeout(opening);
      if (!response.ok) return { kind: 'closed', failure: await problemOf(response) };
      this.opened();
      return await this.read(response, connection, quiet);
    } catch {
      return connection.signal.reason === INTERRUPTED
        ? { kind: 'interrupted' }
        : { kind: 'closed', failure: UNREACHABLE };
    } finally {
      clearTimeout(opening);
      quiet.end();
      connection.abort();
    }
  }

  private opened(): void {
    if (this.position !== null) return;
    if (this.options.from === 'start') this.options.listener.listing();
    else this.live();
  }

  private live(): void {
    this.options.nodes.succeed();
    this.failures = 0;
    this.options.listener.state({ kind: 'live' });
  }

  private address(): string {
    const { query, from, nodes } = this.options;
    const asked = new URLSearchParams(query);
    if (this.position !== null) asked.set('since', this.position);
    else if (from === 'start') asked.set('since', 'start');
    return `${nodes.current}events?${asked.toString()}`;
  }

  private async read(response: Response, connection: AbortController, quiet: Quiet): Promise<Outcome> {
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    const lines = new EventLines();
    for (;;) {
      const silence = setTimeout(() => connection.abort(), SILENCE_MAX_MS);
      const piece = await reader?.read().finally(() => clearTimeout(silence));
      quiet.heard();
      if (piece?.value === undefined) return { kind: 'closed', failure: UNREACHABLE };
      for (const event of lines.take(piece.value)) {
        const outcome = this.take(event);
        if (outcome !== null) return outcome;
      }
    }
  }

  /** @returns how the stream ends with this event; null when it goes on. */
  private take({ type, data, id }: ServerEvent): Outcome | null {
    const { listener } = this.options;
    const told: unknown = JSON.parse(data);
    if (id !== null) this.position = id;
    switch (type) {
      case 'caught-up':
        this.live();
        listener.caughtUp();
        return null;
      case 'resync':
        this.position = null;
        return { kind: 'interrupted' };
      case 'end':
        listener.ended?.(reasonIn(told));
        return { kind: 'ended', peers: peersIn(told) };
      default:
        listener.event(type, told);
        return null;
    }
  }
}

function reasonIn(told: unknown): string {
  const reason = (told as { readonly reason?: unknown } | null)?.reason;
  return typeof reason === 'string' ? reason : '';
}

function peersIn(told: unknown): Where[] {
  const peers = (told as { readonly peers?: unknown } | null)?.peers;
  if (!Array.isArray(peers)) return [];
  return (peers as Partial<Where>[]).flatMap(({ address, port }) =>
    typeof address === 'string' && typeof port === 'number' ? [{ address, port }] : [],
  );
}
