// What is known of this application on the Flux platform: where its instances are, how they are
// built, and which of them is this one. Facts go in as they are heard, and endpoints worth a probe
// come out. Pure, and bounded.
import type { NodeSettings } from '../../config/settings';
import type { Endpoint, Reach } from '../../runtime/node-view';
import { InstanceList } from './instance-list';
import { hostPortsOf, ownComponents, ownPorts, type PortSettings } from './own-component';
import type { Component, Specification } from './platform-answers';
import { portRange } from './port-range';

/** Leaves room for other sources among the candidates that the core remembers. */
const ENDPOINTS_MAX = 768;

type DeploymentSettings = PortSettings &
  Pick<NodeSettings, 'appName' | 'address' | 'hostAddress' | 'loopback'>;

export class Deployment {
  private readonly instances = new InstanceList();
  private components: readonly Component[] = [];
  private told: string | null = null;

  constructor(private readonly settings: DeploymentSettings) {}

  /** Whether one was named that was not known. */
  heardLocations(addresses: readonly string[]): boolean {
    return this.instances.heard(addresses);
  }

  heardSpecification({ components }: Specification): void {
    this.components = components;
  }

  /**
   * The host's own word, newer than what it gave at the start. Returns whether it differs from the
   * last.
   */
  heardOwnAddress(address: string): boolean {
    const isNew = address !== this.told;
    this.told = address;
    return isNew;
  }

  /** How other hosts reach this node. */
  reach(): Reach {
    const address = this.settings.address ?? this.told ?? this.settings.hostAddress;
    return {
      addresses: address === null ? [] : [address],
      hostPorts: hostPortsOf(this.components, this.settings),
    };
  }

  /**
   * Where other instances may be. What is ours by address leads to loopback, and only with this
   * component's ports.
   */
  endpoints(): Endpoint[] {
    const hostPorts = this.hostPorts();
    const own = this.ownAddresses();
    const addresses = this.instances.addresses();
    const elsewhere = addresses
      .filter((address) => !own.has(address))
      .flatMap((address) => hostPorts.map((port) => ({ address, port })));
    const here = addresses.some((address) => own.has(address))
      ? ownPorts(this.components, this.settings)
      : [];
    const address = this.settings.loopback;
    return [...here.map((port) => ({ address, port })), ...elsewhere].slice(0, ENDPOINTS_MAX);
  }

  /**
   * Names of the other components in this host's own network, with the ports they listen on there.
   * Where more than one may be this one, all of them: a node that finds itself there knows its own
   * id.
   */
  neighbours(): Endpoint[] {
    const { appName } = this.settings;
    const own = ownComponents(this.components, this.settings);
    const others = own.length > 1 ? this.components : this.components.filter((each) => !own.includes(each));
    return others.flatMap(({ name, ports }) => {
      const address = `flux${name}_${appName ?? ''}`;
      return ports.map(({ containerPort }) => ({ address, port: containerPort }));
    });
  }

  private ownAddresses(): Set<string> {
    const { address, hostAddress } = this.settings;
    return new Set([address, this.told ?? hostAddress].filter((each) => each !== null));
  }

  /**
   * What leads to some component on any host: as the operator and the specification say, else the
   * range as it is.
   */
  private hostPorts(): number[] {
    const { advertisePorts, basePort, maxPorts } = this.settings;
    const pairs = [...advertisePorts, ...this.components.flatMap(({ ports }) => ports)];
    const known = new Set(pairs.map(({ hostPort }) => hostPort));
    return known.size > 0 ? [...known] : portRange('', basePort, maxPorts).map(({ port }) => port);
  }
}
