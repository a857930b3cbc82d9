// The life of a write, on both ends: store, send to every linked member at once, count acks as a set, answer when the
// level is met (docs/protocol.md, Writes). Nothing stored is ever dropped to make room.
import type { Member } from '../peer/member';
import type { FailureDomains } from '../membership/failure-domains';
import type { Membership } from '../membership/membership';
import type { NodeIdentity } from '../base/identity';
import type { Input } from '../base/inputs';
import type { Now } from '../base/now';
import { LIMITS, type CoreSettings } from '../base/settings';
import type { Stage } from '../base/stage';
import type { Entry, Incoming } from '../store/entry';
import { toByteString } from '../store/key';
import type { Store } from '../store/store';
import { compareVersions, stampedAtMs } from '../base/version';
import type { StampClock } from '../version/stamp-clock';
import type { AckStatus } from '../wire/messages';
import type { WriteLog } from '../store/write-log';
import { Delivery } from './delivery';
import { PendingWrite, type Expected } from '../peer/pending-write';
import { quorumOf, type Quorum } from '../peer/quorum';
import { WriteTracker, type Settle } from './write-tracker';

type Put = Extract<Input, { kind: 'put' }>;

/** A full node calls itself full until this share of the limit is free again. */
const ROOM_AGAIN_SHARE = 0.9;

interface Known extends Expected {
  /** There are members elsewhere, on probation or not. */
  readonly hasOtherHosts: boolean;
}

export class Coordinator {
  readonly tracker: WriteTracker;
  readonly delivery: Delivery;
  refusedVersions = 0;
  /** When a stamp was refused last: something of the network is missing here. */
  refusedAtMs = -Infinity;
  /** Keys were refused for room, and nobody with room has been found to hold the same since. */
  hasRefused = false;
  /** Versions taken in from peers, however they came. */
  merged = 0;
  private expectedHostsMin: number;
  private full = false;
  private quorumMissed = false;
  private cached: (Known & { readonly changes: number }) | null = null;
  private readonly settle: Settle;

  constructor(
    private readonly self: NodeIdentity,
    private readonly settings: CoreSettings,
    private readonly store: Store,
    private readonly log: WriteLog,
    private readonly clock: StampClock,
    private readonly membership: Membership,
    readonly domains: FailureDomains,
    private readonly stage: Stage,
  ) {
    this.expectedHostsMin = settings.expectedHostsMin;
    this.settle = (requestId, outcome) => {
      this.stage.sink.settlePut(requestId, outcome);
    };
    this.tracker = new WriteTracker(settings.writeTimeoutMs, (write, kind) => {
      this.noteQuorum(write, kind);
    });
    this.delivery = new Delivery({
      ...{
        self,
        store,
        domains,
        log,
        membership,
        stage,
        tracker: this.tracker,
        settle: this.settle,
      },
      hasOtherHosts: () => this.known().hasOtherHosts,
      abandonAfterMs: 2 * settings.writeTimeoutMs,
    });
  }

  isFull(): boolean {
    if (this.full && this.store.counts().usedBytes < this.settings.storageBytesMax * ROOM_AGAIN_SHARE) {
      this.full = false;
    }
    return this.full;
  }

  /** What discovery knows raises the setting and never goes below it. */
  expectHosts(hosts: number): void {
    this.expectedHostsMin = Math.max(this.settings.expectedHostsMin, hosts);
    this.cached = null;
  }

  expected(): Expected {
    return this.known();
  }

  private known(): Known {
    if (this.cached?.changes !== this.membership.changes) {
      this.cached = { changes: this.membership.changes, ...this.countExpected() };
    }
    return this.cached;
  }

  private countExpected(): Known {
    const hosts = new Set([this.domains.of(this.self)]);
    const guests = new Set<string>();
    let nodes = 1;
    for (const member of this.membership.all()) {
      if (member.state === 'left') continue;
      guests.add(this.domains.of(member.identity));
      if (!member.counts) continue;
      nodes += 1;
      hosts.add(this.domains.of(member.identity));
    }
    return {
      nodes: Math.max(this.settings.expectedNodesMin, nodes),
      hosts: Math.max(this.expectedHostsMin, hosts.size),
      hasOtherHosts: this.expectedHostsMin > 1 || new Set([...hosts, ...guests]).size > 1,
    };
  }

  quorum(): Quorum {
    const { nodes, hosts } = this.expected();
    return quorumOf(this.settings.replicationFactor, nodes, hosts);
  }

  put(input: Put): void {
    const { sink, now } = this.stage;
    if (this.membership.leaving) {
      sink.settlePut(input.requestId, { kind: 'draining' });
      return;
    }
    if (this.isOverloaded()) {
      sink.settlePut(input.requestId, { kind: 'busy' });
      return;
    }
    const key = toByteString(input.key);
    const quorum = this.quorum();
    const isHeld = this.store.peek(key)?.holding === 'value';
    if (this.store.lacksRoom(key, input.value.byteLength) || (!isHeld && this.othersLackRoom(quorum))) {
      this.refuseForRoom(input);
      return;
    }
    const older = this.store.peek(key);
    const olderUntilMs =
      older === undefined ? 0 : Math.max(older.supersedesUntilMs, stampedAtMs(older) + older.ttlMs);
    const record: Incoming = {
      key,
      value: input.value,
      hlc: this.clock.stamp(now, older),
      origin: this.self.id,
      seq: this.log.append(key),
      ttlMs: input.ttlMs,
      ageMs: 0,
      supersedesUntilMs: olderUntilMs,
    };
    this.store.merge(record, this.earliest());
    this.replicate(input, record, quorum);
  }

  /** A version that a peer was asked for, as readers here see it whether it was kept or not; null when they may not. */
  readable(record: Incoming): Entry | null {
    const { now } = this.stage;
    if (this.clock.aheadMs(record, now) > this.settings.clockOffsetMaxMs) return null;
    const known = this.store.peek(record.key);
    const order = known === undefined ? -1 : compareVersions(known, record);
    // A version whose life ended here has ended, whatever the peer's deadline: a second one would bring it back.
    if (order > 0 || (order === 0 && known?.holding !== 'not-held')) return null;
    const entry = this.store.transient(record, this.earliest());
    if (order === 0 && known !== undefined) entry.expiresAtMs = known.expiresAtMs;
    return entry.value === null || entry.expiresAtMs <= now.monoMs ? null : entry;
  }

  /** A peer's write arrived; says what to acknowledge. */
  receive(record: Incoming, from: Member): AckStatus {
    if (this.refusesStamp(record, from)) return 'refused';
    const { now } = this.stage;
    this.clock.observe(record.hlc, now);
    const result = this.refusesKey(record) ? 'full' : this.store.merge(record, this.earliest());
    if (result === 'full') this.hasRefused = true;
    if (result === 'stored' || result === 'stub') this.merged += 1;
    const { origin, seq } = record;
    if (result !== 'full') this.membership.get(origin)?.reception.note(seq, origin === from.id);
    if (result === 'stored' || (result !== 'full' && !this.isReleased(record))) return 'held';
    this.full = true;
    return 'full';
  }

  tick(): void {
    this.delivery.tick();
    this.tracker.expire(this.stage.now.monoMs, this.settle);
  }

  nextDeadlineMs(): number {
    return Math.min(this.tracker.nextDeadlineMs(), this.delivery.nextDeadlineMs());
  }

  private replicate(input: Put, record: Incoming, quorum: Quorum): void {
    const entry = this.store.peek(record.key);
    const write = new PendingWrite(
      input.requestId,
      { hlc: record.hlc, origin: record.origin },
      input.level,
      quorum,
      this.expected(),
      this.stage.now.monoMs,
      input.value.byteLength,
      this.self.id,
      this.domains.of(this.self),
    );
    this.tracker.begin(write);
    if (entry !== undefined) this.delivery.send(write, entry);
  }

  /** This very version is known here, but there was no room for its bytes: whoever counts copies must not count this one. */
  private isReleased({ key, hlc, origin }: Incoming): boolean {
    const entry = this.store.peek(key);
    return entry?.holding === 'not-held' && entry.hlc === hlc && entry.origin === origin;
  }

  /** While full it takes no key it does not know: having refused a large value, it would take an older, smaller one for the newest. */
  private refusesKey({ key, value }: Incoming): boolean {
    return value !== null && this.isFull() && this.store.peek(key) === undefined;
  }

  private earliest(): Now {
    const { now } = this.stage;
    return { monoMs: now.monoMs, wallMs: this.clock.earliestMs(now) };
  }

  private refusesStamp(record: Incoming, from: Member): boolean {
    const { now } = this.stage;
    const aheadMs = this.clock.aheadMs(record, now);
    if (aheadMs <= this.settings.clockOffsetMaxMs) return false;
    this.refusedAtMs = now.monoMs;
    this.refusedVersions += 1;
    if (this.refusedVersions === 1) {
      this.stage.sink.notify({ kind: 'version-refused', from: from.id, aheadMs: Math.round(aheadMs) });
    }
    return true;
  }

  /** No peer keeps up: one more write would only make every queue longer, and what overflows is dropped and repaired. */
  private isOverloaded(): boolean {
    if (this.tracker.pending >= LIMITS.pendingWritesMax) return true;
    let anyBehind = false;
    for (const { link } of this.membership.active()) {
      if (link === null) continue;
      if (!link.isBehind) return false;
      anyBehind = true;
    }
    return anyBehind;
  }

  /** Enough members, or hosts, are there, but too few of them have room for a key that they do not hold. */
  private othersLackRoom({ counts, needed }: Quorum): boolean {
    if (!this.anyIsFull()) return false;
    const there = new Set([this.copyOf(this.self, counts)]);
    const roomy = new Set(there);
    for (const { link, status, identity } of this.membership.active()) {
      if (link === null) continue;
      there.add(this.copyOf(identity, counts));
      if (status?.full !== true) roomy.add(this.copyOf(identity, counts));
    }
    return there.size >= needed && roomy.size < needed;
  }

  private anyIsFull(): boolean {
    for (const { status } of this.membership.active()) if (status?.full === true) return true;
    return false;
  }

  /** What of this node the quorum counts. */
  copyOf(identity: NodeIdentity, counts: Quorum['counts']): string {
    return counts === 'nodes' ? identity.id : this.domains.of(identity);
  }

  private refuseForRoom(input: Put): void {
    const { usedBytes } = this.store.counts();
    const limitBytes = this.settings.storageBytesMax;
    if (!this.full) this.stage.sink.notify({ kind: 'storage-full', usedBytes, limitBytes });
    this.full = true;
    this.stage.sink.settlePut(input.requestId, { kind: 'full', usedBytes, limitBytes });
  }

  private noteQuorum(write: PendingWrite, kind: 'held' | 'stored'): void {
    const missed = kind === 'stored' && !write.hasQuorum();
    if (missed === this.quorumMissed || (kind === 'held' && write.level === 'one')) return;
    this.quorumMissed = missed;
    this.stage.sink.notify(
      missed
        ? { kind: 'quorum-missed', acks: write.copies, needed: write.quorum.needed }
        : { kind: 'quorum-met-again' },
    );
  }
}
