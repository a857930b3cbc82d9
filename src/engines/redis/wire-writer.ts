// Commands as RESP writes them: an array of texts with their lengths in front. Those of a turn are
// put one behind the other, so that one write takes them all. Long arguments are not copied.
export type Argument = string | Uint8Array | readonly Uint8Array[];

const SLAB_BYTES = 64 * 1024;
/** From here on an argument is a piece of its own. */
const COPIED_BYTES_MAX = 8 * 1024;
/** A mark, up to 10 digits, an end of line, and the end of line of what is in front. */
const HEAD_BYTES_MAX = 16;
const [CR, LF, ZERO, ARRAY, BULK] = [0x0d, 0x0a, 0x30, 0x2a, 0x24];
/** Texts up to this length are copied by hand, which is quicker. */
const SHORT_TEXT = 64;

/** Of all parts, where an argument is made of parts. */
export function bytesOfArgument(argument: Argument): number {
  return isParts(argument) ? argument.reduce((sum, { length }) => sum + length, 0) : argument.length;
}

export class CommandWriter {
  private slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
  private start = 0;
  private at = 0;
  private pieces: Uint8Array[] = [];

  /** @param command its name and arguments; texts are ASCII */
  add(command: readonly Argument[]): void {
    this.reserve(HEAD_BYTES_MAX);
    this.putHead(ARRAY, command.length);
    for (const argument of command) {
      this.reserve(HEAD_BYTES_MAX);
      this.putHead(BULK, bytesOfArgument(argument));
      if (typeof argument === 'string') this.putText(argument);
      else if (!isParts(argument)) this.putBytes(argument);
      else for (const part of argument) this.putBytes(part);
      this.reserve(2);
      this.putEnd();
    }
  }

  /** What was added since, in pieces. */
  take(): readonly Uint8Array[] {
    this.cut();
    const { pieces } = this;
    this.pieces = [];
    return pieces;
  }

  private putHead(mark: number, count: number): void {
    const { slab } = this;
    slab[this.at] = mark;
    let digits = 1;
    for (let rest = count; rest >= 10; rest = Math.floor(rest / 10)) digits += 1;
    for (let place = this.at + digits, rest = count; place > this.at; place -= 1) {
      slab[place] = ZERO + (rest % 10);
      rest = Math.floor(rest / 10);
    }
    this.at += 1 + digits;
    this.putEnd();
  }

  private putEnd(): void {
    this.slab[this.at] = CR;
    this.slab[this.at + 1] = LF;
    this.at += 2;
  }

  private putText(text: string): void {
    if (text.length > SHORT_TEXT) {
      this.putBytes(Buffer.from(text, 'latin1'));
      return;
    }
    this.reserve(text.length);
    const { slab } = this;
    for (let place = 0; place < text.length; place += 1) slab[this.at + place] = text.charCodeAt(place);
    this.at += text.length;
  }

  private putBytes(bytes: Uint8Array): void {
    if (bytes.length > COPIED_BYTES_MAX) {
      this.cut();
      this.pieces.push(bytes);
      return;
    }
    this.reserve(bytes.length);
    this.slab.set(bytes, this.at);
    this.at += bytes.length;
  }

  /** Bytes that were handed out are never written again: they may be on their way still. */
  private reserve(bytes: number): void {
    if (this.at + bytes <= SLAB_BYTES) return;
    this.cut();
    this.slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
    this.start = 0;
    this.at = 0;
  }

  private cut(): void {
    if (this.at > this.start) this.pieces.push(this.slab.subarray(this.start, this.at));
    this.start = this.at;
  }
}

function isParts(argument: Argument): argument is readonly Uint8Array[] {
  return Array.isArray(argument);
}
