// A peer of a core under test that says what it is told to: one link, statuses and records as a
// real peer would send them.
import type { NodeIdentity } from '../../../src/core/base/identity';
import type { LinkId } from '../../../src/core/base/inputs';
import type { Incoming } from '../../../src/core/store/entry';
import type { Ack, Control, Received, Status } from '../../../src/core/wire/messages';
import type { LoneCore } from './lone-core';
import { ackFrameAt, bulkFrame, controlFrameAt, messagesOf, stranger } from './forged-frames';
import { VICTIM } from './victim';
import { entry } from './records';

/** Of a node that holds nothing and is asked for nothing. */
export const LOAD: Status['load'] = {
  keys: 0,
  usedBytes: 0,
  limitBytes: 0,
  putsPerSecond: 0,
  getsPerSecond: 0,
  loopDelayMs: 0,
  missingWrites: 0,
};

interface ScriptedHost {
  readonly hostId: string;
  /** Where its links come from. */
  readonly address: string;
  /** What it says of itself. */
  readonly addresses?: readonly string[];
}

export class ScriptedPeer {
  readonly identity: NodeIdentity;
  /** Its wall clock minus the victim's. */
  wallOffsetMs = 0;
  private linkId: LinkId;
  private pings = 0;
  private read = 0;
  private flushed = 0;

  constructor(
    private readonly victim: LoneCore,
    digit: string,
    /** On another host than the victim's when given. */
    private readonly host: ScriptedHost | null = null,
    /** Of a further process at the same place. */
    id: string = stranger(digit).id,
  ) {
    const { hostId = 'host-a', addresses = [] } = host ?? {};
    this.identity = stranger(digit, { id, hostId, addresses });
    this.linkId = victim.linked(this.identity, host?.address);
  }

  get id(): string {
    return this.identity.id;
  }

  /** Loses the link and comes back on a new one. */
  relink(): void {
    this.unlink();
    this.linkId = this.victim.linked(this.identity, this.host?.address);
  }

  unlink(): void {
    this.victim.handle({ kind: 'link-down', linkId: this.linkId });
    this.victim.advance(0);
  }

  acks(...seqs: readonly number[]): void {
    this.acksWith('held', ...seqs);
  }

  acksWith(status: Ack['status'], ...seqs: readonly number[]): void {
    const acks = seqs.map((seq): Ack => ({ seq, status }));
    this.victim.frame(this.linkId, ackFrameAt(this.victim.monoMs, ...acks));
  }

  /** A write of its own that it wants passed on. */
  asksToRelay(seq: number, key: string): void {
    const message = { type: 'relay' as const, entry: this.stored(seq, key) };
    this.victim.frame(this.linkId, bulkFrame(message, this.id, this.victim.monoMs));
  }

  /** A write of somebody else's. */
  passesOn(origin: string, seq: number, key: string): void {
    const message = { type: 'write' as const, entry: { ...this.stored(seq, key), origin } };
    this.victim.frame(this.linkId, bulkFrame(message, this.id, this.victim.monoMs));
  }

  /** A ping; its root hash equals nobody's unless told otherwise. */
  tells(changes: Partial<Status>): void {
    this.pings += 1;
    this.says({ type: 'ping', seq: this.pings, status: this.status(changes) });
  }

  /** Answers every ping for a while, with an equal root hash. */
  lives(ms: number, changes: Partial<Status> = {}): void {
    for (let passedMs = 0; passedMs < ms; passedMs += 5) {
      this.answers(changes);
      this.victim.advance(5);
    }
  }

  /** The same as one that holds something else. */
  differs(ms: number): void {
    for (let passedMs = 0; passedMs < ms; passedMs += 5) {
      for (const { seq } of this.hears('ping'))
        this.says({ type: 'pingAck', seq, status: this.status({ ready: false }) });
      this.victim.advance(5);
    }
  }

  /** Answers the pings that came since it listened last. */
  answers(changes: Partial<Status> = {}): void {
    for (const { seq } of this.hears('ping')) {
      const status = this.status({ root: this.victim.core.root(), ...changes });
      this.says({ type: 'pingAck', seq, status });
    }
  }

  says(...messages: readonly Control[]): void {
    this.victim.frame(this.linkId, controlFrameAt(this.victim.monoMs, ...messages));
  }

  /** The same in a frame that was under way for so long. */
  saysLate(lateMs: number, ...messages: readonly Control[]): void {
    this.victim.frame(this.linkId, controlFrameAt(this.victim.monoMs - lateMs, ...messages));
  }

  sendsFrames(frames: readonly Uint8Array[]): void {
    for (const frame of frames) this.victim.frame(this.linkId, frame);
  }

  /** A write of its own, as it is sent at once. */
  writes(seq: number, key: string, changes: Partial<Incoming> = {}): void {
    const { expiresAtMs, ...stored } = this.stored(seq, key, changes);
    this.victim.frame(
      this.linkId,
      bulkFrame({ type: 'write', entry: { ...stored, expiresAtMs } }, this.id, this.victim.monoMs),
    );
  }

  /** Records of a pull of the victim's. */
  sends(session: number, ...records: readonly (Partial<Incoming> & { seq: number; key: string })[]): void {
    const entries = records.map((record) => this.stored(record.seq, record.key, record));
    this.victim.frame(
      this.linkId,
      bulkFrame({ type: 'syncRecords', session, entries }, this.id, this.victim.monoMs),
    );
  }

  /** The answer to a fetch; `isSure` matters where there is none. */
  replies(
    requestId: number,
    record: (Partial<Incoming> & { seq: number; key: string }) | null,
    isSure = false,
  ): void {
    const found = record === null ? null : this.stored(record.seq, record.key, record);
    const message = { type: 'fetchReply' as const, requestId, entry: found, valueBytes: null, isSure };
    this.victim.frame(this.linkId, bulkFrame(message, this.id, this.victim.monoMs));
  }

  /** The same without the value, which has so many bytes. */
  describes(
    requestId: number,
    record: Partial<Incoming> & { seq: number; key: string },
    valueBytes: number,
  ): void {
    const told = { ...this.stored(record.seq, record.key, record), value: null };
    const message = { type: 'fetchReply' as const, requestId, entry: told, valueBytes, isSure: false };
    this.victim.frame(this.linkId, bulkFrame(message, this.id, this.victim.monoMs));
  }

  /** Takes everything off its socket until the victim has no more to send, keeping none of it. */
  reads(): void {
    for (let frames = -1; frames !== this.victim.sent.length;) {
      frames = this.victim.sent.length;
      const bytes = this.victim.bytesSent(this.linkId) - this.flushed;
      this.flushed += bytes;
      this.victim.handle({ kind: 'link-flushed', linkId: this.linkId, bytes });
      this.victim.advance(1);
    }
  }

  /** What the victim said since the last call, of one type. */
  hears<T extends Received['type']>(type: T): Extract<Received, { type: T }>[] {
    return this.hearsAll().filter((each): each is Extract<Received, { type: T }> => each.type === type);
  }

  hearsAll(): Received[] {
    const frames = this.victim.sent.slice(this.read).filter(({ linkId }) => linkId === this.linkId);
    this.read = this.victim.sent.length;
    return frames.flatMap(({ bytes }) => messagesOf(bytes, VICTIM.id));
  }

  status(changes: Partial<Status>): Status {
    const wallMs = this.victim.wallMs + this.wallOffsetMs;
    return {
      wallMs,
      ready: true,
      full: false,
      viewHash: 0,
      root: { a: 1, b: 1 },
      seq: 0,
      marks: [],
      load: LOAD,
      lines: [],
      ...changes,
    };
  }

  private stored(seq: number, key: string, changes: Partial<Incoming> = {}): ReturnType<typeof entry> {
    const ttlMs = changes.ttlMs ?? 3_600_000;
    return entry({
      atMs: this.victim.wallMs,
      key,
      seq,
      origin: this.id,
      ttlMs,
      ...changes,
      expiresAtMs: this.victim.monoMs + ttlMs - (changes.ageMs ?? 0),
    });
  }
}
