// A few real cores in virtual time, linked to each other and to peers that say what they like.
// Links are streams with a fixed delay. Everything a node does is checked as it does it; what is
// wrong ends up in `problems`.
import type { Endpoint, NodeIdentity } from '../../src/core/base/identity';
import type {
  CloseReason,
  EffectSink,
  FetchOutcome,
  Notification,
  PutOutcome,
} from '../../src/core/base/effects';
import type { Input, LinkId } from '../../src/core/base/inputs';
import { LIMITS } from '../../src/core/base/limits';
import type { CoreSettings } from '../../src/core/base/settings';
import type { Now } from '../../src/core/base/now';
import type { CoreFactory, SimulatedCore } from '../simulation/world/simulated-core';
import { wholeFrame } from '../support/core/whole-frame';

const DELAY_MS = 1;
/** One turn of an event loop that only calls the core again at once. */
const TURN_MS = 0.05;
const TURNS_AT_ONCE_MAX = 20_000;
/** Longest that one call may keep a processor busy, milliseconds. */
const CALL_MS_MAX = 1500;

export interface Party {
  readonly identity: NodeIdentity;
  linkUp(link: LinkId, wire: Wire, isDialler: boolean): void;
  frame(link: LinkId, bytes: Uint8Array): void;
  linkDown(link: LinkId): void;
}

interface End {
  readonly party: Party;
  readonly linkId: LinkId;
}

export class Wire {
  isOpen = true;

  constructor(
    private readonly scene: Scene,
    readonly ends: readonly [End, End],
  ) {}

  send(from: Party, bytes: Uint8Array): void {
    const { party, linkId } = this.other(from);
    this.scene.later(() => {
      if (this.isOpen) party.frame(linkId, bytes);
    });
  }

  close(): void {
    this.scene.later(() => {
      if (!this.isOpen) return;
      this.isOpen = false;
      for (const { party, linkId } of this.ends) party.linkDown(linkId);
    });
  }

  other(party: Party): End {
    return this.ends[0].party === party ? this.ends[1] : this.ends[0];
  }
}

export class Scene {
  readonly nodes: FuzzNode[] = [];
  readonly problems: string[] = [];
  nowMs = 100_000;
  wallMs = 1_800_000_000_000;
  private readonly events: { readonly atMs: number; readonly happen: () => void }[] = [];
  private links = 0;

  /** Adds a node that looks for the ones before it. */
  addNode(identity: NodeIdentity, settings: CoreSettings, seed: number, makeCore: CoreFactory): FuzzNode {
    const node = new FuzzNode(this, identity, settings, seed, makeCore);
    const endpoints = this.nodes.map(({ identity: { listenPort: port } }) => ({
      address: '127.0.0.1',
      port,
    }));
    this.nodes.push(node);
    node.input({ kind: 'candidates', source: 'port-range', endpoints });
    return node;
  }

  later(happen: () => void): void {
    this.events.push({ atMs: this.nowMs + DELAY_MS, happen });
  }

  connect(dialler: Party, listener: Party): Wire {
    const [a, b] = [(this.links += 1), (this.links += 1)];
    const wire: Wire = new Wire(this, [
      { party: dialler, linkId: a },
      { party: listener, linkId: b },
    ]);
    dialler.linkUp(a, wire, true);
    listener.linkUp(b, wire, false);
    return wire;
  }

  nodeAt({ address, port }: Endpoint): FuzzNode | undefined {
    return address === '127.0.0.1'
      ? this.nodes.find(({ identity }) => identity.listenPort === port)
      : undefined;
  }

  /** Lets time pass as the runtime and the network would. */
  advance(ms: number): void {
    const endMs = this.nowMs + ms;
    for (let turns = 0; this.problems.length === 0; turns += 1) {
      const due = this.nodes.reduce((first, node) => (node.deadlineMs < first.deadlineMs ? node : first));
      const eventMs = this.events[0]?.atMs ?? Infinity;
      const nextMs = Math.min(due.deadlineMs, eventMs);
      if (nextMs > endMs) break;
      this.moveTo(Math.max(nextMs, this.nowMs + (turns % 16 === 15 ? TURN_MS : 0)));
      if (eventMs <= due.deadlineMs) this.events.shift()?.happen();
      else due.tick();
      if (turns > TURNS_AT_ONCE_MAX * (1 + ms / 100)) this.problems.push('time does not pass');
    }
    this.moveTo(Math.max(endMs, this.nowMs));
  }

  /** Everything stands still for a while, the machine included. */
  jump(ms: number): void {
    this.moveTo(this.nowMs + ms);
  }

  /** Somebody sets the wall clock that all nodes share. */
  setClocks(byMs: number): void {
    this.wallMs += byMs;
  }

  private moveTo(ms: number): void {
    this.wallMs += ms - this.nowMs;
    this.nowMs = ms;
  }
}

/** A node as the runtime drives it. */
export class FuzzNode implements Party, EffectSink {
  readonly core: SimulatedCore;
  deadlineMs: number;
  readonly puts = new Map<number, PutOutcome>();
  sentFrames = 0;
  private readonly wires = new Map<LinkId, Wire>();
  private requests = 0;

  constructor(
    private readonly scene: Scene,
    readonly identity: NodeIdentity,
    settings: CoreSettings,
    seed: number,
    makeCore: CoreFactory,
  ) {
    this.deadlineMs = scene.nowMs;
    this.core = makeCore({ settings, identity, seed, now: this.now() });
  }

  now(): Now {
    return { monoMs: this.scene.nowMs, wallMs: this.scene.wallMs };
  }

  input(input: Input): void {
    this.calling(() => this.core.handle(input, this.now(), this));
  }

  tick(): void {
    this.deadlineMs = Infinity;
    this.calling(() => this.core.tick(this.now(), this));
  }

  put(key: string, value: string, ttlMs: number): number {
    this.requests += 1;
    const [bytes, valueBytes] = [Buffer.from(key), Uint8Array.from(Buffer.from(value))];
    const level = 'quorum';
    this.input({ kind: 'put', requestId: this.requests, key: bytes, value: valueBytes, ttlMs, level });
    return this.requests;
  }

  fetch(key: string, hlc: number | null): void {
    this.requests += 1;
    const minVersion = hlc === null ? null : { hlc, origin: this.identity.id };
    this.input({ kind: 'fetch', requestId: this.requests, key: Buffer.from(key), minVersion });
  }

  read(key: string): string | null {
    const record = this.core.read(Buffer.from(key), this.now());
    return record === null ? null : Buffer.from(record.value).toString();
  }

  linkUp(linkId: LinkId, wire: Wire, isDialler: boolean): void {
    this.wires.set(linkId, wire);
    const { identity } = wire.other(this).party;
    const port = isDialler ? identity.listenPort : 50_000;
    const direction = isDialler ? 'outbound' : 'inbound';
    const address = identity.hostId === this.identity.hostId ? '127.0.0.1' : '10.0.0.9';
    this.input({ kind: 'link-up', linkId, direction, identity, endpoint: { address, port } });
  }

  /** Lent: what the core keeps of it must be a copy. */
  frame(linkId: LinkId, bytes: Uint8Array): void {
    const lent = Buffer.from(bytes);
    this.input({ kind: 'frame', linkId, bytes: lent, isLent: true });
    lent.fill(0xff);
  }

  linkDown(linkId: LinkId): void {
    this.wires.delete(linkId);
    this.input({ kind: 'link-down', linkId });
  }

  flushed(linkId: LinkId, bytes: number): void {
    this.input({ kind: 'link-flushed', linkId, bytes });
  }

  send(linkId: LinkId, begin: Uint8Array, shared?: Uint8Array): void {
    const frame = wholeFrame(begin, shared);
    this.sentFrames += 1;
    if (frame.byteLength > LIMITS.frameBytesMax) this.misdoes(`sends a frame of ${frame.byteLength} bytes`);
    const wire = this.wires.get(linkId);
    const party = wire?.other(this).party;
    wire?.send(this, frame);
    if (party instanceof FuzzNode) this.scene.later(() => this.flushed(linkId, frame.byteLength));
  }

  close(linkId: LinkId, _reason: CloseReason): void {
    this.wires.get(linkId)?.close();
  }

  dial(endpoint: Endpoint): void {
    const listener = this.scene.nodeAt(endpoint);
    this.scene.later(() => {
      if (listener === undefined) this.input({ kind: 'dial-failed', endpoint, failure: 'refused' });
      else if (listener === this) this.input({ kind: 'dial-failed', endpoint, failure: 'self' });
      else this.scene.connect(this, listener);
    });
  }

  probe(endpoint: Endpoint): void {
    const id = this.scene.nodeAt(endpoint)?.identity.id;
    const outcome = id === undefined ? ({ kind: 'refused' } as const) : ({ kind: 'peer', id } as const);
    this.scene.later(() => this.input({ kind: 'probe-result', endpoint, outcome }));
  }

  settlePut(requestId: number, outcome: PutOutcome): void {
    if (this.puts.has(requestId)) this.misdoes(`settles write ${requestId} twice`);
    this.puts.set(requestId, outcome);
  }

  settleFetch(_requestId: number, _outcome: FetchOutcome): void {
    // Whatever was found: what matters is that the core goes on.
  }

  notify(notification: Notification): void {
    if (notification.kind !== 'frame-invalid') return;
    const honest = this.scene.nodes.find(({ identity }) => identity.id === notification.from);
    if (honest !== undefined) honest.misdoes(`sends ${this.identity.name} ${notification.problem}`);
  }

  misdoes(what: string): void {
    this.scene.problems.push(`${this.identity.name} ${what}`);
  }

  private calling(call: () => number): void {
    if (this.scene.problems.length > 0) return;
    const before = process.cpuUsage();
    try {
      const deadlineMs = call();
      if (Number.isNaN(deadlineMs)) this.misdoes('asks to be called at a time that is no number');
      this.deadlineMs = Math.min(this.deadlineMs, deadlineMs);
    } catch (error) {
      this.misdoes(`throws ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
    const tookMs = process.cpuUsage(before).user / 1000;
    if (tookMs > CALL_MS_MAX) this.misdoes(`takes ${Math.round(tookMs)} ms for one call`);
  }
}
