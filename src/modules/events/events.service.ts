// The streams of one node: who hears of what, how many there may be, and how they end. What a
// stream promises is written in docs/events.md.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Log } from '../../adapters/log';
import type { NodeSettings } from '../../config/settings';
import type { Refusal } from '../../http/answer';
import { TrustedProxies } from '../../http/client-address';
import { EVERY_ANSWER } from '../../http/every-answer';
import type { CatchUp, CaughtUp, DataEngine, EngineChange } from '../../runtime/data-engine';
import type { NodeView } from '../../runtime/node-view';
import { DATA_ENGINE, LOG, NODE_VIEW, SETTINGS } from '../../runtime/tokens';
import { Channel, type Filter } from './channel';
import { EventStream } from './event-stream';
import { beginning, caughtUpText, endText, EVENT_VALUE_BYTES_MAX, heartbeat } from './event-text';
import { type EndReason, memberText, resyncText } from './event-text';
import { FROM_START } from './events.query';
import { watchReader } from './reader-watch';

const HEARTBEAT_MS = 15_000;

const LEAVING = 'This node is leaving; another port has the same events.';

export interface StreamCounts {
  readonly open: number;
  /** Events written, each counted for each stream. */
  readonly told: number;
  readonly ended: Readonly<Record<EndReason, number>>;
}

@Injectable()
export class EventsService implements OnModuleDestroy {
  private readonly channels = new Map<string, Channel>();
  private open = 0;
  private told = 0;
  private readonly ended: Record<EndReason, number> = { draining: 0, 'slow-reader': 0, syncing: 0 };
  private stopFollowing: (() => void) | null = null;
  private isClosing = false;
  private readonly proxies: TrustedProxies;

  constructor(
    @Inject(DATA_ENGINE) private readonly engine: DataEngine,
    @Inject(NODE_VIEW) private readonly view: NodeView,
    @Inject(SETTINGS) private readonly settings: NodeSettings,
    @Inject(LOG) private readonly log: Log,
  ) {
    this.proxies = new TrustedProxies(settings.trustProxy);
  }

  counts(): StreamCounts {
    return { open: this.open, told: this.told, ended: { ...this.ended } };
  }

  /** Null, or why there is no stream for this client now. */
  refusal(): Refusal | null {
    if (this.isClosing || this.engine.state() === 'draining')
      return { code: 'draining', detail: LEAVING, retryAfterSeconds: 1 };
    if (this.open < this.settings.streamsMax) return null;
    const detail = `All ${this.settings.streamsMax} streams that this node has at a time are taken.`;
    return { code: 'busy', detail, retryAfterSeconds: 5 };
  }

  /** Takes the answer over. @param since a position, `start`, or undefined = from now on */
  begin(request: IncomingMessage, response: ServerResponse, filter: Filter, since: string | undefined): void {
    response.writeHead(200, {
      ...EVERY_ANSWER,
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-repram-node': this.view.identity().id,
    });
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    response.flushHeaders();
    const stream: EventStream = new EventStream(response, this.settings.streamBytesMax, () =>
      this.end(stream, 'slow-reader'),
    );
    this.follow();
    this.open += 1;
    const channel = this.channelOf(filter);
    channel.streams.add(stream);
    const isLive = since === undefined || !channel.tellsChanges;
    if (isLive) stream.standing = 'current';
    stream.send(beginning(isLive ? this.engine.position() : null));
    watchReader(response, () => stream.send(heartbeat(null)), HEARTBEAT_MS);
    const forgetMembers = filter.types.includes('member') ? this.tellMembers(stream) : null;
    stream.gone.addEventListener('abort', () => {
      forgetMembers?.();
      this.leave(channel, stream);
    });
    if (!isLive)
      this.catchUp(channel, stream, since, this.clientOf(request)).catch((error: unknown) => {
        this.log.error('stream-failed', { error: String(error) });
        response.destroy();
      });
    else if (since !== undefined) stream.send(caughtUpText(this.engine.position()));
  }

  onModuleDestroy(): void {
    this.isClosing = true;
    for (const { streams } of [...this.channels.values()])
      for (const stream of [...streams]) this.end(stream, 'draining');
  }

  private clientOf({ socket, headers }: IncomingMessage): string {
    return this.proxies.clientOf(socket.remoteAddress ?? '', headers['x-forwarded-for']);
  }

  private async catchUp(channel: Channel, stream: EventStream, since: string, client: string): Promise<void> {
    const { prefix, withValues } = channel.filter;
    const asked: CatchUp = {
      since: since === FROM_START ? null : since,
      prefix,
      valueBytesMax: withValues ? EVENT_VALUE_BYTES_MAX : -1,
      client,
      began: () => {
        stream.standing = 'behind';
      },
      take: (changes) => this.tellMissed(channel, stream, changes),
    };
    this.caughtUp(stream, await this.engine.catchUp(asked, stream.gone));
  }

  private async tellMissed(
    channel: Channel,
    stream: EventStream,
    changes: readonly EngineChange[],
  ): Promise<void> {
    // One text at a time: a part of what was missed may have megabytes for each reader.
    for (const change of changes) {
      if (stream.gone.aborted) return;
      for (const text of channel.textsOf([change])) {
        this.told += 1;
        await stream.sendAndWait(text);
      }
    }
  }

  private caughtUp(stream: EventStream, outcome: CaughtUp): void {
    if (outcome === 'gone') return;
    if (outcome === 'syncing') {
      this.end(stream, 'syncing');
      return;
    }
    // Asked for first: what is told before it must not be behind it.
    const position = this.engine.position();
    stream.standing = 'current';
    stream.send(outcome === 'caught-up' ? caughtUpText(position) : resyncText(outcome, position));
  }

  private tellMembers(stream: EventStream): () => void {
    return this.view.onMemberChange((change) => {
      this.told += 1;
      stream.send(memberText(change));
    });
  }

  private end(stream: EventStream, reason: EndReason): void {
    this.ended[reason] += 1;
    stream.end(endText(reason, this.view.peers()));
  }

  private channelOf(filter: Filter): Channel {
    const name = Channel.nameOf(filter);
    const channel = this.channels.get(name) ?? new Channel(filter, this.engine);
    this.channels.set(name, channel);
    return channel;
  }

  private leave(channel: Channel, stream: EventStream): void {
    this.open -= 1;
    channel.streams.delete(stream);
    if (channel.streams.size === 0) this.channels.delete(Channel.nameOf(channel.filter));
    if (this.open > 0) return;
    this.stopFollowing?.();
    this.stopFollowing = null;
  }

  /** Hears of changes while there is a stream. */
  private follow(): void {
    if (this.stopFollowing !== null) return;
    const unsubscribe = this.engine.subscribe((changes) => this.tell(changes));
    const beating = setInterval(() => this.beat(), HEARTBEAT_MS);
    this.stopFollowing = () => {
      unsubscribe();
      clearInterval(beating);
    };
  }

  private tell(changes: readonly EngineChange[]): void {
    let position: string | null | undefined;
    const positioned = (): string | null => (position ??= this.engine.position());
    for (const channel of [...this.channels.values()]) this.told += channel.tell(changes, positioned);
  }

  private beat(): void {
    const position = this.engine.position();
    for (const stream of this.streams())
      stream.send(heartbeat(stream.standing === 'current' ? position : null));
  }

  private streams(): EventStream[] {
    return [...this.channels.values()].flatMap(({ streams }) => [...streams]);
  }
}
