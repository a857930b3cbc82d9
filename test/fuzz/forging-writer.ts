// Writes the primitives of frames (src/core/wire/byte-writer.ts) without their bounds: any number,
// of any length.
export class ForgingWriter {
  private bytes = new Uint8Array(1024);
  private count = 0;

  get length(): number {
    return this.count;
  }

  take(): Uint8Array {
    return this.bytes.slice(0, this.count);
  }

  u8(value: number): this {
    this.reserve(1);
    this.bytes[this.count] = value & 0xff;
    this.count += 1;
    return this;
  }

  i32(value: number): this {
    for (let shift = 24; shift >= 0; shift -= 8) this.u8(value >>> shift);
    return this;
  }

  f64(value: number): this {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setFloat64(0, value);
    return this.raw(bytes);
  }

  /**
   * Any whole number up to 2^70; beyond 2^53 those that a double holds. `padded` = with a needless
   * last byte.
   */
  varint(value: number, padded = false): this {
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.u8((rest % 128) | 128);
    return padded ? this.u8(rest | 128).u8(0) : this.u8(rest);
  }

  raw(bytes: Uint8Array): this {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.count);
    this.count += bytes.length;
    return this;
  }

  blob(bytes: Uint8Array): this {
    return this.varint(bytes.length).raw(bytes);
  }

  /** UTF-8, and where a surrogate stands alone what only looks like UTF-8. */
  text(text: string): this {
    return this.blob(/\p{Surrogate}/u.test(text) ? Buffer.of(0x61, 0xed, 0xa0, 0x80) : Buffer.from(text));
  }

  nodeId(id: string): this {
    return this.raw(Buffer.from(id, 'hex'));
  }

  private reserve(more: number): void {
    if (this.count + more <= this.bytes.length) return;
    const grown = new Uint8Array(2 * (this.count + more));
    grown.set(this.bytes);
    this.bytes = grown;
  }
}
