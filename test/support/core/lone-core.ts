// A core under attack: fed frame by frame by peers that do as they please, with every effect kept.
// What it sends is read as a peer would read it, so a node that can be made to say something
// unreadable, or too long, is found out.
import assert from 'node:assert';
import type { Endpoint, NodeIdentity } from '../../../src/core/base/identity';
import { CoreNode } from '../../../src/core/node/core-node';
import type {
  CloseReason,
  EffectSink,
  FetchOutcome,
  Notification,
  PutOutcome,
} from '../../../src/core/base/effects';
import type { Input, LinkId, WriteLevel } from '../../../src/core/base/inputs';
import { LIMITS } from '../../../src/core/base/limits';
import type { CoreSettings } from '../../../src/core/base/settings';
import type { Version } from '../../../src/core/base/version';
import type { Received } from '../../../src/core/wire/messages';
import { messagesOf } from './forged-frames';
import { VICTIM, VICTIM_SETTINGS } from './victim';
import { wholeFrame } from './whole-frame';

export class LoneCore implements EffectSink {
  readonly core: CoreNode;
  monoMs = 50_000;
  wallMs = 1_800_000_000_000;
  readonly sent: { readonly linkId: LinkId; readonly bytes: Uint8Array }[] = [];
  readonly closed: { readonly linkId: LinkId; readonly reason: CloseReason }[] = [];
  readonly dialled: Endpoint[] = [];
  readonly probed: Endpoint[] = [];
  readonly notes: Notification[] = [];
  readonly puts: PutOutcome[] = [];
  readonly fetches: FetchOutcome[] = [];
  /** Why those who follow changes were told to list anew. */
  readonly unsure: string[] = [];
  private links = 0;
  private requests = 0;
  private deadlineMs: number;

  constructor(settings: Partial<CoreSettings> = {}, /** Long enough to be ready. */ aloneMs = 500) {
    this.deadlineMs = this.monoMs;
    this.core = new CoreNode({
      settings: { ...VICTIM_SETTINGS, ...settings },
      identity: VICTIM,
      seed: 7,
      now: this.now(),
      onUnsure: (why) => this.unsure.push(why),
    });
    this.advance(aloneMs);
  }

  /** A greeted link from this peer. */
  linked(identity: NodeIdentity, address = '127.0.0.1'): LinkId {
    this.links += 1;
    const endpoint = { address, port: 50_000 };
    this.handle({ kind: 'link-up', linkId: this.links, direction: 'inbound', identity, endpoint });
    this.settle();
    return this.links;
  }

  frame(linkId: LinkId, bytes: Uint8Array): void {
    this.handle({ kind: 'frame', linkId, bytes });
    this.settle();
  }

  put(key: string, value: string, level: WriteLevel = 'quorum'): PutOutcome | undefined {
    this.requests += 1;
    this.handle({
      kind: 'put',
      requestId: this.requests,
      key: Buffer.from(key),
      value: Buffer.from(value),
      ttlMs: 3_600_000,
      level,
    });
    this.settle();
    return this.puts.at(-1);
  }

  read(key: string): string | null {
    const record = this.core.read(Buffer.from(key), this.now());
    return record === null ? null : Buffer.from(record.value).toString();
  }

  /** Of the readable version of a key. */
  versionOf(key: string): Version | null {
    return this.core.read(Buffer.from(key), this.now())?.version ?? null;
  }

  handle(input: Input): void {
    this.deadlineMs = Math.min(this.deadlineMs, this.core.handle(input, this.now(), this));
  }

  /** Lets time pass, ticking as the runtime would. */
  advance(ms: number): void {
    const endMs = this.monoMs + ms;
    this.settle();
    while (this.deadlineMs <= endMs) {
      const stepMs = Math.max(1, this.deadlineMs - this.monoMs);
      this.monoMs += stepMs;
      this.wallMs += stepMs;
      this.settle();
    }
    this.wallMs += endMs - this.monoMs;
    this.monoMs = endMs;
  }

  /** Everything said on a link, read as a peer reads it. */
  said(linkId: LinkId): Received[] {
    return this.sent
      .filter((each) => each.linkId === linkId)
      .flatMap(({ bytes }) => messagesOf(bytes, VICTIM.id));
  }

  bytesSent(linkId: LinkId): number {
    return this.sent.reduce((sum, each) => sum + (each.linkId === linkId ? each.bytes.byteLength : 0), 0);
  }

  isOpen(linkId: LinkId): boolean {
    return !this.closed.some((each) => each.linkId === linkId);
  }

  send(linkId: LinkId, begin: Uint8Array, shared?: Uint8Array): void {
    const frame = wholeFrame(begin, shared);
    assert(frame.byteLength <= LIMITS.frameBytesMax, `a frame of ${frame.byteLength} bytes ends the process`);
    this.sent.push({ linkId, bytes: frame });
  }

  close(linkId: LinkId, reason: CloseReason): void {
    this.closed.push({ linkId, reason });
  }

  dial(endpoint: Endpoint): void {
    this.dialled.push(endpoint);
    this.pending.push({ kind: 'dial-failed', endpoint, failure: 'failed' });
  }

  probe(endpoint: Endpoint): void {
    this.probed.push(endpoint);
  }

  settlePut(_requestId: number, outcome: PutOutcome): void {
    this.puts.push(outcome);
  }

  settleFetch(_requestId: number, outcome: FetchOutcome): void {
    this.fetches.push(outcome);
  }

  notify(notification: Notification): void {
    this.notes.push(notification);
  }

  private readonly pending: Input[] = [];

  private now(): { monoMs: number; wallMs: number } {
    return { monoMs: this.monoMs, wallMs: this.wallMs };
  }

  /**
   * Ticks that are due, at most a few: a peer that does not read must not keep the node busy for
   * ever.
   */
  private settle(): void {
    for (let ticks = 0; ticks < 64 && this.deadlineMs <= this.monoMs; ticks += 1) {
      for (const input of this.pending.splice(0)) this.handle(input);
      this.deadlineMs = this.core.tick(this.now(), this);
    }
  }
}
