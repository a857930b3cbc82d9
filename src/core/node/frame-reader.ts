// Takes frames apart and hands each message to the part that knows it. Junk closes the link that sent it and changes
// nothing else.
import type { Donor } from '../anti-entropy/donor';
import type { Repair } from '../anti-entropy/repair';
import type { Link } from '../links/link';
import type { Detector } from '../membership/detector';
import type { NodeId } from '../base/identity';
import type { Member } from '../peer/member';
import type { Membership } from '../membership/membership';
import type { Coordinator } from '../replication/coordinator';
import type { Fetches } from '../replication/fetches';
import type { Standing } from '../replication/standing';
import type { Entry, Incoming } from '../store/entry';
import type { Store } from '../store/store';
import { compareVersions } from '../base/version';
import { ByteReader } from '../wire/bytes';
import { readFrameHeader, readMessage } from '../wire/codec';
import { INCARNATION_MAX } from '../base/bounds';
import type { Received, ViewEntry } from '../wire/messages';
import type { Peering } from './peering';
import type { CoreSettings } from '../base/settings';
import type { Stage } from '../base/stage';

type Ponged = Extract<Received, { type: 'pingAck' }>;

export interface FrameParts {
  readonly settings: CoreSettings;
  readonly stage: Stage;
  readonly store: Store;
  readonly membership: Membership;
  readonly detector: Detector;
  readonly coordinator: Coordinator;
  readonly fetches: Fetches;
  readonly repair: Repair;
  readonly donor: Donor;
  readonly peering: Peering;
  /** The readable entry of a key now. */
  readonly lookUp: (key: string) => Entry | null;
  readonly standing: Standing;
}

/** What may come in chunks: the rest always fits into a frame, and a long list of it would cost more than a frame may. */
const CHUNKED: ReadonlySet<Received['type']> = new Set(['write', 'relay', 'syncRecords', 'fetchReply']);

export class FrameReader {
  constructor(private readonly parts: FrameParts) {}

  /** Null, or what was wrong with the frame. */
  read(bytes: Uint8Array, link: Link, member: Member): string | null {
    const { monoMs } = this.parts.stage.now;
    const reader = new ByteReader(bytes);
    const sentAtMs = readFrameHeader(reader);
    if (sentAtMs === null) return 'not a frame of this format';
    const { fastestPassageMs } = member.roundTrip;
    const transitMs = member.offset.transitMs(sentAtMs, monoMs, fastestPassageMs, link.upAtMs);
    while (reader.remaining > 0) {
      const problem = this.handle(readMessage(reader, member.id, transitMs), link, member, transitMs);
      if (problem !== null) return problem;
    }
    return null;
  }

  private handle(message: Received | null, link: Link, member: Member, transitMs: number): string | null {
    if (message === null) return 'a message that cannot be read';
    const { monoMs } = this.parts.stage.now;
    switch (message.type) {
      case 'relay':
        if (!link.isStale) this.relay(message.record, member);
        return this.write(message.record, link, member);
      case 'write':
        return this.write(message.record, link, member);
      case 'acks':
        for (const ack of message.acks)
          this.parts.coordinator.delivery.acknowledged(member, ack.seq, ack.status);
        return null;
      case 'ping':
        if (!link.owesManyAcks) this.parts.peering.sayStatus(link, 'pingAck', message.seq);
        this.parts.peering.heardStatus(member, link, message.status, null);
        return null;
      case 'pingAck':
        this.pingAck(message, link, member);
        return null;
      case 'pingRequest':
        this.parts.detector.asked(member, message.seq, message.target, monoMs);
        return null;
      case 'pingRequestAnswer':
        this.parts.detector.answered(message.seq, message.reached);
        return null;
      case 'view':
        this.view(message.entries, member);
        return null;
      case 'chunk':
        return this.chunk(message, link, member, transitMs);
      default:
        return this.handleRepair(message, link, member);
    }
  }

  private handleRepair(message: Received, link: Link, member: Member): string | null {
    const { repair, donor, store, fetches } = this.parts;
    switch (message.type) {
      case 'leavesRequest':
        if (!link.owesLeaves) link.say({ type: 'leaves', leaves: store.tree.leaves() });
        return null;
      case 'leaves':
        repair.onLeaves(member, message.leaves);
        return null;
      case 'syncRequest':
        donor.serve(member, message.session, message.leaves);
        return null;
      case 'syncRecords': {
        const mergedBefore = this.parts.coordinator.merged;
        const problem = this.mergeAll(message.records, link, member);
        repair.onRecords(member, message.session, this.parts.coordinator.merged - mergedBefore);
        return problem;
      }
      case 'syncEnd':
        // What there was no room for has not come: the pull stands still, and is begun anew.
        if (!link.assembler.hasLost) repair.onSyncEnd(member, message.session, message.through);
        return null;
      case 'gapRequest':
        donor.serveGap(member, message.session, message.from, message.to);
        return null;
      case 'fetch':
        this.fetch(message, link);
        return null;
      case 'fetchReply': {
        const { record } = message;
        const problem = this.mergeAll(record === null ? [] : [record], link, member);
        if (problem !== null) return problem;
        const offered = (): Entry | null =>
          record === null || link.isStale ? null : this.parts.coordinator.readable(record);
        fetches.answered(message.requestId, member, message.isSure, offered);
        return null;
      }
      default:
        return 'a message out of place';
    }
  }

  /** Nothing is sent that would not help; what there is no room for now is not here. */
  private fetch({ requestId, key, minVersion }: Extract<Received, { type: 'fetch' }>, link: Link): void {
    const held = this.parts.lookUp(key);
    const isEnough = held !== null && (minVersion === null || compareVersions(held, minVersion) >= 0);
    const entry = isEnough ? held : null;
    const isSure = entry === null && !this.parts.standing.mayBeWrong(key, this.parts.stage.now.monoMs);
    if (!link.answer({ type: 'fetchReply', requestId, entry, isSure }))
      link.answer({ type: 'fetchReply', requestId, entry: null, isSure: false });
  }

  private pingAck({ seq, status }: Ponged, link: Link, member: Member): void {
    const roundTripMs = this.parts.detector.acked(member.id, seq, this.parts.stage.now.monoMs);
    if (roundTripMs !== null) {
      member.offset.answered(roundTripMs);
      link.isStale = false;
    }
    this.parts.peering.heardStatus(member, link, status, roundTripMs);
  }

  private view(entries: readonly ViewEntry[], teller: Member): void {
    const { membership, stage } = this.parts;
    for (const entry of entries) {
      if (mayBeRefuted(entry, teller.id)) membership.apply(entry, teller.id, stage.now.monoMs);
    }
  }

  private write(record: Incoming, link: Link, member: Member): string | null {
    const problem = this.problemOf(record);
    if (problem !== null) return problem;
    // Of unknown age: not taken in now, and missing, it comes again from its origin.
    const status = link.isStale ? 'refused' : this.parts.coordinator.receive(record, member);
    // A relayed write is acknowledged to its origin: nobody else waits for it.
    const origin = record.origin === member.id ? link : this.parts.membership.get(record.origin)?.link;
    origin?.ack({ seq: record.seq, status });
    return null;
  }

  /** Passes a write of the sender's own on to the others of this host, whatever becomes of it here. */
  private relay(record: Incoming, from: Member): void {
    if (record.origin !== from.id || this.problemOf(record) !== null) return;
    const { membership, store, stage } = this.parts;
    const entry = store.transient(record, stage.now);
    for (const member of membership.active()) {
      if (member !== from && membership.sameHost(member.identity))
        member.link?.sendValue({ type: 'write', entry });
    }
  }

  private mergeAll(records: readonly Incoming[], link: Link, member: Member): string | null {
    if (link.isStale) return null;
    for (const record of records) {
      const problem = this.problemOf(record);
      if (problem !== null) return problem;
      this.parts.coordinator.receive(record, member);
    }
    return null;
  }

  private problemOf(record: Incoming): string | null {
    const { keyBytesMax, valueBytesMax } = this.parts.settings;
    if (record.key.length < 1 || record.key.length > keyBytesMax)
      return `a key of ${record.key.length} bytes`;
    const bytes = record.value?.byteLength ?? 0;
    if (bytes > valueBytesMax) return `a value of ${bytes} bytes`;
    return record.ttlMs > 0 ? null : 'a record without a time-to-live';
  }

  private chunk(
    chunk: Extract<Received, { type: 'chunk' }>,
    link: Link,
    member: Member,
    transitMs: number,
  ): string | null {
    const whole = link.assembler.add(chunk, transitMs, this.parts.stage.now.monoMs);
    if (whole !== null || link.assembler.isUnderWay) this.parts.fetches.progressed(member.id);
    if (whole === null) return null;
    if (whole === 'invalid') return `a transfer of ${chunk.total} bytes`;
    const message = readMessage(new ByteReader(whole.bytes), member.id, whole.transitMs);
    if (message !== null && !CHUNKED.has(message.type)) return `a chunked ${message.type}`;
    return this.handle(message, link, member, whole.transitMs);
  }
}

/** Nobody can answer an accusation with the highest incarnation by a higher one: this node's own probes decide about it. */
function mayBeRefuted(entry: ViewEntry, teller: NodeId): boolean {
  return entry.state === 'alive' || entry.identity.id === teller || entry.incarnation < INCARNATION_MAX;
}
