// One conversation: a few honest nodes that hold values, one to eight hostile peers, and whatever a
// seed makes of it. Afterwards the peers are gone, and the nodes must be as if they had never been
// there.
import type { NodeIdentity } from '../../src/core/base/identity';
import { Prng } from '../simulation/world/prng';
import { productCore, type CoreFactory } from '../simulation/world/simulated-core';
import { VICTIM_SETTINGS } from '../support/core/victim';
import { HostilePeer, SECRET_PREFIX } from './hostile-peer';
import { overgrown, problemsOf, untellable } from './invariants';
import { VALUE_BYTES_MAX, type Knowledge } from './messages';
import type { FuzzNode } from './scene';
import { Scene } from './scene';
import { Values, type Kind } from './values';

const NODES = 3;
const SETTINGS = {
  ...VICTIM_SETTINGS,
  // Peers may bring more than clients.
  valueBytesMax: VALUE_BYTES_MAX / 4,
  storageBytesMax: 64 * 1024 * 1024,
  expectedNodesMin: NODES,
};
const TREASURE_TTL_MS = 3_600_000;
/** Nodes of so many milliseconds believe nobody about the time before they began. */
const SETTLED_MS = 61_000;
/** Virtual time after which nodes that were left alone must agree. */
const QUIET_MS_MAX = 240_000;

export interface Outcome {
  readonly seed: number;
  readonly problems: readonly string[];
  readonly frames: number;
  readonly virtualMs: number;
}

interface Treasure {
  readonly node: FuzzNode;
  readonly requestId: number;
  readonly key: string;
  readonly value: string;
  readonly untilMs: number;
}

export function converse(seed: number, makeCore: CoreFactory = productCore): Outcome {
  const conversation = new Conversation(seed, makeCore);
  conversation.run();
  return conversation.outcome();
}

class Conversation {
  private readonly prng: Prng;
  private readonly fixation: Kind | null;
  private readonly isSettled: boolean;
  private readonly scene = new Scene();
  private readonly peers: HostilePeer[] = [];
  private readonly treasures: Treasure[] = [];
  private readonly startedMs = this.scene.nowMs;

  constructor(
    private readonly seed: number,
    private readonly makeCore: CoreFactory,
  ) {
    this.prng = new Prng(seed);
    this.fixation = this.prng.pick([null, null, null, 'sequence', 'figure', 'incarnation']);
    this.isSettled = this.prng.chance(0.5);
  }

  run(): void {
    for (let index = 0; index < NODES; index += 1) {
      this.scene.addNode(
        identity(this.prng.id(), index, 'host-a'),
        SETTINGS,
        this.prng.next(),
        this.makeCore,
      );
    }
    this.scene.advance(this.isSettled ? SETTLED_MS : 3000);
    for (let each = 0; each < 3; each += 1) this.putTreasure();
    this.scene.advance(500);
    this.meetStrangers();
    const steps = 20 + this.prng.below(100);
    for (let step = 0; step < steps && this.isWell; step += 1) this.step();
    this.examine();
    this.leaveAlone();
  }

  outcome(): Outcome {
    const frames = this.peers.reduce((sum, { sent }) => sum + sent, 0);
    const { problems, nowMs } = this.scene;
    return { seed: this.seed, problems, frames, virtualMs: nowMs - this.startedMs };
  }

  private get isWell(): boolean {
    return this.scene.problems.length === 0;
  }

  private meetStrangers(): void {
    const count = 1 + this.prng.below(8);
    const identities = Array.from({ length: count }, (_, index) => {
      const at = this.prng.chance(0.1) ? this.prng.below(NODES) : NODES + index;
      return identity(this.prng.id(), at, this.prng.pick(['host-a', 'host-a', 'host-b', 'host-c']));
    });
    identities.forEach((each, index) => this.peers.push(this.stranger(each, index, identities)));
    for (const peer of this.peers) this.link(peer);
  }

  private stranger(own: NodeIdentity, index: number, all: readonly NodeIdentity[]): HostilePeer {
    const { scene } = this;
    const ids = [own, ...scene.nodes.map((node) => node.identity), ...all].map(({ id }) => id);
    const known: Knowledge = {
      ids: [...ids, '0'.repeat(16), 'f'.repeat(16)],
      hostIds: ['host-a', 'host-b', 'host-c'],
      addresses: ['', '127.0.0.1', '10.0.0.9', '169.254.169.254', '::1', 'fe80::1%eth0'],
      ports: [...scene.nodes.map((node) => node.identity.listenPort), 1, 9003],
      keys: ['a', 'b', 'c', 'ü', `k${index}`],
      rootOf: () => rootOf(scene.nodes[0]),
      leaves: () => new Int32Array(8192),
      nowMs: () => scene.nowMs,
      lies: this.prng.chance(0.5),
      tellsTimes: this.isSettled,
      heard: { pings: [], sessions: [], requests: [], writes: [] },
    };
    const values = new Values(this.prng.fork(), () => scene.wallMs, this.fixation);
    return new HostilePeer(own, values, known, this.makeCore === productCore);
  }

  private link(peer: HostilePeer): void {
    const node = this.prng.chance(0.7) ? this.scene.nodes[0] : this.prng.pick(this.scene.nodes);
    this.scene.connect(peer, node);
  }

  private step(): void {
    const { prng, scene } = this;
    const peer = prng.pick(this.peers);
    const dice = prng.below(100);
    if (dice < 62) this.speak(peer);
    else if (dice < 66) for (let times = prng.below(20); times > 0; times -= 1) this.speak(peer);
    else if (dice < 70 && peer.remembered.length > 0) prng.pick(this.peers).say(prng.pick(peer.remembered));
    else if (dice < 76) this.putTreasure();
    else if (dice < 79)
      prng
        .pick(scene.nodes)
        .fetch('absent', prng.chance(0.5) ? null : prng.pick([0, 1, 2 ** 52, 2 ** 53 - 1]));
    else if (dice < 81) peer.leave();
    else if (dice < 82) peer.reads = !peer.reads;
    else if (dice < 83) this.overwhelm(peer);
    else if (dice < 88) scene.advance(1000 + prng.below(10_000));
    else if (dice < 89) scene.jump(prng.pick([150, 5000, 60_000]));
    else if (dice < 90) scene.setClocks(prng.pick([3_600_000, 30_000, 4000, -4000, -60_000]));
    scene.advance(prng.pick([0, 1, 10, 100, 300]));
    if (this.isWell) this.listen();
  }

  private listen(): void {
    for (const node of this.scene.nodes) {
      const { core } = node;
      for (const what of untellable({ core, now: () => node.now() })) node.misdoes(what);
    }
  }

  private weigh(): void {
    for (const node of this.scene.nodes)
      for (const what of overgrown(node.core)) node.misdoes(`grows: ${what}`);
  }

  private speak(peer: HostilePeer): void {
    if (!peer.isLinked) this.link(peer);
    peer.say(peer.makeFrame());
  }

  private overwhelm(peer: HostilePeer): void {
    if (!peer.isLinked) this.link(peer);
    for (let floods = 0; floods < 2; floods += 1) peer.say(peer.makeFlood());
    this.scene.later(() => this.weigh());
    this.scene.advance(2);
  }

  private putTreasure(): void {
    const node = this.prng.pick(this.scene.nodes);
    const key = `${SECRET_PREFIX}-${this.treasures.length}`;
    const value = this.prng.id();
    const requestId = node.put(key, value, TREASURE_TTL_MS);
    this.treasures.push({
      node,
      requestId,
      key,
      value,
      untilMs: this.scene.nowMs + TREASURE_TTL_MS - 60_000,
    });
  }

  private examine(): void {
    if (!this.isWell) return;
    this.weigh();
    for (const node of this.scene.nodes) {
      const { core } = node;
      for (const problem of problemsOf({ core, now: () => node.now() })) node.misdoes(problem);
    }
    for (const treasure of this.kept()) this.expectReadable(treasure, treasure.node);
  }

  /** What was answered as held or stored, and whose time is not up. */
  private kept(): Treasure[] {
    return this.treasures.filter(({ node, requestId, untilMs }) => {
      const kind = node.puts.get(requestId)?.kind;
      return (kind === 'held' || kind === 'stored') && this.scene.nowMs < untilMs;
    });
  }

  private expectReadable({ key, value }: Treasure, node: FuzzNode): void {
    const found = node.read(key);
    if (found !== value) node.misdoes(`answers ${String(found)} for ${key}, which is ${value}`);
  }

  /** The peers go; the nodes find each other, agree, hold everything, and take writes. */
  private leaveAlone(): void {
    const { scene } = this;
    for (const peer of this.peers) peer.leave();
    scene.advance(10_000);
    this.putTreasure();
    for (let quietMs = 0; quietMs < QUIET_MS_MAX && this.isWell && !this.agree(); quietMs += 1000)
      scene.advance(1000);
    if (!this.isWell) return;
    if (!this.agree()) scene.problems.push(`the nodes do not agree: ${this.differences()}`);
    this.examine();
    for (const treasure of this.kept()) for (const node of scene.nodes) this.expectReadable(treasure, node);
    const last = this.treasures[this.treasures.length - 1];
    if (!last.node.puts.has(last.requestId)) last.node.misdoes('does not answer a write');
  }

  private agree(): boolean {
    const { nodes } = this.scene;
    const roots = new Set(nodes.map(({ core }) => core.report().storage.root));
    return roots.size === 1 && nodes.every((node) => this.sees(node).length === NODES - 1);
  }

  /** The other nodes that it sees alive, with a link. */
  private sees(node: FuzzNode): string[] {
    const ids = new Set(this.scene.nodes.map(({ identity: { id } }) => id));
    return node.core
      .members(node.now())
      .filter(({ id, state, reach }) => ids.has(id) && state === 'alive' && reach === 'direct')
      .map(({ name }) => name);
  }

  private differences(): string {
    return this.scene.nodes
      .map((node) => {
        const { root, keys, stubs } = node.core.report().storage;
        return `${node.identity.name} ${root} ${keys}+${stubs} sees ${this.sees(node).join(' ')}`;
      })
      .join('; ');
  }
}

function rootOf({ core }: FuzzNode): { a: number; b: number } {
  const { root } = core.report().storage;
  return { a: Number.parseInt(root.slice(0, 8), 16) | 0, b: Number.parseInt(root.slice(8), 16) | 0 };
}

function identity(id: string, index: number, hostId: string): NodeIdentity {
  const port = 9000 + index;
  const name = `${hostId}-${index}`;
  return { id, name, cluster: 'test', hostId, listenPort: port, advertisedPort: port, addresses: [] };
}
