// Changes as they happen, from one node after the other: the next one goes on where the last one
// stopped (docs/events.md).
import type { Change } from './answers';
import { abortedBy, type Outcome, type Try } from './call';
import { changeOf, Told } from './changes';
import type { Encryption } from './encryption';
import { type EventBlock, EventLines } from './event-lines';
import { RepramError } from './errors';
import { judge, notOurs } from './judgement';
import { queryText } from './keys';
import type { Network } from './network';
import type { WatchOptions } from './options';
import { pause } from './pause';

/** Between connections that end at once; each further one doubles it. */
const PAUSE_MS = 100;
const PAUSE_MS_MAX = 5000;
/** A connection that held so long was a good one. */
const LASTING_MS = 5000;
/** A node says something every fifteen seconds. */
const DEAF_MS = 40_000;
const LEAVING_MS = 2000;

interface Connection {
  readonly node: string;
  readonly controller: AbortController;
  readonly body: ReadableStream<Uint8Array>;
}

export class Watching {
  private readonly told = new Told();
  private position: string | null;
  private hasBegun = false;
  private quickEnds = 0;

  constructor(
    private readonly network: Network,
    private readonly encryption: Encryption | null,
    private readonly options: WatchOptions,
  ) {
    this.position = options.since ?? null;
  }

  async *changes(): AsyncGenerator<Change, void, undefined> {
    for (;;) {
      const connection = await this.connect();
      const sinceMs = performance.now();
      if (this.hasBegun && this.position === null)
        yield { type: 'resync', reason: 'no-position', position: null };
      this.hasBegun = true;
      yield* this.changesFrom(connection);
      if (performance.now() - sinceMs > LASTING_MS) this.quickEnds = 0;
      else await this.pause();
    }
  }

  /** Ends when the connection does. */
  private async *changesFrom(connection: Connection): AsyncGenerator<Change, void, undefined> {
    const { node, controller } = connection;
    const { signal } = this.options;
    const abort = (): void => controller.abort();
    signal?.addEventListener('abort', abort, { once: true });
    try {
      this.options.onConnect?.(node);
      for await (const events of this.events(connection)) {
        for (const event of events.blocks) {
          if (event.type === 'end') {
            if (!event.data.includes('slow-reader')) this.network.roster.failed(node, LEAVING_MS);
            return;
          }
          const change = await changeOf(event, this.encryption).catch((cause: unknown) => {
            throw notEvents(node, cause);
          });
          this.position = event.id;
          if (change !== null && this.told.isNews(change)) yield change;
        }
        this.position = events.lastId ?? this.position;
      }
    } finally {
      signal?.removeEventListener('abort', abort);
      abort();
    }
    if (signal?.aborted === true) throw abortedBy(signal);
    this.network.roster.failed(node);
  }

  /** What has come, as often as something comes. A node that is not there any more ends it. */
  private async *events({ node, controller, body }: Connection): AsyncGenerator<Heard, void, undefined> {
    const reader = body.getReader();
    const lines = new EventLines();
    const decoder = new TextDecoder();
    for (;;) {
      const bytes = await this.read(node, controller, reader);
      if (bytes === null) return;
      yield { blocks: blocksIn(lines, decoder.decode(bytes, { stream: true }), node), lastId: lines.lastId };
    }
  }

  /** Null at the end, however it came. */
  private async read(
    node: string,
    controller: AbortController,
    reader: ReadableStreamDefaultReader<Uint8Array>,
  ): Promise<Uint8Array | null> {
    const deaf = setTimeout(() => controller.abort(), DEAF_MS);
    const stop = this.network.pulse.follow(node, (isThere) => (isThere ? undefined : controller.abort()));
    try {
      const { done, value } = await reader.read();
      return done ? null : value;
    } catch {
      return null;
    } finally {
      clearTimeout(deaf);
      stop();
    }
  }

  /** The first time within the time of a call, later for as long as it takes. */
  private async connect(): Promise<Connection> {
    const { signal } = this.options;
    for (;;) {
      try {
        return await this.network.call(
          (it) => this.attempt(it),
          this.network.limitsFor(this.options),
          signal,
        );
      } catch (error) {
        const isLasting = !(error instanceof RepramError) || !MAY_PASS.has(error.code);
        if (!this.hasBegun || isLasting) throw error;
        await this.pause();
      }
    }
  }

  private async attempt(it: Try): Promise<Outcome<Connection>> {
    const { prefix, types, values } = this.options;
    const { node, controller } = it;
    const query = queryText({
      prefix,
      types: types?.join(','),
      values: values === true ? '1' : undefined,
      since: this.position ?? undefined,
    });
    const response = await this.network.ask(it, {
      path: `events${query}`,
      headers: { accept: 'text/event-stream' },
    });
    const { body } = response;
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
    if (response.ok && isStream && body !== null)
      return { kind: 'done', value: { node, controller, body: body as ReadableStream<Uint8Array> } };
    if (!response.ok) return judge(response, node);
    await body?.cancel();
    return notOurs(response, node);
  }

  private pause(): Promise<void> {
    const { signal } = this.options;
    const pauseMs = Math.min(PAUSE_MS_MAX, PAUSE_MS * 2 ** this.quickEnds) * Math.random();
    this.quickEnds = Math.min(this.quickEnds + 1, 10);
    return pause(pauseMs, signal);
  }
}

function blocksIn(lines: EventLines, text: string, node: string): EventBlock[] {
  try {
    return lines.push(text);
  } catch (cause) {
    throw notEvents(node, cause);
  }
}

function notEvents(node: string, cause: unknown): RepramError {
  const why = cause instanceof Error ? cause.message : String(cause);
  const message = `${node} sent what is no event of a node of REPRAM: ${why}.`;
  return new RepramError('answer-invalid', message, { node, cause });
}

interface Heard {
  readonly blocks: readonly EventBlock[];
  readonly lastId: string | null;
}

/** While no node does better; a stream that has begun goes on when one does. */
const MAY_PASS: ReadonlySet<string> = new Set([
  ...['no-node', 'timeout', 'answer-invalid', 'draining', 'syncing', 'busy', 'rate-limited', 'internal'],
]);
