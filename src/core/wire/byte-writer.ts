// Writing the primitive parts of frames. Numbers are LEB128 varints (unsigned, up to 2^53-1) unless
// a fixed width is named, and whoever writes one names its bound (bounds.ts). Nothing here throws:
// what is given is brought within the bound.
import { isPrintableAscii, utf8Cut, utf8Encode } from './utf8';

const CONTROLS = /\p{Cc}/gu;

export class ByteWriter {
  private bytes: Uint8Array;
  private view: DataView;
  length = 0;

  constructor(capacity: number) {
    this.bytes = new Uint8Array(capacity);
    this.view = new DataView(this.bytes.buffer);
  }

  reset(): void {
    this.length = 0;
  }

  /** A copy of what was written. */
  take(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }

  u8(value: number): void {
    this.reserve(1);
    this.bytes[this.length] = value;
    this.length += 1;
  }

  i32(value: number): void {
    this.reserve(4);
    this.view.setInt32(this.length, value);
    this.length += 4;
  }

  f64(value: number): void {
    this.reserve(8);
    this.view.setFloat64(this.length, value);
    this.length += 8;
  }

  /**
   * The whole number nearest below `value` within 0 to `max`, a safe integer; 0 for what is no
   * number.
   */
  varint(value: number, max: number): void {
    this.reserve(8);
    let rest = value > 0 ? Math.floor(Math.min(max, value)) : 0;
    while (rest >= 0x8000_0000) {
      this.bytes[this.length] = (rest % 128) | 128;
      this.length += 1;
      rest = Math.floor(rest / 128);
    }
    while (rest >= 128) {
      this.bytes[this.length] = (rest & 127) | 128;
      this.length += 1;
      rest >>>= 7;
    }
    this.bytes[this.length] = rest;
    this.length += 1;
  }

  raw(data: Uint8Array): void {
    this.reserve(data.byteLength);
    this.bytes.set(data, this.length);
    this.length += data.byteLength;
  }

  /** Length-prefixed bytes. */
  blob(data: Uint8Array): void {
    this.varint(data.byteLength, Number.MAX_SAFE_INTEGER);
    this.raw(data);
  }

  /** A byte string (each unit one byte), length-prefixed. */
  byteString(text: string): void {
    this.varint(text.length, Number.MAX_SAFE_INTEGER);
    this.reserve(text.length);
    for (let i = 0; i < text.length; i += 1) this.bytes[this.length + i] = text.charCodeAt(i);
    this.length += text.length;
  }

  /**
   * Text to be shown, as UTF-8: without its control characters, cut to `bytesMax` bytes at the end
   * of a character. Answers whether all of it is there.
   */
  text(value: string, bytesMax: number): boolean {
    if (this.asciiText(value, bytesMax)) return true;
    const bytes = utf8Encode(value.replace(CONTROLS, ''));
    const cut = utf8Cut(bytes, bytesMax);
    this.blob(cut);
    return cut.length === bytes.length;
  }

  /** Nearly all texts are printable ASCII, and views of large clusters are made of them. */
  private asciiText(value: string, bytesMax: number): boolean {
    if (value.length > bytesMax) return false;
    const start = this.length;
    this.varint(value.length, bytesMax);
    this.reserve(value.length);
    for (let i = 0; i < value.length; i += 1) {
      const unit = value.charCodeAt(i);
      if (!isPrintableAscii(unit)) {
        this.length = start;
        return false;
      }
      this.bytes[this.length] = unit;
      this.length += 1;
    }
    return true;
  }

  /** A node id: 16 hexadecimal digits as 8 bytes. */
  nodeId(id: string): void {
    this.i32(Number.parseInt(id.slice(0, 8), 16) | 0);
    this.i32(Number.parseInt(id.slice(8, 16), 16) | 0);
  }

  private reserve(count: number): void {
    if (this.length + count <= this.bytes.byteLength) return;
    const grown = new Uint8Array(Math.max(this.bytes.byteLength * 2, this.length + count));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
  }
}
