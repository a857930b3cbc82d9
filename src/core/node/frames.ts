// Takes frames apart and hands each message to the part that knows it. Junk closes the link that
// sent it and changes nothing else.
import type { Stage } from '../base/stage';
import type { Link } from '../links/link';
import type { Detector } from '../membership/detector';
import type { Membership } from '../membership/membership';
import type { Member } from '../peer/member';
import type { Delivery } from '../replication/delivery';
import type { Fetches } from '../replication/fetches';
import type { ValueMessages } from '../replication/value-messages';
import { ByteReader } from '../wire/byte-reader';
import { readFrameHeader, readMessage } from '../wire/codec';
import type { Received } from '../wire/messages';
import type { Links } from './links';
import type { MemberMessages } from './member-messages';
import type { RepairMessages } from './repair-messages';

/**
 * What may come in chunks: the rest always fits into a frame, and a long list of it would cost more
 * than a frame may.
 */
const CHUNKED: ReadonlySet<Received['type']> = new Set(['write', 'relay', 'syncRecords', 'fetchReply']);

type Chunk = Extract<Received, { type: 'chunk' }>;

/** Where every message goes. A new type of message has its case here, and in the part it is for. */
export class Messages {
  constructor(
    private readonly members: MemberMessages,
    private readonly values: ValueMessages,
    private readonly repairs: RepairMessages,
    private readonly fetches: Fetches,
    private readonly stage: Stage,
  ) {}

  /** Null, or what was wrong with the message. */
  take(message: Received, link: Link, member: Member, transitMs: number): string | null {
    switch (message.type) {
      case 'ping':
      case 'pingAck':
      case 'pingRequest':
      case 'pingRequestAnswer':
      case 'view':
        this.members.take(message, link, member);
        return null;
      case 'write':
      case 'relay':
      case 'acks':
      case 'fetch':
      case 'fetchReply':
        return this.values.take(message, link, member);
      case 'leavesRequest':
      case 'leaves':
      case 'syncRequest':
      case 'syncRecords':
      case 'syncEnd':
      case 'gapRequest':
        return this.repairs.take(message, link, member);
      case 'chunk':
        return this.chunk(message, link, member, transitMs);
    }
  }

  private chunk(chunk: Chunk, link: Link, member: Member, transitMs: number): string | null {
    const { monoMs } = this.stage.now;
    const whole = link.assembler.add(chunk, transitMs, monoMs);
    if (whole !== null || link.assembler.isUnderWay) this.fetches.progressed(member.id);
    if (link.assembler.bringsRecords) this.repairs.progressed(member, chunk.bytes.byteLength);
    if (whole === null) return null;
    if (whole === 'invalid') return `a transfer of ${chunk.total} bytes`;
    const reader = new ByteReader(whole.bytes);
    const message = readMessage(reader, member.id, whole.transitMs);
    if (message === null) return unreadable(reader);
    if (!CHUNKED.has(message.type)) return `a chunked ${message.type}`;
    return this.take(message, link, member, whole.transitMs);
  }
}

function unreadable({ problem }: ByteReader): string {
  return `a message that cannot be read (${problem})`;
}

export class Frames {
  constructor(
    private readonly messages: Messages,
    private readonly links: Links,
    private readonly membership: Membership,
    private readonly delivery: Delivery,
    private readonly detector: Detector,
    private readonly stage: Stage,
  ) {}

  /** @param isLent whoever gave the bytes changes them after the call */
  receive(linkId: number, bytes: Uint8Array, isLent = false): void {
    const link = this.links.get(linkId);
    const member = link === undefined ? undefined : this.membership.get(link.peerId);
    if (link === undefined || member === undefined) return;
    const { monoMs } = this.stage.now;
    member.seen(monoMs);
    this.delivery.heard(member);
    if (member.state === 'suspect' && member.link === link)
      this.membership.setAlive(member, member.incarnation, monoMs);
    const problem = this.read(new ByteReader(bytes, 0, isLent), link, member);
    if (problem === null) return;
    this.stage.sink.notify({ kind: 'frame-invalid', from: member.id, problem });
    this.stage.sink.close(linkId, 'protocol-error');
  }

  /** Null, or what was wrong with the frame. */
  private read(reader: ByteReader, link: Link, member: Member): string | null {
    const sentAtMs = readFrameHeader(reader);
    if (sentAtMs === null) return 'not a frame of this format';
    const { fastestPassageMs } = member.roundTrip;
    const { monoMs } = this.stage.now;
    const isFirst = member.offset.isUnknown;
    const transitMs = member.offset.transitMs(sentAtMs, monoMs, fastestPassageMs, link.upAtMs);
    if (member.offset.lateMs > member.wayMaxMs(this.membership.sameHost(member.identity)))
      member.slowAtMs = monoMs;
    if (isFirst && member.offset.isInDoubt) this.detector.pingNow(member, monoMs);
    while (reader.remaining > 0) {
      const message = readMessage(reader, member.id, transitMs);
      if (message === null) return unreadable(reader);
      const problem = this.messages.take(message, link, member, transitMs);
      if (problem !== null) return problem;
    }
    return null;
  }
}
