// The network as this page has seen it: what one node tells of itself and of all others, second
// after second, and what its stream says in between.
//
// A node is shown by its place (host and port), not by its id: a process that was killed and has
// come back has a new id and the same place. So its plots go on and its return is seen.
//
// Nothing here knows a socket or a clock: it is handed looks, events and times.
import type { Look, MemberState, PeerFacts, SelfFacts } from '../facts/facts';
import { History, UNKNOWN } from './history';
import type { Reading } from './history';
import { placeOf } from './node-seen';
import type { Health, NodeSeen } from './node-seen';
import { TotalsHistory, totalsOf } from './totals';
import { Transitions } from './transitions';

/** One line of the stream about a member. */
export interface MemberChange {
  readonly id: string;
  readonly from: MemberState | null;
  readonly to: MemberState | 'forgotten';
  readonly reason: string | null;
}

export class Network {
  readonly transitions = new Transitions();
  readonly totals = new TotalsHistory();
  /** In the order in which they were first seen; those of the first look by host and port. */
  private nodes = new Map<string, NodeSeen>();
  private readonly changedAtMs = new Map<string, number>();
  private selfPlace = '';

  all(): readonly NodeSeen[] {
    return [...this.nodes.values()];
  }

  get(place: string): NodeSeen | undefined {
    return this.nodes.get(place);
  }

  /** The node that tells; undefined before the first look. */
  self(): NodeSeen | undefined {
    return this.nodes.get(this.selfPlace);
  }

  /**
   * Takes in what a node told.
   *
   * @param askedAtMs when it was asked: what the stream said since then is newer
   */
  look(look: Look, askedAtMs: number, nowMs: number): void {
    const isFirst = this.nodes.size === 0;
    const fresh = new Map([[placeOf(look.self), this.ownNode(look.self)]]);
    for (const peer of inOrder(look.peers)) {
      const place = placeOf(peer);
      const known = fresh.get(place);
      if (known === undefined || rank(peer.state) < rank(known.health)) {
        fresh.set(place, this.peerNode(peer, askedAtMs));
      }
    }
    this.selfPlace = placeOf(look.self);
    for (const node of fresh.values()) {
      if (!isFirst) this.transitions.compare(this.nodes.get(node.place), node, nowMs);
      node.history.add(nowMs, readingOf(node));
    }
    for (const gone of this.nodes.values()) {
      if (!fresh.has(gone.place)) this.transitions.forgotten(gone, nowMs);
    }
    this.nodes = keepOrder(this.nodes, fresh);
    this.totals.add(nowMs, totalsOf(this.all()));
    this.forgetOld(nowMs);
  }

  /** Takes in what the stream said. @returns whether anything is shown otherwise now */
  change({ id, from, to, reason }: MemberChange, nowMs: number): boolean {
    const node = this.all().find((each) => each.id === id);
    if (node === undefined || node.place === this.selfPlace) return false;
    // Another process may be at its place already: only the next look tells.
    if (to === 'forgotten') return false;
    this.changedAtMs.set(id, nowMs);
    if (node.health === to) return from !== null && this.transitions.explain(node, to, reason, nowMs);
    const changed = { ...node, health: to };
    this.nodes.set(node.place, changed);
    this.transitions.compare(node, changed, nowMs, reason);
    return true;
  }

  /** Repairs are told by a node itself only; this is what another one said when it was asked. */
  tellRepairs(self: SelfFacts): void {
    const node = this.nodes.get(placeOf(self));
    if (node?.id === self.id) this.nodes.set(node.place, { ...node, repairs: self.repairs });
  }

  private ownNode(self: SelfFacts): NodeSeen {
    const place = placeOf(self);
    return {
      place,
      id: self.id,
      name: self.name,
      address: '',
      port: self.port,
      host: self.host,
      health: ownHealth(self),
      peer: null,
      self,
      digest: self.digest,
      history: this.nodes.get(place)?.history ?? new History(),
      repairs: self.repairs,
    };
  }

  private peerNode(peer: PeerFacts, askedAtMs: number): NodeSeen {
    const place = placeOf(peer);
    const known = this.nodes.get(place);
    const isSame = known?.id === peer.id;
    const isOutdated = isSame && (this.changedAtMs.get(peer.id) ?? -Infinity) >= askedAtMs;
    return {
      place,
      id: peer.id,
      name: peer.name,
      address: peer.address,
      port: peer.port,
      host: peer.host,
      health: isOutdated ? known.health : peer.state,
      peer,
      self: null,
      digest: peer.digest,
      history: known?.history ?? new History(),
      repairs: isSame ? known.repairs : null,
    };
  }

  private forgetOld(nowMs: number): void {
    for (const [id, atMs] of this.changedAtMs) if (nowMs - atMs > 60_000) this.changedAtMs.delete(id);
  }
}

function ownHealth({ state }: SelfFacts): Health {
  switch (state) {
    case 'ready':
      return 'alive';
    case 'starting':
    case 'syncing':
      return 'syncing';
    case 'draining':
      return 'draining';
  }
}

/** Of two members at one place the better one is there now. */
function rank(health: Health): number {
  return ['alive', 'syncing', 'draining', 'suspect', 'left', 'dead'].indexOf(health);
}

function inOrder(peers: readonly PeerFacts[]): PeerFacts[] {
  return [...peers].sort((one, other) =>
    one.host === other.host ? one.port - other.port : one.host < other.host ? -1 : 1,
  );
}

function keepOrder(
  before: ReadonlyMap<string, NodeSeen>,
  fresh: ReadonlyMap<string, NodeSeen>,
): Map<string, NodeSeen> {
  const kept = [...before.keys()].map((place) => fresh.get(place)).filter((node) => node !== undefined);
  return new Map([...kept, ...fresh.values()].map((node) => [node.place, node]));
}

/** One that does not answer says nothing: what it told last is no reading of now. */
function readingOf(node: NodeSeen): Reading {
  const { digest, peer, self } = node;
  if (node.health === 'dead' || node.health === 'left' || digest === null) return UNKNOWN;
  return {
    writes: digest.writesPerSecond,
    reads: digest.readsPerSecond,
    keys: digest.keys,
    usedBytes: digest.usedBytes,
    missing: digest.missingWrites,
    loopDelayMs: digest.loopDelayMs,
    rttMs: peer?.rttMs ?? null,
    clockOffsetMs: self === null ? (peer?.clockOffsetMs ?? null) : self.clockOffsetMs,
  };
}
