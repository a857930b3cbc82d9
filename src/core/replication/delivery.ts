// Gets the writes of this node to its peers and minds who has acknowledged: sends each to everyone
// at once, relayed where routes say so, stops waiting for who lags, and goes around a relay that is
// silent or gone (docs/protocol.md, Writes).
import type { WriteLog } from '../store/write-log';
import type { NodeId } from '../base/identity';
import type { Member } from '../peer/member';
import type { Membership } from '../membership/membership';
import { TIMING } from '../base/settings';
import type { Stage } from '../base/stage';
import type { Entry } from '../store/entry';
import type { Store } from '../store/store';
import type { AckStatus } from '../wire/messages';
import { ackWindowMs } from '../peer/ack-window';
import type { PendingWrite } from '../peer/pending-write';
import type { ExpectedCluster } from './expected-cluster';
import { routesOf } from './routes';
import type { WriteTracker } from './write-tracker';

export interface DeliveryParts {
  readonly store: Store;
  readonly log: WriteLog;
  readonly membership: Membership;
  readonly cluster: ExpectedCluster;
  readonly tracker: WriteTracker;
  readonly stage: Stage;
}

export class Delivery {
  constructor(private readonly parts: DeliveryParts) {}

  /** Writes that wait for their level. */
  get pending(): number {
    return this.parts.tracker.pending;
  }

  /** Minds this write from now on. */
  begin(write: PendingWrite): void {
    this.parts.tracker.begin(write);
  }

  /** Sends `entry` to everyone; `write` is begun and gets its first verdict here. */
  send(write: PendingWrite, entry: Entry): void {
    if (!this.parts.cluster.hasOtherHosts) {
      this.sendToNeighbours(write, entry);
      return;
    }
    const routes = routesOf(this.parts.membership.active(), this.parts.membership.self);
    for (const { member, via } of routes) {
      member.window.add(entry.seq, write, via?.id ?? null, member.status?.full === true);
    }
    for (const { member, via, relays } of routes) {
      if (via !== null) continue;
      const isQueued = member.link?.sendValue({ type: relays ? 'relay' : 'write', entry }) === true;
      if (!isQueued) this.lost(member);
    }
    this.judge([write]);
  }

  /**
   * Where there is one host nothing is relayed: the same without routes, on the path of most
   * writes.
   */
  private sendToNeighbours(write: PendingWrite, entry: Entry): void {
    const message = { type: 'write', entry } as const;
    for (const member of this.parts.membership.active()) {
      if (member.link !== null) member.window.add(entry.seq, write, null, member.status?.full === true);
    }
    for (const member of this.parts.membership.active()) {
      if (member.link?.sendValue(message) === false) this.lost(member);
    }
    this.judge([write]);
  }

  acknowledged(from: Member, seq: number, status: AckStatus): void {
    from.window.acknowledgedAtMs = this.parts.stage.now.monoMs;
    const write = from.window.take(seq);
    if (write !== null) {
      if (status === 'held') {
        const { cluster, log } = this.parts;
        write.addCopy(from.identity);
        log.unshared.isHeld(seq, cluster.isElsewhere(from.identity));
      }
      this.judge([write]);
    }
    if (from.window.caughtUp() && from.window.tells.ended()) {
      this.parts.stage.sink.notify({ kind: 'peer-caught-up', id: from.id, name: from.identity.name });
    }
  }

  /**
   * Nothing more will come from this member on its link: writes stop counting on it, and go around
   * it.
   */
  lost(member: Member): void {
    this.judge(member.window.clear());
    for (const other of this.parts.membership.active()) this.bypass(other, member.id);
  }

  tick(): void {
    const { monoMs } = this.parts.stage.now;
    const abandonAfterMs = 2 * this.parts.tracker.timeoutMs;
    for (const member of this.parts.membership.all()) {
      if (member.window.size === 0) continue;
      this.judge(member.window.abandon(monoMs - abandonAfterMs));
      if (monoMs >= this.silentAtMs(member)) this.judge(member.window.markSilent());
      if (monoMs < this.deadlineMs(member)) continue;
      const relay = member.window.oldestVia;
      const sinceMs = member.window.lagging ? monoMs - TIMING.ackWindowRemoteMaxMs : Infinity;
      if (relay !== null) this.bypass(member, relay, sinceMs);
      else this.markLagging(member, this.windowMs(member));
    }
    this.parts.tracker.expire(monoMs);
  }

  nextDeadlineMs(): number {
    let next = this.parts.tracker.nextDeadlineMs();
    for (const member of this.parts.membership.all()) {
      if (member.window.size > 0) next = Math.min(next, this.deadlineMs(member), this.silentAtMs(member));
    }
    return next;
  }

  /** Something came from this member: its acknowledgements are hoped for again. */
  heard(member: Member): void {
    member.window.silent = false;
  }

  /** This node was paused: the peers' silence in that time is not held against them. */
  forgive(): void {
    for (const member of this.parts.membership.all()) member.window.forgive(this.parts.stage.now.monoMs);
  }

  private markLagging(member: Member, windowMs: number): void {
    this.judge(member.window.markLagging());
    const times = member.window.tells.began(this.parts.stage.now.monoMs);
    if (times === null) return;
    const { id, identity } = member;
    this.parts.stage.sink.notify({ kind: 'peer-lagging', id, name: identity.name, windowMs, times });
  }

  /**
   * Sends directly what `relay` was given by `sinceMs` and should have passed on to `member`,
   * unless it was overwritten or is over. One of that host passes it on, to the silent relay too:
   * readers come there as well.
   */
  private bypass(member: Member, relay: NodeId, sinceMs = Infinity): void {
    const { store, log, membership, stage } = this.parts;
    const type = this.isFirstBeside(relay, member) ? 'relay' : 'write';
    for (const seq of member.window.reroute(relay, stage.now.monoMs, sinceMs)) {
      const key = log.keyOf(seq) ?? '';
      const known = store.known(key);
      const isNewest = known?.seq === seq && known.origin === membership.self.id;
      const entry = isNewest ? store.peek(key) : undefined;
      const isQueued = entry !== undefined && member.link?.sendValue({ type, entry }) === true;
      if (isQueued) continue;
      const write = member.window.take(seq);
      if (write !== null) this.judge([write]);
    }
  }

  private isFirstBeside(relay: NodeId, member: Member): boolean {
    const { hostId } = member.identity;
    const isBeside = ({ id, link, identity }: Member): boolean =>
      id !== relay && link !== null && identity.hostId === hostId;
    return this.parts.membership.active().find(isBeside) === member;
  }

  private judge(writes: readonly PendingWrite[]): void {
    for (const write of writes) this.parts.tracker.judge(write);
  }

  /**
   * Nobody waits for a lagging member. Its relay is gone around only when that lags too and has
   * acknowledged nothing for the longest window: one that is slow passes on all the same.
   */
  private deadlineMs(member: Member): number {
    const { window } = member;
    if (!window.lagging) return window.deadlineMs(this.windowMs(member));
    const relay = this.parts.membership.get(window.oldestVia ?? '');
    if (relay?.window.lagging !== true) return Infinity;
    const longestMs = TIMING.ackWindowRemoteMaxMs;
    return Math.max(window.deadlineMs(longestMs), relay.window.acknowledgedAtMs + longestMs);
  }

  private silentAtMs({ window, lastSeenMs }: Member): number {
    return window.silentAtMs(lastSeenMs ?? -Infinity);
  }

  private windowMs(member: Member): number {
    return ackWindowMs(this.parts.membership.sameHost(member.identity), member.roundTrip.srttMs);
  }
}
