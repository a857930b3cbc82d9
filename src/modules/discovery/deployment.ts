// What is known of this application on the Flux platform: where its instances are, how they are built, and which of them
// is this one. Facts go in as they are heard, and endpoints worth a probe come out. Pure, and bounded.
//
// The list of instances is a claim of placement, not of health: rows outlive their instance for hours, and two answers
// differ. So an address stays until it was missing from many answers that named others; no answer and an empty one say nothing.
import type { PortPair } from '../../config/addresses';
import type { NodeSettings } from '../../config/settings';
import type { Endpoint, Reach } from '../../runtime/node-view';
import type { Component, Specification } from './platform-answers';
import { portRange } from './port-range';

/** Answers in a row that must leave an address out: ten minutes of one every 30 s. */
const MISSING_ANSWERS_MAX = 20;
const ADDRESSES_MAX = 128;
/** Leaves room for other sources among the candidates that the core remembers. */
const ENDPOINTS_MAX = 768;

type DeploymentSettings = Pick<
  NodeSettings,
  'appName' | 'address' | 'hostAddress' | 'advertisePorts' | 'basePort' | 'maxPorts'
>;

export class Deployment {
  private answers = 0;
  /** By address: the number of the last answer that named it. */
  private readonly lastNamed = new Map<string, number>();
  private specification: Specification | null = null;
  private told: string | null = null;

  constructor(private readonly settings: DeploymentSettings) {}

  heardLocations(addresses: readonly string[]): void {
    if (addresses.length === 0) return;
    this.answers += 1;
    for (const address of addresses) {
      // Set anew, so that the map is ordered by when an address was named last.
      this.lastNamed.delete(address);
      this.lastNamed.set(address, this.answers);
    }
    for (const [address, answer] of this.lastNamed) {
      const isMissing = this.answers - answer >= MISSING_ANSWERS_MAX;
      if (isMissing || this.lastNamed.size > ADDRESSES_MAX) this.lastNamed.delete(address);
    }
  }

  heardSpecification(specification: Specification): void {
    this.specification = specification;
  }

  /** The host's own word, newer than what it gave at the start. */
  heardOwnAddress(address: string): void {
    this.told = address;
  }

  /** How other hosts reach this node. The specification fills in what the operator did not say. */
  reach(): Reach {
    const address = this.settings.address ?? this.told ?? this.settings.hostAddress;
    const own = this.ownComponents();
    const learned = own.length === 1 ? own[0].ports : [];
    const pairs = [...learned, ...this.settings.advertisePorts];
    return {
      addresses: address === null ? [] : [address],
      hostPorts: new Map(pairs.map(({ containerPort, hostPort }) => [containerPort, hostPort])),
    };
  }

  /** Where other instances may be; what is ours by address leads to loopback, and only with this component's ports. */
  endpoints(): Endpoint[] {
    const hostPorts = this.hostPorts();
    const own = this.ownAddresses();
    const recentFirst = [...this.lastNamed.keys()].reverse();
    const elsewhere = recentFirst
      .filter((address) => !own.has(address))
      .flatMap((address) => hostPorts.map((port) => ({ address, port })));
    const isHere = recentFirst.some((address) => own.has(address));
    return [...(isHere ? this.loopback() : []), ...elsewhere].slice(0, ENDPOINTS_MAX);
  }

  /** Names of the other components in this host's own network, with the ports they listen on there. */
  neighbours(): Endpoint[] {
    const { appName } = this.settings;
    const own = new Set(this.ownComponents());
    const others = (this.specification?.components ?? []).filter((component) => !own.has(component));
    return others.flatMap(({ name, ports }) => {
      return ports.map(({ containerPort }) => ({
        address: `flux${name}_${appName ?? ''}`,
        port: containerPort,
      }));
    });
  }

  private ownAddresses(): Set<string> {
    const { address, hostAddress } = this.settings;
    return new Set([address, this.told ?? hostAddress].filter((each) => each !== null));
  }

  private loopback(): Endpoint[] {
    const pairs = [...this.settings.advertisePorts, ...this.ownComponents().flatMap(({ ports }) => ports)];
    const ports = new Set(
      pairs.map(({ containerPort }) => containerPort).filter((port) => this.isInRange(port)),
    );
    return [...ports].map((port) => ({ address: '127.0.0.1', port }));
  }

  /** What leads to some component on any host: as the operator and the specification say, else the range as it is. */
  private hostPorts(): number[] {
    const { advertisePorts, basePort, maxPorts } = this.settings;
    const learned = (this.specification?.components ?? []).flatMap(({ ports }) => ports);
    const known = new Set([...advertisePorts, ...learned].map(({ hostPort }) => hostPort));
    return known.size > 0 ? [...known] : portRange('', basePort, maxPorts).map(({ port }) => port);
  }

  /** By the operator's pairs, else by the range; more than one when their ranges overlap. */
  private ownComponents(): readonly Component[] {
    const { advertisePorts } = this.settings;
    const components = this.specification?.components ?? [];
    if (components.length <= 1) return components;
    const isGiven = (pair: PortPair): boolean =>
      advertisePorts.some(
        (given) => given.hostPort === pair.hostPort && given.containerPort === pair.containerPort,
      );
    const given = components.filter(({ ports }) => ports.some(isGiven));
    if (given.length > 0) return given;
    return components.filter(({ ports }) => {
      return ports.some(({ containerPort }) => this.isInRange(containerPort));
    });
  }

  private isInRange(port: number): boolean {
    const { basePort, maxPorts } = this.settings;
    return port >= basePort && port < basePort + maxPorts;
  }
}
