// Three hosts of the platform on one machine, with a public address each, and the platform's API: network namespaces on a
// bridge. No host knows another; what they know they are told by the mock of the platform.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Place } from './calls';
import type { Cluster, Environment } from './cluster';
import { MockPlatform } from './mock-platform';
import { complaint, mustRun, namespaceOf, removeNamespaces, within } from './namespaces';
import type { TestProcess } from './test-process';
import { until } from './until';

export type HostName = 'a' | 'b' | 'c';
export const HOSTS: readonly HostName[] = ['a', 'b', 'c'];

const HUB = 'hub';
/** Reserved for documentation (RFC 5737), so no address of a private range. */
const HUB_ADDRESS = '203.0.113.1';
const API_PORT = 8000;
const PORTS_INSIDE = join(__dirname, 'port-proxy.cjs');
const TCP_PROXY = join(__dirname, 'tcp-proxy.cjs');

const cableOf = (host: string): string => `rp${process.pid}${host}`;
const plugOf = (host: string): string => `rq${process.pid}${host}`;

export class PlatformHosts {
  readonly platform = new MockPlatform();
  private readonly addresses = new Map<HostName, string>();
  private directory = '';

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

  /** What a container of the platform is told, and where it asks. */
  environment(host: HostName): Environment {
    const url = `http://${HUB_ADDRESS}:${API_PORT}`;
    return { FLUX_APP_NAME: 'app', FLUX_API_URL: url, REPRAM_HOSTINFO_URL: `${url}/hostinfo/${host}` };
  }

  /** Where this process reaches a port of a host's loopback. */
  place(host: HostName, port: number): Place {
    return join(this.directory, `${host}${port}`);
  }

  /** Ports of the containers; each host's are listed by the platform from the start. */
  async connect(cluster: Cluster, ports: readonly number[]): Promise<void> {
    removeNamespaces();
    this.directory = mkdtempSync(join(tmpdir(), 'repram-'));
    mustRun('netns', 'add', namespaceOf(HUB));
    mustRun('-n', namespaceOf(HUB), 'link', 'add', 'br0', 'type', 'bridge');
    mustRun('-n', namespaceOf(HUB), 'address', 'add', `${HUB_ADDRESS}/24`, 'dev', 'br0');
    for (const device of ['lo', 'br0']) mustRun('-n', namespaceOf(HUB), 'link', 'set', device, 'up');
    HOSTS.forEach((host, position) => {
      this.plugIn(host);
      this.move(host, `203.0.113.${11 + position}`);
    });
    this.platform.rows = HOSTS.map((host) => `${this.addressOf(host)}:16127`);
    this.platform.instances = HOSTS.length;
    await this.openApi(cluster);
    for (const host of HOSTS) await this.openPorts(cluster, host, ports);
  }

  /** Gives the host this address instead of the one it had; what runs there is told when it asks. */
  move(host: HostName, address: string): void {
    const at = ['-n', namespaceOf(host)];
    mustRun(...at, 'address', 'flush', 'dev', cableOf(host));
    mustRun(...at, 'address', 'add', `${address}/24`, 'dev', cableOf(host));
    this.addresses.set(host, address);
    this.platform.hosts.set(host, address);
  }

  /** Leads ports of the host's address to ports of its loopback, as the platform does for a container. */
  async mapPorts(
    cluster: Cluster,
    host: HostName,
    pairs: readonly (readonly [number, number])[],
  ): Promise<void> {
    const texts = pairs.map(([outside, inside]) => `0.0.0.0:${outside}=127.0.0.1:${inside}`);
    await listening(cluster.run([...within(host), process.execPath, TCP_PROXY, ...texts]), texts.length);
  }

  /** Pulls the cable, or plugs it in again. */
  cable(host: HostName, state: 'up' | 'down'): void {
    mustRun('-n', namespaceOf(HUB), 'link', 'set', plugOf(host), state);
  }

  /** To be called when no process runs in the namespaces any more. */
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
    await listening(cluster.run([...within(HUB), process.execPath, TCP_PROXY, pair]), 1);
  }

  private async openPorts(cluster: Cluster, host: HostName, ports: readonly number[]): Promise<void> {
    const files = ports.map((port) => String(this.place(host, port)));
    const prefix = join(this.directory, host);
    cluster.run([...within(host), process.execPath, PORTS_INSIDE, prefix, ...ports.map(String)]);
    await until(() => files.every((file) => existsSync(file)), `the ports of host ${host} can be reached`);
  }
}

async function listening(proxy: TestProcess, count: number): Promise<void> {
  const lines = (): number => proxy.otherOutput.filter((line) => line.startsWith('listening ')).length;
  await until(() => lines() === count, `the proxy listens: ${proxy.errors}`);
}
