// Replies as RESP2 writes them, out of whatever pieces the connection brings. What is incomplete
// waits for the rest; a long text that is on its way is put together once. No reply is longer than
// what was asked for may be: a length that says so is refused before room is made for it, and what
// has no end is refused when it comes that far.
import { StoreFailure } from './failures';

/** A refusal stands where its reply would, in a list too. */
export type Reply = Buffer | number | null | StoreFailure | readonly Reply[];

const [CR, LF, MINUS] = [0x0d, 0x0a, 0x2d];
const [TEXT, REFUSAL, INTEGER, BULK, ARRAY] = [0x2b, 0x2d, 0x3a, 0x24, 0x2a];
const [ZERO, NINE] = [0x30, 0x39];
const NOTHING = Buffer.alloc(0);
/** Lists within lists. */
const DEPTH_MAX = 8;
/** Of 64 bits, with a sign. */
const NUMBER_BYTES_MAX = 20;
/** An empty text. */
const REPLY_BYTES_MIN = 3;

/** What came is no answer of Redis. */
export class NoReply extends Error {
  override readonly name = 'NoReply';

  /** @param begin what came in its place */
  constructor(
    message: string,
    readonly begin: Buffer = NOTHING,
  ) {
    super(message);
  }
}

export class ReplyReader {
  /** What is incomplete, with room for as much as it needs at least. */
  private begun: Buffer = NOTHING;
  private held = 0;
  /** With fewer bytes than this nothing more can be read. */
  private needed = 1;
  private bytes: Buffer = NOTHING;
  private at = 0;
  /** Where the reply that is read must have ended. */
  private most = 0;

  /** @param bytesMax of the reply that comes next; throws where none is due */
  constructor(
    private readonly onReply: (reply: Reply) => void,
    private readonly bytesMax: () => number,
  ) {}

  /** @throws NoReply for what is none, or is longer than it may be */
  take(piece: Buffer): void {
    if (this.held === 0) {
      this.read(piece);
      return;
    }
    if (this.begun.length < this.needed) this.makeRoom();
    const taken = piece.copy(this.begun, this.held);
    this.held += taken;
    if (this.held < this.needed) return;
    const { begun, held } = this;
    this.read(begun.subarray(0, held));
    // Nothing was complete yet: more goes into the same room.
    if (this.held === held) this.begun = begun;
    if (taken < piece.length) this.take(piece.subarray(taken));
  }

  /**
   * For a long text exactly as much as it needs. Of a list only the next part is known: it has
   * twice the room each time, so that it is not copied and read again for each of its parts.
   */
  private makeRoom(): void {
    const { begun, held, needed } = this;
    const bytes = begun[0] === ARRAY ? Math.max(needed, 2 * held) : needed;
    this.begun = Buffer.allocUnsafeSlow(bytes);
    begun.copy(this.begun, 0, 0, this.held);
  }

  private read(bytes: Buffer): void {
    this.bytes = bytes;
    let read = 0;
    this.needed = 1;
    for (this.at = 0; this.at < bytes.length; read = this.at) {
      this.most = this.at + this.bytesMax();
      const reply = this.next(0);
      const end = reply === undefined ? this.needed : this.at;
      if (end > this.most)
        throw new NoReply(`an answer is longer than the ${this.most - read} bytes it may have`);
      if (reply === undefined) break;
      this.needed = end + 1;
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
        if (depth === DEPTH_MAX) throw new NoReply('lists too deep in an answer');
        return this.list(depth);
      default:
        throw new NoReply('what the server answered is no RESP2', this.bytes.subarray(this.at - 1));
    }
  }

  private bulk(): Buffer | null | undefined {
    const length = this.integer();
    if (length === undefined) return undefined;
    if (length < -1) throw noNumber();
    if (length < 0) return null;
    const from = this.at;
    const end = from + length;
    if (end + 2 > this.bytes.length) {
      this.needed = end + 2;
      return undefined;
    }
    this.endOfLine(end);
    return this.bytes.subarray(from, end);
  }

  private list(depth: number): readonly Reply[] | null | undefined {
    const length = this.integer();
    if (length === undefined) return undefined;
    if (length < -1) throw noNumber();
    if (length < 0) return null;
    if (this.at + length * REPLY_BYTES_MIN > this.most)
      throw new NoReply(`a list of ${length} in an answer, which is more than it may have`);
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
    const digits = place;
    let value = 0;
    for (; place < bytes.length && bytes[place] !== CR; place += 1) {
      const digit = bytes[place];
      if (digit < ZERO || digit > NINE || place - this.at >= NUMBER_BYTES_MAX) throw noNumber();
      value = value * 10 + digit - ZERO;
    }
    if (place + 2 > bytes.length) {
      this.needed = place + 2;
      return undefined;
    }
    if (place === digits || !Number.isSafeInteger(value)) throw noNumber();
    this.endOfLine(place);
    return isNegative ? -value : value;
  }

  private line(): Buffer | undefined {
    const end = this.bytes.indexOf(CR, this.at);
    if (end < 0 || end + 2 > this.bytes.length) {
      this.needed = this.bytes.length + 1;
      return undefined;
    }
    const line = this.bytes.subarray(this.at, end);
    this.endOfLine(end);
    return line;
  }

  private endOfLine(at: number): void {
    if (this.bytes[at] !== CR || this.bytes[at + 1] !== LF)
      throw new NoReply('a part of an answer has no end of line behind it');
    this.at = at + 2;
  }
}

function noNumber(): NoReply {
  return new NoReply('what the server answered is no number');
}
