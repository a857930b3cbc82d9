// Reading the primitive parts of frames, as byte-writer.ts writes them. Nothing here throws: the
// reader keeps the first problem and hands out zeros, and the caller asks for it once at the end of
// a message.
import { toByteString } from '../store/key';
import { isPrintableAscii, isUtf8, utf8Decode } from './utf8';

/** Codes of the hexadecimal digits. */
const DIGITS = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));
const ID_BYTES = 8;
const NO_ID = '0'.repeat(2 * ID_BYTES);
const CONTROL = /\p{Cc}/u;

export class ByteReader {
  private firstProblem: string | null = null;
  private fieldName: string | null = null;
  private readonly view: DataView;
  private readonly end: number;

  /** @param isLent the bytes change once they were read: whoever keeps some of them copies them */
  constructor(
    private readonly bytes: Uint8Array,
    private at = 0,
    readonly isLent = false,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.end = bytes.byteLength;
  }

  get remaining(): number {
    return this.end - this.at;
  }

  get ok(): boolean {
    return this.firstProblem === null;
  }

  /** What was wrong first, and with which field where it has a name; null while everything fits. */
  get problem(): string | null {
    return this.firstProblem;
  }

  fail(problem: string): void {
    this.firstProblem ??= this.fieldName === null ? problem : `${this.fieldName}: ${problem}`;
  }

  /** Names what is read from here on; null = it has no name. */
  field(name: string | null): this {
    this.fieldName = name;
    return this;
  }

  u8(): number {
    return this.has(1) ? this.bytes[this.at++] : 0;
  }

  i32(): number {
    if (!this.has(4)) return 0;
    this.at += 4;
    return this.view.getInt32(this.at - 4);
  }

  /** A finite number; anything else makes the reader invalid. */
  f64(): number {
    if (!this.has(8)) return 0;
    this.at += 8;
    const value = this.view.getFloat64(this.at - 8);
    if (Number.isFinite(value)) return value;
    this.fail('no finite number');
    return 0;
  }

  /** A whole number up to `max`; anything else makes the reader invalid. */
  varint(max: number): number {
    const value = this.number();
    if (value <= max) return value;
    this.fail('beyond its bound');
    return 0;
  }

  /** A whole number; one above `max` counts as `max`. */
  varintUpTo(max: number): number {
    return Math.min(max, this.number());
  }

  private number(): number {
    if (!this.has(1)) return 0;
    const first = this.bytes[this.at++];
    return first < 128 ? first : this.longNumber(first & 127);
  }

  /** @param low its lowest seven bits, which are read already */
  private longNumber(low: number): number {
    let value = low;
    let scale = 128;
    for (let i = 1; i < 8; i += 1) {
      if (!this.has(1)) return 0;
      const byte = this.bytes[this.at++];
      value += (byte & 127) * scale;
      if (byte < 128) {
        if (Number.isSafeInteger(value)) return value;
        break;
      }
      scale *= 128;
    }
    this.fail('beyond every bound');
    return 0;
  }

  /** A view of `count` bytes. */
  raw(count: number): Uint8Array {
    if (!this.has(count)) return new Uint8Array(0);
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }

  blob(bytesMax: number): Uint8Array {
    return this.raw(this.varint(bytesMax));
  }

  /**
   * A key as a byte string: 1 to `bytesMax` bytes of UTF-8, as clients can name it; anything else
   * makes the reader invalid.
   */
  key(bytesMax: number): string {
    const count = this.varint(bytesMax);
    if (!this.has(count)) return '';
    if (count === 0 || !isUtf8(this.bytes, this.at, this.at + count)) {
      this.fail('no key that a client can name');
      return '';
    }
    this.at += count;
    return toByteString(this.bytes.subarray(this.at - count, this.at));
  }

  /** UTF-8 without control characters, so that it may be shown on a terminal. */
  text(bytesMax: number): string {
    const count = this.varint(bytesMax);
    if (!this.has(count)) return '';
    const start = this.at;
    this.at += count;
    let text = '';
    for (let i = start; i < this.at; i += 1) {
      const byte = this.bytes[i];
      if (!isPrintableAscii(byte)) return this.otherText(start);
      text += String.fromCharCode(byte);
    }
    return text;
  }

  /** The text from `start` to here, which is not all printable ASCII. */
  private otherText(start: number): string {
    const text = utf8Decode(this.bytes.subarray(start, this.at));
    if (text !== null && !CONTROL.test(text)) return text;
    this.fail(text === null ? 'no UTF-8' : 'control characters');
    return '';
  }

  /**
   * One string made of the codes of its digits: a quarter of the time that formatting two numbers
   * takes.
   */
  nodeId(): string {
    if (!this.has(ID_BYTES)) return NO_ID;
    const codes: number[] = [];
    for (const end = this.at + ID_BYTES; this.at < end; this.at += 1) {
      const byte = this.bytes[this.at];
      codes.push(DIGITS[byte >> 4], DIGITS[byte & 15]);
    }
    return String.fromCharCode(...codes);
  }

  private has(count: number): boolean {
    if (this.firstProblem === null && count <= this.remaining) return true;
    this.fail('truncated');
    return false;
  }
}
