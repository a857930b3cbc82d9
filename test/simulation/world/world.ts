// One simulated world: hosts, nodes, network, faults, and the watchers of all of it. Same scenario,
// seed and core: same run, event for event.
import { CONFIGURED_SOURCE } from '../../../src/core/discovery/places';
import type { CoreNodeOptions } from '../../../src/core/node/core-node';
import type { Endpoint } from '../../../src/core/base/identity';
import type { CoreSettings } from '../../../src/core/base/settings';
import type { Checker } from '../checkers/checker';
import { NodeClock, WallClock } from './clock';
import type { Ending } from '../run/endings';
import { EventQueue } from './event-queue';
import { Faults } from '../faults/faults';
import { History } from '../run/history';
import { Inheritance } from './inheritance';
import { Network } from './network';
import { Prng } from './prng';
import { nodesOf, type Scenario } from '../run/scenario';
import { SimNode } from './sim-node';
import type { Host } from './surroundings';
import type { CoreFactory } from './simulated-core';
import { Watch } from '../run/watch';
import { type Reader, readersOf } from '../run/readers';

const PORT_BASE = 10_000;
/** Ports that a host's nodes try, at least. */
const PORTS_MIN = 8;
/** Added per host to its ports where a scenario maps them. */
const PORT_SHIFT = 1000;
const DRIFT_MAX_PPM = 200;
/** A monotonic clock may show up to this when a process starts. */
const MONO_START_MAX_MS = 5_000_000;

export class World {
  readonly queue = new EventQueue();
  readonly history: History;
  readonly network: Network;
  readonly faults: Faults;
  /** Of changes. */
  readonly readers: readonly Reader[];
  readonly watch: Watch;
  readonly hosts: readonly Host[];
  readonly settings: CoreSettings;
  /** All nodes ever started. */
  readonly nodes: SimNode[] = [];
  readonly crashes: { readonly node: SimNode; readonly atMs: number; readonly wasWhole: boolean }[] = [];
  /** True time for which machines stood still with all their clocks so far. */
  frozenMs = 0;
  private readonly inheritance = new Inheritance();
  private readonly prng: Prng;

  constructor(
    readonly scenario: Scenario,
    seed: number,
    private readonly makeCore: CoreFactory,
    checkers: readonly Checker[],
  ) {
    this.prng = new Prng(seed);
    this.settings = settingsOf(scenario);
    this.history = new History(this.settings.clockOffsetMaxMs);
    this.hosts = scenario.hosts.map((_, index) => this.newHost(index));
    const slowStart = { fromMs: scenario.lastStartsAtMs ?? 0, byMs: scenario.slowStartMs };
    const { weather, line } = scenario;
    this.network = new Network(this.queue, this.prng.fork(), this.hosts, weather, line, slowStart);
    this.watch = new Watch(this, checkers);
    if (scenario.strangers) {
      this.network.listen(this.hosts[0], PORT_BASE + 1, { cluster: null });
      this.network.listen(this.hosts[0], PORT_BASE + 3, { cluster: 'another' });
    }
    this.readers = readersOf(this, seed);
    this.faults = new Faults(this, this.prng.fork(), scenario.faults);
    this.startAll();
  }

  /** A stream of randomness for a further concern. */
  forkPrng(): Prng {
    return this.prng.fork();
  }

  live(): SimNode[] {
    return this.nodes.filter((node) => node.state !== 'gone');
  }

  /**
   * Starts a node with a fresh id and an empty memory, on `port` if that is free, else on the first
   * free one.
   */
  start(host: Host, port: number | null, given: CoreSettings = this.settings): SimNode {
    const gone = this.nodes.filter((node) => node.host === host && node.state === 'gone').map(({ id }) => id);
    const settings = { ...given, inherited: this.inheritance.of(host, gone, this.queue.nowMs) };
    const listenPort = this.freePort(host, port);
    const identity = {
      id: this.prng.id(),
      name: `h${host.index}-${listenPort}-${this.nodes.length}`,
      cluster: 'simulated',
      hostId: host.hostId,
      listenPort,
      advertisedPort: listenPort + host.portShift,
      addresses: [],
    };
    const monoStartMs = this.prng.between(0, MONO_START_MAX_MS);
    const driftPpm = this.prng.between(-DRIFT_MAX_PPM, DRIFT_MAX_PPM);
    const clock = new NodeClock(host.wall, monoStartMs, driftPpm);
    const now = clock.now(this.queue.nowMs);
    const changed = (): void => node.changed();
    const hooks: Pick<CoreNodeOptions, 'onStored' | 'onEnded' | 'onCameOver' | 'onUnsure'> = {
      onStored: (entry) => {
        changed();
        for (const reader of this.readers) reader.stored(node, entry);
      },
      onUnsure: () => {
        for (const reader of this.readers) reader.unsure(node);
      },
      onCameOver: (ended) => {
        for (const reader of this.readers) reader.ended(node, ended);
      },
      onEnded: (ended) => {
        changed();
        for (const reader of this.readers) reader.ended(node, ended);
      },
    };
    const core = this.makeCore({ settings, identity, seed: this.prng.next(), now, ...hooks });
    const node: SimNode = new SimNode(identity, host, core, settings, clock, {
      queue: this.queue,
      prng: this.prng.fork(),
      wires: this.network,
      observer: this.watch,
    });
    this.nodes.push(node);
    this.network.listen(host, listenPort, node);
    this.tellCandidates(node);
    return node;
  }

  private freePort(host: Host, wanted: number | null): number {
    const range = Array.from({ length: portsOf(this.scenario) }, (_, i) => PORT_BASE + i);
    const claims = wanted === null ? range : [wanted, ...range];
    const found = claims.find((claim) => this.network.isFree(host, claim));
    if (found === undefined) throw new Error('no free port in the simulated range');
    return found;
  }

  /** The process ends at once. */
  crash(node: SimNode, ending: Ending = 'closed'): void {
    const crash = { node, atMs: this.queue.nowMs, wasWhole: this.isWhole() };
    this.inheritance.ends(node, this.queue.nowMs);
    node.crash();
    this.network.remove(node, ending);
    this.crashes.push(crash);
    for (const reader of this.readers) reader.lost(node);
    this.watch.lost(node);
  }

  /** As many nodes as there are meant to be run, and all call themselves ready. */
  isWhole(): boolean {
    const running = this.nodes.filter((node) => node.state === 'running' && !node.leaving);
    return (
      running.length === nodesOf(this.scenario) &&
      running.every((node) => node.core.report().state === 'ready')
    );
  }

  private startAll(): void {
    const { startSpreadMs, lastStartsAtMs, lastNodes } = this.scenario;
    const places = this.scenario.hosts.flatMap((nodes, i) =>
      Array.from({ length: nodes }, () => this.hosts[i]),
    );
    places.forEach((host, i) => {
      const isLate = lastStartsAtMs !== null && i >= places.length - lastNodes;
      const atMs = isLate ? lastStartsAtMs : this.prng.between(0, startSpreadMs);
      const isSmall = this.scenario.isLastSmall && i === places.length - 1;
      this.queue.at(atMs, () => this.start(host, null, isSmall ? this.smallSettings() : this.settings));
    });
  }

  private newHost(index: number): Host {
    const portShift = this.scenario.portsMapped ? PORT_SHIFT * (index + 1) : 0;
    const address = `10.0.0.${index + 1}`;
    return { index, address, hostId: this.prng.id(), portShift, wall: this.newWallClock(index) };
  }

  private newWallClock(index: number): WallClock {
    const { skewMaxMs, outlierSkewMs } = this.scenario;
    const skewMs = this.prng.between(-skewMaxMs, skewMaxMs);
    const driftPpm = this.prng.between(-DRIFT_MAX_PPM, DRIFT_MAX_PPM);
    return new WallClock(index === 0 && outlierSkewMs !== null ? outlierSkewMs : skewMs, driftPpm);
  }

  private smallSettings(): CoreSettings {
    return { ...this.settings, storageBytesMax: this.settings.storageBytesMax / 10 };
  }

  private tellCandidates(node: SimNode): void {
    const ports = portsOf(this.scenario);
    const range = (address: string, shift: number): Endpoint[] =>
      Array.from({ length: ports }, (_, i) => ({ address, port: PORT_BASE + shift + i }));
    const knowsRange = this.scenario.hostsKnownBy === 'range';
    const endpoints = this.hosts
      .filter((host) => host !== node.host && (knowsRange || host.index === 0))
      .flatMap((host) => range(host.address, host.portShift).slice(0, knowsRange ? ports : 1));
    node.submit({ kind: 'candidates', source: 'port-range', endpoints: range('127.0.0.1', 0) });
    const source = knowsRange ? 'hosts' : CONFIGURED_SOURCE;
    if (endpoints.length > 0) node.submit({ kind: 'candidates', source, endpoints });
  }
}

function portsOf({ hosts }: Scenario): number {
  return Math.max(PORTS_MIN, ...hosts);
}

function settingsOf(scenario: Scenario): CoreSettings {
  return {
    ttlMinMs: 100,
    ttlMaxMs: 600_000,
    valueBytesMax: 10 * 1024 * 1024,
    storageBytesMax: 256 * 1024 * 1024,
    queueBytesMax: 256 * 1024 * 1024,
    assemblyBytesMax: 64 * 1024 * 1024,
    replicationFactor: 3,
    expectedNodesMin: Math.max(...scenario.hosts),
    expectedHostsMin: scenario.hosts.length,
    writeTimeoutMs: 2000,
    clockOffsetMaxMs: 10_000,
    ...scenario.settings,
  };
}
