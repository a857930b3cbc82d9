// Two hosts on one machine: network namespaces joined by a virtual cable (veth(4), ip-netns(8)). Each has a loopback of its
// own, so that the same ports are free on both. Needs the rights of root.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Place } from './calls';
import type { Cluster } from './cluster';
import { complaint, mustRun, namespaceOf, removeNamespaces, within } from './namespaces';
import { until } from './until';

export type HostName = 'a' | 'b';
const NAMES: readonly HostName[] = ['a', 'b'];
const PROXY = join(__dirname, 'port-proxy.cjs');

const cableOf = (host: HostName): string => `rp${process.pid}${host}`;

export class TwoHosts {
  private directory = '';

  /** Why there can be no two hosts here, null when there can. */
  static problem(): string | null {
    const problem =
      complaint('netns', 'add', namespaceOf('a')) ??
      complaint('-n', namespaceOf('a'), 'link', 'add', cableOf('a'), 'type', 'veth', 'peer', cableOf('b')) ??
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
    this.directory = mkdtempSync(join(tmpdir(), 'repram-'));
    for (const host of NAMES) mustRun('netns', 'add', namespaceOf(host));
    const far = ['peer', 'name', cableOf('b'), 'netns', namespaceOf('b')];
    mustRun('-n', namespaceOf('a'), 'link', 'add', cableOf('a'), 'type', 'veth', ...far);
    for (const host of NAMES) {
      const at = ['-n', namespaceOf(host)];
      mustRun(...at, 'address', 'add', `${TwoHosts.addressOf(host)}/24`, 'dev', cableOf(host));
      mustRun(...at, 'link', 'set', 'lo', 'up');
      mustRun(...at, 'link', 'set', cableOf(host), 'up');
    }
    for (const host of NAMES) await this.openPorts(cluster, host, ports);
  }

  /** Pulls the cable, or plugs it in again. */
  cable(state: 'up' | 'down'): void {
    mustRun('-n', namespaceOf('a'), 'link', 'set', cableOf('a'), state);
  }

  /** Where this process reaches a port of a host. */
  place(host: HostName, port: number): Place {
    return join(this.directory, `${host}${port}`);
  }

  /** To be called when no process runs in the namespaces any more. */
  remove(): void {
    removeNamespaces();
    if (this.directory !== '') rmSync(this.directory, { recursive: true });
    this.directory = '';
  }

  private async openPorts(cluster: Cluster, host: HostName, ports: readonly number[]): Promise<void> {
    const files = ports.map((port) => String(this.place(host, port)));
    const prefix = join(this.directory, host);
    cluster.run([...TwoHosts.within(host), process.execPath, PROXY, prefix, ...ports.map(String)]);
    await until(() => files.every((file) => existsSync(file)), `the ports of host ${host} can be reached`);
  }
}
