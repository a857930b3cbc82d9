// Reading and writing the fields of a greeting: big-endian integers and byte strings with a length
// byte in front. The reader never throws and never reads outside its bytes: the first thing that
// does not fit becomes `problem()`, and every later read answers with an empty value, so a decoder
// checks once at its end.
import { assert } from '../base/assert';

/** UTF-8 of `text`; a lone surrogate becomes U+FFFD. */
export function utf8Encode(text: string): Uint8Array {
  const escaped = encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\uFFFD'));
  const bytes: number[] = [];
  for (let at = 0; at < escaped.length; at += 1) {
    if (escaped[at] === '%') {
      bytes.push(Number.parseInt(escaped.slice(at + 1, at + 3), 16));
      at += 2;
    } else {
      bytes.push(escaped.charCodeAt(at));
    }
  }
  return Uint8Array.from(bytes);
}

/**
 * The text of well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates); null for anything
 * else.
 */
export function utf8Decode(bytes: Uint8Array): string | null {
  let escaped = '';
  for (const byte of bytes) escaped += `%${byte.toString(16).padStart(2, '0')}`;
  try {
    return decodeURIComponent(escaped);
  } catch {
    return null;
  }
}

export class FieldWriter {
  private readonly bytes: number[] = [];

  uint(value: number, width: 1 | 2): this {
    assert(Number.isInteger(value) && value >= 0 && value < 256 ** width, 'a greeting field fits its width');
    for (let shift = 8 * (width - 1); shift >= 0; shift -= 8) this.bytes.push((value >>> shift) & 0xff);
    return this;
  }

  raw(bytes: Uint8Array): this {
    for (const byte of bytes) this.bytes.push(byte);
    return this;
  }

  prefixed(bytes: Uint8Array): this {
    return this.uint(bytes.length, 1).raw(bytes);
  }

  /** The frame so far, filled up with zeros to at least `sizeMin` bytes. */
  finish(sizeMin = 0): Uint8Array {
    const frame = new Uint8Array(Math.max(sizeMin, this.bytes.length));
    frame.set(this.bytes);
    return frame;
  }
}

export class FieldReader {
  private at = 0;
  private firstProblem: string | null = null;

  constructor(private readonly bytes: Uint8Array) {}

  /** Bytes read so far. */
  get position(): number {
    return this.at;
  }

  /** What was wrong first; null while everything fitted. */
  problem(): string | null {
    return this.firstProblem;
  }

  fail(problem: string): void {
    this.firstProblem ??= problem;
  }

  raw(length: number): Uint8Array {
    if (this.firstProblem !== null || this.at + length > this.bytes.length) {
      this.fail('truncated');
      return new Uint8Array(0);
    }
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  uint(width: 1 | 2): number {
    return this.raw(width).reduce((value, byte) => value * 256 + byte, 0);
  }

  prefixed(lengthMax: number): Uint8Array {
    const length = this.uint(1);
    if (length > lengthMax) this.fail('field too long');
    return this.raw(length);
  }

  /** Text without control characters, so that it may be shown on a terminal. */
  text(bytesMax: number): string {
    const text = utf8Decode(this.prefixed(bytesMax));
    if (text !== null && !/\p{Cc}/u.test(text)) return text;
    this.fail('unprintable text');
    return '';
  }

  port(): number {
    const port = this.uint(2);
    if (port === 0) this.fail('port 0');
    return port;
  }
}
