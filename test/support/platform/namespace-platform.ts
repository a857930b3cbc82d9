// Hosts of the platform as network namespaces on a bridge, with a public address each. A cable can
// be pulled, and an address change under what runs there.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { portsFrom, type Place } from '../http/calls';
import type { Cluster, Environment } from '../processes/cluster';
import { MockPlatform } from './mock-platform';
import { complaint, mustRun, namespaceOf, removeNamespaces, within } from '../hosts/namespaces';
import { HOSTS, type HostName, type PlatformHosts } from './platform-hosts';
import { startProxy } from '../hosts/proxy';
import { until } from '../basics/until';

const HUB = 'hub';
/** Reserved for documentation (RFC 5737), so no address of a private range. */
const HUB_ADDRESS = '203.0.113.1';
const API_PORT = 8000;
const PORTS_INSIDE = join(__dirname, '..', 'hosts', 'port-proxy.cjs');

const cableOf = (host: string): string => `rp${process.pid}${host}`;
const plugOf = (host: string): string => `rq${process.pid}${host}`;

export class NamespacePlatform implements PlatformHosts {
  readonly platform = new MockPlatform();
  readonly ports = portsFrom(8081, 3);
  readonly hubAddress = HUB_ADDRESS;
  private readonly addresses = new Map<HostName, string>();
  private directory = '';
  private bindAddress = '';

  /** Why there can be none here, null when there can. */
  static problem(): string | null {
    const hub = namespaceOf(HUB);
    const problem =
      complaint('netns', 'add', hub) ??
      complaint('-n', hub, 'link', 'add', 'br0', 'type', 'bridge') ??
      complaint('-n', hub, 'link', 'add', cableOf('a'), 'type', 'veth', 'peer', plugOf('a')) ??
      complaint('netns', 'exec', hub, 'true');
    removeNamespaces();
    return problem;
  }

  addressOf(host: HostName): string {
    return this.addresses.get(host) ?? '';
  }

  address(last: number): string {
    return `203.0.113.${last}`;
  }

  within(host: HostName | 'hub'): string[] {
    return within(host);
  }

  environment(host: HostName): Environment {
    const url = `http://${HUB_ADDRESS}:${API_PORT}`;
    const asked = { FLUX_API_URL: url, REPRAM_HOSTINFO_URL: `${url}/hostinfo/${host}` };
    return { FLUX_APP_NAME: 'app', ...asked, REPRAM_BIND_ADDRESS: this.bindAddress };
  }

  place(host: HostName, port: number): Place {
    return join(this.directory, `${host}${port}`);
  }

  async connect(cluster: Cluster): Promise<void> {
    removeNamespaces();
    this.directory = mkdtempSync(join(tmpdir(), 'repram-'));
    mustRun('netns', 'add', namespaceOf(HUB));
    mustRun('-n', namespaceOf(HUB), 'link', 'add', 'br0', 'type', 'bridge');
    mustRun('-n', namespaceOf(HUB), 'address', 'add', `${HUB_ADDRESS}/24`, 'dev', 'br0');
    for (const device of ['lo', 'br0']) mustRun('-n', namespaceOf(HUB), 'link', 'set', device, 'up');
    HOSTS.forEach((host, position) => {
      this.plugIn(host);
      this.move(host, this.address(11 + position));
    });
    this.platform.rows = HOSTS.map((host) => `${this.addressOf(host)}:16127`);
    this.platform.instances = HOSTS.length;
    await this.openApi(cluster);
    for (const host of HOSTS) await this.openPorts(cluster, host);
  }

  move(host: HostName, address: string): void {
    const at = ['-n', namespaceOf(host)];
    mustRun(...at, 'address', 'flush', 'dev', cableOf(host));
    mustRun(...at, 'address', 'add', `${address}/24`, 'dev', cableOf(host));
    this.addresses.set(host, address);
    this.platform.hosts.set(host, address);
  }

  hostPort(port: number): number {
    return port + 30_000;
  }

  /** The containers' own ports are within reach of their host alone then. */
  async mapPorts(cluster: Cluster): Promise<void> {
    this.bindAddress = '127.0.0.1';
    const pairs = this.ports.map((port) => `0.0.0.0:${this.hostPort(port)}=127.0.0.1:${port}`);
    for (const host of HOSTS) await startProxy(cluster, within(host), pairs);
  }

  cable(host: HostName, state: 'up' | 'down'): void {
    mustRun('-n', namespaceOf(HUB), 'link', 'set', plugOf(host), state);
  }

  async remove(): Promise<void> {
    removeNamespaces();
    await this.platform.close();
    if (this.directory !== '') rmSync(this.directory, { recursive: true });
    this.directory = '';
  }

  private plugIn(host: HostName): void {
    mustRun('netns', 'add', namespaceOf(host));
    const far = ['peer', 'name', plugOf(host), 'netns', namespaceOf(HUB)];
    mustRun('-n', namespaceOf(host), 'link', 'add', cableOf(host), 'type', 'veth', ...far);
    mustRun('-n', namespaceOf(HUB), 'link', 'set', plugOf(host), 'master', 'br0', 'up');
    for (const device of ['lo', cableOf(host)]) mustRun('-n', namespaceOf(host), 'link', 'set', device, 'up');
  }

  private async openApi(cluster: Cluster): Promise<void> {
    const socket = join(this.directory, 'platform');
    await this.platform.listenOn(socket);
    const pair = `${HUB_ADDRESS}:${API_PORT}=${socket}`;
    await startProxy(cluster, within(HUB), [pair]);
  }

  private async openPorts(cluster: Cluster, host: HostName): Promise<void> {
    const { ports } = this;
    const files = ports.map((port) => String(this.place(host, port)));
    const prefix = join(this.directory, host);
    cluster.run([...within(host), process.execPath, PORTS_INSIDE, prefix, ...ports.map(String)]);
    await until(() => files.every((file) => existsSync(file)), `the ports of host ${host} can be reached`);
  }
}
