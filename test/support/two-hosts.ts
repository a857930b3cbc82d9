// Two hosts on one machine: network namespaces joined by a virtual cable (veth(4)), so that the same ports are free on both.
import type { Place } from './calls';
import type { Cluster } from './cluster';
import { HostPorts } from './host-ports';
import { complaint, mustRun, namespaceOf, removeNamespaces, within } from './namespaces';

export type HostName = 'a' | 'b';
const NAMES: readonly HostName[] = ['a', 'b'];

const cableOf = (host: HostName): string => `rp${process.pid}${host}`;

export class TwoHosts {
  private readonly ports = new HostPorts();

  /** Why there can be no two hosts here, null when there can. */
  static problem(): string | null {
    const cable = ['type', 'veth', 'peer', cableOf('b')];
    const problem =
      complaint('netns', 'add', namespaceOf('a')) ??
      complaint('-n', namespaceOf('a'), 'link', 'add', cableOf('a'), ...cable) ??
      complaint('netns', 'exec', namespaceOf('a'), 'true');
    removeNamespaces();
    return problem;
  }

  /** The address at which the other host sees this one. */
  static addressOf(host: HostName): string {
    return `10.77.0.${NAMES.indexOf(host) + 1}`;
  }

  /** What starts a program on this host. */
  static within(host: HostName): string[] {
    return within(host);
  }

  async connect(cluster: Cluster, ports: readonly number[]): Promise<void> {
    removeNamespaces();
    for (const host of NAMES) mustRun('netns', 'add', namespaceOf(host));
    const far = ['peer', 'name', cableOf('b'), 'netns', namespaceOf('b')];
    mustRun('-n', namespaceOf('a'), 'link', 'add', cableOf('a'), 'type', 'veth', ...far);
    for (const host of NAMES) {
      const at = ['-n', namespaceOf(host)];
      mustRun(...at, 'address', 'add', `${TwoHosts.addressOf(host)}/24`, 'dev', cableOf(host));
      mustRun(...at, 'link', 'set', 'lo', 'up');
      mustRun(...at, 'link', 'set', cableOf(host), 'up');
    }
    for (const host of NAMES) await this.ports.open(cluster, host, ports);
  }

  /** Pulls the cable, or plugs it in again. */
  cable(state: 'up' | 'down'): void {
    mustRun('-n', namespaceOf('a'), 'link', 'set', cableOf('a'), state);
  }

  /** Where this process reaches a port of a host. */
  place(host: HostName, port: number): Place {
    return this.ports.place(host, port);
  }

  /** To be called when no process runs in the namespaces any more. */
  remove(): void {
    removeNamespaces();
    this.ports.remove();
  }
}
