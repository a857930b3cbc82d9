// Replies as RESP2 writes them, out of whatever pieces the connection brings. What is incomplete
// waits for the rest; a long text that is on its way is put together once.
import { StoreFailure } from './failures';

/** A refusal stands where its reply would, in a list too. */
export type Reply = Buffer | number | null | StoreFailure | readonly Reply[];

const [CR, MINUS] = [0x0d, 0x2d];
const [TEXT, REFUSAL, INTEGER, BULK, ARRAY] = [0x2b, 0x2d, 0x3a, 0x24, 0x2a];
const ZERO = 0x30;
const NOTHING = Buffer.alloc(0);
/** Lists within lists. */
const DEPTH_MAX = 8;

export class ReplyReader {
  /** What is incomplete, with room for as much as it needs at least. */
  private begun: Buffer = NOTHING;
  private held = 0;
  /** With fewer bytes than this nothing more can be read. */
  private needed = 1;
  private bytes: Buffer = NOTHING;
  private at = 0;

  constructor(private readonly onReply: (reply: Reply) => void) {}

  /** @throws Error for what is no reply */
  take(piece: Buffer): void {
    if (this.held === 0) {
      this.read(piece);
      return;
    }
    if (this.begun.length < this.needed) this.makeRoom();
    const taken = piece.copy(this.begun, this.held);
    this.held += taken;
    if (this.held < this.needed) return;
    this.read(this.begun.subarray(0, this.held));
    if (taken < piece.length) this.take(piece.subarray(taken));
  }

  private makeRoom(): void {
    const { begun } = this;
    this.begun = Buffer.allocUnsafeSlow(this.needed);
    begun.copy(this.begun, 0, 0, this.held);
  }

  private read(bytes: Buffer): void {
    this.bytes = bytes;
    let read = 0;
    for (this.at = 0; ; read = this.at) {
      const reply = this.next(0);
      if (reply === undefined) break;
      this.onReply(reply);
    }
    // What was read belongs to whoever asked for it, and is not kept here.
    this.begun = this.bytes.subarray(read);
    this.held = this.begun.length;
    if (this.held === 0) this.begun = NOTHING;
    this.bytes = NOTHING;
    this.needed -= read;
  }

  /** Undefined where it is incomplete; then `needed` says from which length on it may not be. */
  private next(depth: number): Reply | undefined {
    if (this.at >= this.bytes.length) {
      this.needed = this.at + 1;
      return undefined;
    }
    const mark = this.bytes[this.at];
    this.at += 1;
    switch (mark) {
      case BULK:
        return this.bulk();
      case INTEGER:
        return this.integer();
      case TEXT:
        return this.line();
      case REFUSAL: {
        const line = this.line();
        return line && new StoreFailure('answered', line.toString());
      }
      case ARRAY:
        if (depth === DEPTH_MAX) throw new Error('lists too deep in an answer');
        return this.list(depth);
      default:
        throw new Error('what the server answered is no RESP2');
    }
  }

  private bulk(): Buffer | null | undefined {
    const length = this.integer();
    if (length === undefined) return undefined;
    if (length < 0) return null;
    const from = this.at;
    const end = from + length;
    if (end + 2 > this.bytes.length) {
      this.needed = end + 2;
      return undefined;
    }
    this.at = end + 2;
    return this.bytes.subarray(from, end);
  }

  private list(depth: number): readonly Reply[] | null | undefined {
    const length = this.integer();
    if (length === undefined) return undefined;
    if (length < 0) return null;
    const replies: Reply[] = [];
    for (let place = 0; place < length; place += 1) {
      const reply = this.next(depth + 1);
      if (reply === undefined) return undefined;
      replies.push(reply);
    }
    return replies;
  }

  private integer(): number | undefined {
    const { bytes } = this;
    let place = this.at;
    const isNegative = bytes[place] === MINUS;
    if (isNegative) place += 1;
    let value = 0;
    for (; place < bytes.length && bytes[place] !== CR; place += 1) value = value * 10 + bytes[place] - ZERO;
    if (place + 2 > bytes.length) {
      this.needed = place + 2;
      return undefined;
    }
    if (!Number.isSafeInteger(value)) throw new Error('what the server answered is no number');
    this.at = place + 2;
    return isNegative ? -value : value;
  }

  private line(): Buffer | undefined {
    const end = this.bytes.indexOf(CR, this.at);
    if (end < 0 || end + 2 > this.bytes.length) {
      this.needed = this.bytes.length + 1;
      return undefined;
    }
    const line = this.bytes.subarray(this.at, end);
    this.at = end + 2;
    return line;
  }
}
