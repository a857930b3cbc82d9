// Hosts of the platform where namespaces are forbidden: an address of loopback each
// (docs/adr/0026-hosts-on-loopback.md). A host is lost when its processes are; connections to it
// are refused from then on.
import { portsFrom, type Place } from '../http/calls';
import type { Cluster, Environment } from '../processes/cluster';
import { MockPlatform } from './mock-platform';
import { HOSTS, type HostName, type PlatformHosts } from './platform-hosts';
import { portRange } from '../processes/ports';
import { startProxy } from '../hosts/proxy';

const NODES = 3;

export class LoopbackPlatform implements PlatformHosts {
  readonly platform = new MockPlatform();
  readonly hubAddress = this.address(2);
  private readonly addresses = new Map<HostName, string>();
  private base = 0;
  private url = '';

  get ports(): readonly number[] {
    return portsFrom(this.base, NODES);
  }

  async connect(): Promise<void> {
    this.base = await portRange(2 * NODES);
    this.url = await this.platform.listen();
    HOSTS.forEach((host, position) => this.move(host, this.address(11 + position)));
    this.platform.rows = HOSTS.map((host) => `${this.addressOf(host)}:16127`);
    this.platform.instances = HOSTS.length;
  }

  addressOf(host: HostName): string {
    return this.addresses.get(host) ?? '';
  }

  address(last: number): string {
    return `127.0.0.${last}`;
  }

  within(): string[] {
    return [];
  }

  environment(host: HostName): Environment {
    const { url } = this;
    const asked = { FLUX_API_URL: url, REPRAM_HOSTINFO_URL: `${url}/hostinfo/${host}` };
    return { FLUX_APP_NAME: 'app', ...asked, REPRAM_BIND_ADDRESS: this.addressOf(host) };
  }

  place(host: HostName, port: number): Place {
    return `${this.addressOf(host)}:${port}`;
  }

  move(host: HostName, address: string): void {
    this.addresses.set(host, address);
    this.platform.hosts.set(host, address);
  }

  hostPort(port: number): number {
    return port + NODES;
  }

  async mapPorts(cluster: Cluster): Promise<void> {
    const pairs = HOSTS.flatMap((host) => {
      const at = this.addressOf(host);
      return this.ports.map((port) => `${at}:${this.hostPort(port)}=${at}:${port}`);
    });
    await startProxy(cluster, [], pairs);
  }

  cable(): void {
    // Whoever is killed is cut off as well.
  }

  remove(): Promise<void> {
    return this.platform.close();
  }
}
