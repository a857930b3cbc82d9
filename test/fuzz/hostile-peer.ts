// A peer that has greeted and then says anything: well-formed messages with extreme numbers, and
// spoilt frames.
import type { NodeIdentity } from '../../src/core/base/identity';
import type { LinkId } from '../../src/core/base/inputs';
import { ByteReader } from '../../src/core/wire/byte-reader';
import { readFrameHeader, readMessage } from '../../src/core/wire/codec';
import { FRAME_HEADER_BYTES, type Received } from '../../src/core/wire/messages';
import { flood, forgedHello, frameHeader, keepHeard, message, type Knowledge } from './messages';
import { ForgingWriter } from './forging-writer';
import type { FuzzNode, Party, Wire } from './scene';
import type { Values } from './values';

const REMEMBERED = 40;

/** Begins the keys that no hostile peer may write. */
export const SECRET_PREFIX = 'treasure';

export class HostilePeer implements Party {
  /** It takes what it is sent off its socket. */
  reads = true;
  sent = 0;
  /** Own frames, and those of nodes as they were: to be said again elsewhere. */
  readonly remembered: Uint8Array[] = [];
  private readonly wires = new Map<LinkId, Wire>();

  constructor(
    readonly identity: NodeIdentity,
    private readonly values: Values,
    private readonly known: Knowledge,
    /**
     * It reads as the product does. A core that is broken on purpose may say what only its like can
     * read.
     */
    private readonly isStrict: boolean,
  ) {}

  get isLinked(): boolean {
    return this.wires.size > 0;
  }

  linkUp(linkId: LinkId, wire: Wire): void {
    this.wires.set(linkId, wire);
  }

  linkDown(linkId: LinkId): void {
    this.wires.delete(linkId);
  }

  frame(linkId: LinkId, bytes: Uint8Array): void {
    const end = this.wires.get(linkId)?.other(this);
    const node = end?.party as FuzzNode | undefined;
    if (this.reads && end !== undefined) node?.flushed(end.linkId, bytes.byteLength);
    const messages = messagesIn(bytes, node?.identity.id ?? '');
    if (messages === null && this.isStrict) node?.misdoes('sends what cannot be read');
    if (messages !== null) keepHeard(this.known.heard, messages);
    // Peers may overwrite what they like: what must survive is kept from them.
    if (!Buffer.from(bytes).includes(SECRET_PREFIX)) this.remember(bytes);
  }

  /** Hangs up, on one node or all. */
  leave(): void {
    for (const wire of this.wires.values()) wire.close();
  }

  /** Says one frame on one of its links. */
  say(bytes: Uint8Array): void {
    if (!this.isLinked) return;
    this.values.prng.pick([...this.wires.values()]).send(this, bytes);
    this.sent += 1;
  }

  /** A frame of a few messages, spoilt now and then. */
  makeFrame(): Uint8Array {
    const { values, known } = this;
    const isSpoilt = values.prng.chance(0.1);
    values.goWild(values.prng.pick([0, 0, 1, 1, 20]));
    const writer = new ForgingWriter();
    frameHeader(writer, values, known);
    // Who answers is a member, and is believed more.
    if (known.heard.pings.length > 0 && values.prng.chance(0.4)) message(writer, values, known, 'pingAck');
    const count = 1 + values.prng.below(4);
    for (let each = 0; each < count; each += 1) message(writer, values, known);
    const frame = writer.take();
    this.remember(frame);
    return isSpoilt ? this.spoil(frame) : frame;
  }

  /** What it may say before any frame. */
  makeHello(): Uint8Array {
    this.values.goWild(this.values.prng.pick([0, 1, 20]));
    return forgedHello(this.values, this.known);
  }

  makeFlood(): Uint8Array {
    this.values.goWild(0);
    return flood(this.values, this.known);
  }

  private spoil(frame: Uint8Array): Uint8Array {
    const { prng } = this.values;
    const at = prng.below(frame.length);
    switch (prng.below(5)) {
      case 0:
        return frame.subarray(0, at);
      case 1: {
        const flipped = Uint8Array.from(frame);
        for (let flips = prng.below(4); flips >= 0; flips -= 1)
          flipped[prng.below(frame.length)] ^= 1 << prng.below(8);
        return flipped;
      }
      case 2:
        return Buffer.concat([frame.subarray(0, at), frame.subarray(prng.below(frame.length))]);
      case 3: {
        const other = this.remembered.length > 0 ? prng.pick(this.remembered) : frame;
        return Buffer.concat([frame, other.subarray(Math.min(other.length, FRAME_HEADER_BYTES))]);
      }
      default:
        return this.values.bytes(300);
    }
  }

  private remember(frame: Uint8Array): void {
    this.remembered.push(frame);
    if (this.remembered.length > REMEMBERED) this.remembered.shift();
  }
}

/** Null when a peer could not read it. */
function messagesIn(frame: Uint8Array, sender: string): Received[] | null {
  const reader = new ByteReader(frame);
  if (readFrameHeader(reader) === null) return null;
  const messages: Received[] = [];
  while (reader.remaining > 0) {
    const received = readMessage(reader, sender, 0);
    if (received === null) return null;
    messages.push(received);
  }
  return messages;
}
