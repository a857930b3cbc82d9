// One greeted connection to a peer: what waits to be sent on it, in what order, and how much the
// socket has not taken yet. Order within a frame: control, acks, small values, one chunk of a large
// value, sync batches. Memory is bounded by ./queue-share.ts: when the socket holds enough only
// control and acks pass, and above the link's share of the queues, or when it keeps most of what
// there is no room for, queued values are dropped and left to anti-entropy.
import { CarriedValues } from './carried-values';
import type { RepairBudget } from './repair-budget';
import { ServedSync } from './served-sync';
import type { SyncStream } from './sync-stream';
import type { NodeId } from '../base/identity';
import type { LinkId } from '../base/inputs';
import { LIMITS } from '../base/limits';
import { LISTS } from '../base/bounds';
import type { ByteWriter } from '../wire/byte-writer';
import { writeAcks, writeBulk, writeControl, writeFrameHeader } from '../wire/codec';
import { FRAME_HEADER_BYTES, type Ack, type Bulk, type Control } from '../wire/messages';
import { recordBytesMax } from '../wire/record-codec';
import type { Assembler } from './assembler';
import { ControlQueue } from './control-queue';
import { Fifo } from '../base/fifo';
import { bulkBytesMax, valueOf } from './queued-bytes';
import type { Charge, QueueShare } from './queue-share';
import { Transfers, type Queued } from './transfers';

const FRAMES_PER_FLUSH = 8;
/** Small values stop here, so that a chunk and a full record still fit into the frame. */
const FRAME_FILL_BYTES = LIMITS.frameBytesMax - 2 * LIMITS.chunkBytes - 8192;
/**
 * Control messages stop here; with the largest of them and the acks a frame stays below
 * FRAME_FILL_BYTES.
 */
const CONTROL_FILL_BYTES = 32 * 1024;
/** Acks that wait for a peer which does not read. */
const ACKS_MAX = 65_536;

export class Link {
  /**
   * The peer has said on this link that it is ready; its first such status decides about a repair.
   */
  hasToldReady = false;
  /** A status came on it: what the peer said on another link is as old as that. */
  hasTold = false;
  /** Watermarks told on this link. */
  readonly told = new Map<NodeId, number>();
  private readonly control = new ControlQueue();
  private acks: Ack[] = [];
  private readonly small = new Fifo<Queued>();
  private readonly large = new Transfers((charge) => this.release(charge));
  private readonly sync = new ServedSync();
  private readonly carried = new CarriedValues();
  private unsent = 0;
  private queued = 0;
  private dropped = false;

  constructor(
    readonly id: LinkId,
    readonly peerId: NodeId,
    /** Which of the two ends opened it; decides which of two links of a pair stays. */
    readonly openedBy: NodeId,
    readonly upAtMs: number,
    private readonly share: QueueShare,
    readonly assembler: Assembler,
  ) {}

  get queuedBytes(): number {
    return this.queued;
  }

  get unsentBytes(): number {
    return this.unsent;
  }

  /** It has many acks to write already: one more ping needs none. */
  get owesManyAcks(): boolean {
    return this.control.hasManyAcks;
  }

  /** An answer with leaves waits already: another one would be dropped. */
  get owesLeaves(): boolean {
    return this.control.hasLeaves;
  }

  /** More waits here than half of what may. */
  get isBehind(): boolean {
    return this.queued > this.share.bytesMax / 2;
  }

  /** False when the peer reads too little to be told. */
  say(message: Control): boolean {
    if (message.type === 'syncRequest' || message.type === 'gapRequest') this.assembler.hasLost = false;
    return this.control.push(message);
  }

  /**
   * Beyond its limit an ack is dropped: who sends that much and reads nothing is lagging anyway.
   */
  ack(ack: Ack): void {
    if (this.acks.length < ACKS_MAX) this.acks.push(ack);
  }

  /** False when the queue overflowed: every value queued before, and this one, was dropped. */
  sendValue(message: Bulk): boolean {
    const bytes = this.bytesOf(message);
    if (this.queued + bytes > this.share.bytesMax) {
      this.dropWaiting();
      return false;
    }
    this.enqueue(message, bytes);
    this.share.makeRoom();
    return !this.takeDropped();
  }

  /**
   * An answer to what the peer asked: it never costs what is queued already. False when there is no
   * room for it.
   */
  answer(message: Extract<Bulk, { type: 'fetchReply' }>): boolean {
    const bytes = this.bytesOf(message);
    const isLarge = this.isBehind && message.entry !== null;
    if (isLarge || this.queued + bytes > this.share.bytesMax || !this.share.hasRoomFor(bytes)) return false;
    return this.sendValue(message);
  }

  /** This large value waits here already, or is half sent: one more copy would help nobody. */
  carries(value: Uint8Array): boolean {
    return this.carried.has(value);
  }

  /** Lets go of everything that waits, also of what is half sent: for those who read. */
  drop(): void {
    this.dropped = this.queued > 0;
    this.dropWaiting();
    this.large.end();
    this.sync.drop();
  }

  /** Whether what waited here was dropped for others since this was asked last. */
  takeDropped(): boolean {
    const { dropped } = this;
    this.dropped = false;
    return dropped;
  }

  /** A peer has one session at a time: asking anew ends the one before, not always at once. */
  serve(stream: SyncStream): void {
    this.sync.ask(stream);
  }

  flushed(bytes: number): void {
    this.unsent = Math.max(0, this.unsent - bytes);
  }

  wantsFlush(): boolean {
    if (this.control.length > 0 || this.acks.length > 0) return this.maySpeak();
    return this.hasRoom() && this.hasValues();
  }

  /** Hands everything that may go now to `send` as frames. */
  flush(
    self: NodeId,
    monoMs: number,
    writer: ByteWriter,
    budget: RepairBudget,
    send: (frame: Uint8Array, shared?: Uint8Array) => void,
  ): void {
    this.sync.renew(monoMs);
    for (let frames = 0; frames < FRAMES_PER_FLUSH && this.wantsFlush(); frames += 1) {
      writer.reset();
      writeFrameHeader(writer, monoMs);
      if (this.maySpeak()) this.writeSpeech(writer);
      const shared = this.hasRoom() ? this.fill(self, monoMs, writer, budget) : undefined;
      if (writer.length === FRAME_HEADER_BYTES) {
        if (budget.isSpent) break;
        continue;
      }
      const frame = writer.take();
      this.unsent += frame.byteLength + (shared?.byteLength ?? 0);
      send(frame, shared);
    }
  }

  /** Moves what waits here to the link that takes this one's place. */
  handOver(successor: Link): void {
    for (let next = this.control.shift(); next !== undefined; next = this.control.shift())
      successor.say(next);
    for (const ack of this.acks) successor.ack(ack);
    const waiting = [...this.small, ...this.large.waiting];
    this.acks = [];
    this.drop();
    this.dropped = false;
    for (const { message } of waiting) successor.sendValue(message);
  }

  private hasRoom(): boolean {
    return this.unsent < this.share.unsentBytesMax;
  }

  /**
   * Control and acks pass a link that is full of values, but not one whose peer reads nothing at
   * all.
   */
  private maySpeak(): boolean {
    return this.unsent < 2 * this.share.unsentBytesMax;
  }

  private hasValues(): boolean {
    return this.small.length > 0 || this.large.hasAny || this.sync.current !== null;
  }

  private writeSpeech(writer: ByteWriter): void {
    while (writer.length < CONTROL_FILL_BYTES) {
      const message = this.control.shift();
      if (message === undefined) break;
      writeControl(writer, message);
    }
    if (this.acks.length > 0) writeAcks(writer, this.acks.splice(0, LISTS.acks));
  }

  /** Writes values. What is returned is the end of the frame, and not written. */
  private fill(
    self: NodeId,
    monoMs: number,
    writer: ByteWriter,
    budget: RepairBudget,
  ): Uint8Array | undefined {
    while (writer.length < FRAME_FILL_BYTES) {
      const next = this.small.shift();
      if (next === undefined) break;
      writeBulk(writer, next.message, self, monoMs);
      this.release(next.charge);
    }
    const shared = this.large.writeChunk(self, monoMs, writer, budget);
    if (this.sync.current === null) return shared;
    if (shared !== undefined) writer.raw(shared);
    if (writer.length < FRAME_FILL_BYTES) this.writeSyncBatch(self, monoMs, writer, budget);
    return undefined;
  }

  private writeSyncBatch(self: NodeId, monoMs: number, writer: ByteWriter, budget: RepairBudget): void {
    const stream = this.sync.current;
    if (stream === null) return;
    const mayGoOn = !stream.finished && this.large.waiting.length === 0 && budget.take();
    const batch = mayGoOn ? stream.next(LIMITS.chunkBytes / 2) : null;
    if (batch !== null) {
      // What is half sent is there before the end is told, or that is dropped with it.
      const entries = batch.entries.filter(({ value }) => value === null || !this.carries(value));
      const largest = entries.filter((entry) => recordBytesMax(entry) > LIMITS.chunkBytes / 2);
      const rest = entries.filter((entry) => recordBytesMax(entry) <= LIMITS.chunkBytes / 2);
      if (rest.length > 0) writeBulk(writer, { ...batch, entries: rest }, self, monoMs);
      for (const entry of largest) this.enqueue({ ...batch, entries: [entry] });
      this.share.makeRoom();
    }
    if (this.sync.current === stream && stream.finished && !this.large.hasAny) {
      writeControl(writer, { type: 'syncEnd', session: stream.session, through: stream.through });
      this.sync.end();
    }
  }

  private bytesOf(message: Bulk): number {
    const bytes = bulkBytesMax(message);
    this.share.meets(bytes);
    return bytes;
  }

  private enqueue(message: Bulk, bytes = this.bytesOf(message)): void {
    const charge = this.share.charge(bytes, valueOf(message));
    this.queued += bytes;
    this.carried.add(charge.value);
    // Records of a sync are queued here one at a time, when they are too large to be written at
    // once.
    const isLarge = bytes > LIMITS.chunkBytes || message.type === 'syncRecords';
    (isLarge ? this.large.waiting : this.small).push({ message, charge });
  }

  private release(charge: Charge): void {
    this.queued -= charge.bytes;
    this.carried.remove(charge.value);
    this.share.release(charge);
  }

  private dropWaiting(): void {
    for (const { charge } of this.small) this.release(charge);
    for (const { charge } of this.large.waiting) this.release(charge);
    this.small.clear();
    this.large.waiting.clear();
  }
}
