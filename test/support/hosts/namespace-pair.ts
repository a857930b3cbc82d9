// Two hosts on one machine: network namespaces joined by a virtual cable (veth(4)), so that the
// same ports are free on both.
import { portsFrom, type Place } from '../http/calls';
import type { Cluster } from '../processes/cluster';
import { HostPorts } from './host-ports';
import { complaint, mustRun, namespaceOf, removeNamespaces, within } from './namespaces';
import type { HostName, TwoHosts } from './two-hosts';

const NAMES: readonly HostName[] = ['a', 'b'];

const cableOf = (host: HostName): string => `rp${process.pid}${host}`;

export class NamespacePair implements TwoHosts {
  readonly ports = portsFrom(10_000, 3);
  private readonly doors = new HostPorts();

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

  addressOf(host: HostName): string {
    return `10.77.0.${NAMES.indexOf(host) + 1}`;
  }

  loopbackOf(): string {
    return '127.0.0.1';
  }

  bindAddressOf(): string {
    return '';
  }

  within(host: HostName): string[] {
    return within(host);
  }

  async connect(cluster: Cluster): Promise<void> {
    removeNamespaces();
    for (const host of NAMES) mustRun('netns', 'add', namespaceOf(host));
    const far = ['peer', 'name', cableOf('b'), 'netns', namespaceOf('b')];
    mustRun('-n', namespaceOf('a'), 'link', 'add', cableOf('a'), 'type', 'veth', ...far);
    for (const host of NAMES) {
      const at = ['-n', namespaceOf(host)];
      mustRun(...at, 'address', 'add', `${this.addressOf(host)}/24`, 'dev', cableOf(host));
      mustRun(...at, 'link', 'set', 'lo', 'up');
      mustRun(...at, 'link', 'set', cableOf(host), 'up');
    }
    for (const host of NAMES) await this.doors.open(cluster, host, this.ports);
  }

  cable(state: 'up' | 'down'): void {
    mustRun('-n', namespaceOf('a'), 'link', 'set', cableOf('a'), state);
  }

  place(host: HostName, port: number): Place {
    return this.doors.place(host, port);
  }

  remove(): void {
    removeNamespaces();
    this.doors.remove();
  }
}
