// One greeted connection to a peer: what waits to be sent on it, in what order, and how much the socket has not taken
// yet. Order within a frame: control, acks, small values, one chunk of a large value, sync batches. Memory is bounded:
// above LIMITS.linkUnsentBytesMax only control and acks pass, above the link's share of the queues (./queue-share.ts) queued values are dropped
// and left to anti-entropy.
import type { SyncStream } from './sync-stream';
import type { NodeId } from '../base/identity';
import type { LinkId } from '../base/inputs';
import { LIMITS } from '../base/settings';
import type { Entry } from '../store/entry';
import { LISTS } from '../base/bounds';
import { ByteWriter } from '../wire/bytes';
import { writeAcks, writeBulk, writeChunk, writeControl, writeFrameHeader } from '../wire/codec';
import { FRAME_HEADER_BYTES, type Ack, type Bulk, type Control } from '../wire/messages';
import { recordBytesMax } from '../wire/record-codec';
import { Assembler } from './assembler';
import { ControlQueue } from './control-queue';
import { Fifo } from '../base/fifo';
import type { QueueShare } from './queue-share';

const FRAMES_PER_FLUSH = 8;
/** What an answer costs while it is queued, even one that says "absent". */
const ANSWER_BYTES = 160;
/** Small values stop here, so that a chunk and a full record still fit into the frame. */
const FRAME_FILL_BYTES = LIMITS.frameBytesMax - 2 * LIMITS.chunkBytes - 8192;
/** Control messages stop here; with the largest of them and the acks a frame stays below FRAME_FILL_BYTES. */
const CONTROL_FILL_BYTES = 32 * 1024;
/** Acks that wait for a peer which does not read. */
const ACKS_MAX = 65_536;

interface Queued {
  readonly message: Bulk;
  /** As counted when it was queued; the entry may lose its value meanwhile. */
  readonly bytes: number;
}

interface Transfer {
  readonly id: number;
  readonly bytes: Uint8Array;
  offset: number;
}

export class Link {
  readonly assembler: Assembler;
  /** The peer has said on this link that it is ready; its first such status decides about a repair. */
  greeted = false;
  /** It came up as this node woke from standing still: until a ping is answered, what comes on it may be as old as that. */
  isStale: boolean;
  /** Watermarks told on this link. */
  readonly told = new Map<NodeId, number>();
  private readonly control = new ControlQueue();
  private acks: Ack[] = [];
  private readonly small = new Fifo<Queued>();
  private readonly large = new Fifo<Queued>();
  private transfer: Transfer | null = null;
  private transfers = 0;
  private sync: SyncStream | null = null;
  private unsent = 0;
  private queued = 0;

  constructor(
    readonly id: LinkId,
    readonly peerId: NodeId,
    /** Which of the two ends opened it; decides which of two links of a pair stays. */
    readonly openedBy: NodeId,
    readonly upAtMs: number,
    private readonly share: QueueShare,
    isStale = false,
  ) {
    this.isStale = isStale;
    this.assembler = new Assembler(share.messageBytesMax);
  }

  get queuedBytes(): number {
    return this.queued;
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
    return this.control.push(message);
  }

  /** Beyond its limit an ack is dropped: who sends that much and reads nothing is lagging anyway. */
  ack(ack: Ack): void {
    if (this.acks.length < ACKS_MAX) this.acks.push(ack);
  }

  /** False when the queue overflowed: every value queued before, and this one, was dropped. */
  sendValue(message: Bulk): boolean {
    const bytes = bulkBytesMax(message);
    if (this.queued + bytes > this.share.bytesMax) {
      this.small.clear();
      this.large.clear();
      this.queued = 0;
      return false;
    }
    this.queued += bytes;
    (bytes > LIMITS.chunkBytes ? this.large : this.small).push({ message, bytes });
    return true;
  }

  /** An answer to what the peer asked: it never costs what is queued already. False when there is no room for it. */
  answer(message: Extract<Bulk, { type: 'fetchReply' }>): boolean {
    const isLarge = this.isBehind && message.entry !== null;
    if (isLarge || this.queued + bulkBytesMax(message) > this.share.bytesMax) return false;
    return this.sendValue(message);
  }

  /** A peer has one session at a time: asking anew ends the one before. */
  serve(stream: SyncStream): void {
    this.sync = stream;
  }

  flushed(bytes: number): void {
    this.unsent = Math.max(0, this.unsent - bytes);
  }

  wantsFlush(): boolean {
    if (this.control.length > 0 || this.acks.length > 0) return this.maySpeak();
    return this.hasRoom() && this.hasValues();
  }

  /** Hands everything that may go now to `send` as frames. */
  flush(self: NodeId, monoMs: number, writer: ByteWriter, send: (frame: Uint8Array) => void): void {
    for (let frames = 0; frames < FRAMES_PER_FLUSH && this.wantsFlush(); frames += 1) {
      writer.reset();
      writeFrameHeader(writer, monoMs);
      if (this.maySpeak()) this.writeSpeech(writer);
      if (this.hasRoom()) this.fill(self, monoMs, writer);
      if (writer.length === FRAME_HEADER_BYTES) continue;
      const frame = writer.take();
      this.unsent += frame.byteLength;
      send(frame);
    }
  }

  /** Moves what waits here to the link that takes this one's place. */
  handOver(successor: Link): void {
    for (let next = this.control.shift(); next !== undefined; next = this.control.shift())
      successor.say(next);
    for (const ack of this.acks) successor.ack(ack);
    for (const { message } of this.small) successor.sendValue(message);
    for (const { message } of this.large) successor.sendValue(message);
    this.acks = [];
    this.small.clear();
    this.large.clear();
    this.sync = null;
    this.transfer = null;
    this.queued = 0;
  }

  private hasRoom(): boolean {
    return this.unsent < LIMITS.linkUnsentBytesMax;
  }

  /** Control and acks pass a link that is full of values, but not one whose peer reads nothing at all. */
  private maySpeak(): boolean {
    return this.unsent < 2 * LIMITS.linkUnsentBytesMax;
  }

  private hasValues(): boolean {
    return this.small.length > 0 || this.large.length > 0 || this.transfer !== null || this.sync !== null;
  }

  private writeSpeech(writer: ByteWriter): void {
    while (writer.length < CONTROL_FILL_BYTES) {
      const message = this.control.shift();
      if (message === undefined) break;
      writeControl(writer, message);
    }
    if (this.acks.length > 0) writeAcks(writer, this.acks.splice(0, LISTS.acks));
  }

  private fill(self: NodeId, monoMs: number, writer: ByteWriter): void {
    while (writer.length < FRAME_FILL_BYTES) {
      const next = this.small.shift();
      if (next === undefined) break;
      this.queued -= next.bytes;
      writeBulk(writer, next.message, self, monoMs);
    }
    this.writeOneChunk(self, monoMs, writer);
    if (writer.length < FRAME_FILL_BYTES) this.writeSyncBatch(self, monoMs, writer);
  }

  private writeOneChunk(self: NodeId, monoMs: number, writer: ByteWriter): void {
    if (this.transfer === null) {
      const next = this.large.shift();
      if (next === undefined) return;
      this.queued -= next.bytes;
      const whole = new ByteWriter(next.bytes);
      writeBulk(whole, next.message, self, monoMs);
      this.transfers += 1;
      this.transfer = { id: this.transfers, bytes: whole.take(), offset: 0 };
    }
    const { id, bytes, offset } = this.transfer;
    const piece = bytes.subarray(offset, offset + LIMITS.chunkBytes);
    writeChunk(writer, { transfer: id, total: bytes.byteLength, offset, bytes: piece });
    this.transfer.offset += piece.byteLength;
    if (this.transfer.offset >= bytes.byteLength) this.transfer = null;
  }

  private writeSyncBatch(self: NodeId, monoMs: number, writer: ByteWriter): void {
    const stream = this.sync;
    if (stream === null) return;
    const batch = stream.finished || this.large.length > 0 ? null : stream.next(LIMITS.chunkBytes / 2);
    if (batch !== null) {
      const largest = batch.entries.filter((entry) => recordBytesMax(entry) > LIMITS.chunkBytes / 2);
      const rest = batch.entries.filter((entry) => recordBytesMax(entry) <= LIMITS.chunkBytes / 2);
      if (rest.length > 0) writeBulk(writer, { ...batch, entries: rest }, self, monoMs);
      for (const entry of largest) this.queueLarge({ ...batch, entries: [entry] });
    }
    if (stream.finished && this.transfer === null && this.large.length === 0) {
      writeControl(writer, { type: 'syncEnd', session: stream.session, through: stream.through });
      this.sync = null;
    }
  }

  private queueLarge(message: Bulk): void {
    const bytes = bulkBytesMax(message);
    this.queued += bytes;
    this.large.push({ message, bytes });
  }
}

function bulkBytesMax(message: Bulk): number {
  switch (message.type) {
    case 'write':
    case 'relay':
      return 1 + recordBytesMax(message.entry);
    case 'syncRecords':
      return message.entries.reduce((sum, entry: Entry) => sum + recordBytesMax(entry), 24);
    case 'fetchReply':
      return ANSWER_BYTES + (message.entry === null ? 0 : recordBytesMax(message.entry));
  }
}
