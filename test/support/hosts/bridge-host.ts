// One host of the platform on one machine: containers of an application's components, network
// namespaces on the host's bridge, that know each other by the platform's names only
// (fluxCOMPONENT_APP). The system's resolver finds those in /etc/hosts, which each program sees as
// the platform writes it, by a bind mount of its own; the machine's file is not touched. The host's
// public address leads back to nobody, and what a container sends there is lost without a word.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Place } from '../http/calls';
import type { Cluster, Environment } from '../processes/cluster';
import { HostPorts } from './host-ports';
import { MockPlatform } from '../platform/mock-platform';
import { complaint, mustRun, namespaceOf, removeNamespaces, within } from './namespaces';
import { until } from '../basics/until';

const HUB = 'hub';
const HUB_ADDRESS = '172.23.0.1';
const API = `${HUB_ADDRESS}:8000`;
const APP = 'app';
/** Of the host; reserved for documentation (RFC 5737). */
export const PUBLIC_ADDRESS = '203.0.113.11';

const TCP_PROXY = join(__dirname, 'tcp-proxy.cjs');
const NOT_FORWARDING = 'echo 0 > /proc/sys/net/ipv4/ip_forward';
/**
 * `ip netns exec` gives its program mounts of its own, which no one else sees (ip-netns(8)). The
 * one that is no file asks nobody.
 */
const MOUNT = 'mount --bind "$1" /etc/hosts && mount --bind "$2" /etc/resolv.conf && shift 2 && exec "$@"';
const RESOLVER = 'nameserver 127.0.0.1\noptions timeout:1 attempts:1\n';

const cableOf = (component: string): string => `rp${process.pid}${component}`;
const plugOf = (component: string): string => `rq${process.pid}${component}`;

export class BridgeHost {
  readonly platform = new MockPlatform();
  private readonly ports = new HostPorts();
  private readonly addresses = new Map<string, string>();

  /** `components` are single letters. */
  constructor(private readonly components: readonly string[]) {}

  /** Why there can be none here, null when there can. */
  static problem(): string | null {
    const hub = namespaceOf(HUB);
    const mounted = ['sh', '-c', MOUNT, 'sh', '/dev/null', '/dev/null', 'true'];
    const problem =
      complaint('netns', 'add', hub) ??
      complaint('-n', hub, 'link', 'add', 'br0', 'type', 'bridge') ??
      complaint('-n', hub, 'link', 'add', cableOf('a'), 'type', 'veth', 'peer', plugOf('a')) ??
      complaint('netns', 'exec', hub, 'sh', '-c', NOT_FORWARDING) ??
      complaint('netns', 'exec', hub, ...mounted);
    removeNamespaces();
    return problem;
  }

  /** Where this process reaches a port of a component's loopback. */
  place(component: string, port: number): Place {
    return this.ports.place(component, port);
  }

  /** On the bridge. */
  addressOf(component: string): string {
    return this.addresses.get(component) ?? '';
  }

  /** What starts a program in the container of this component. */
  within(component: string): string[] {
    return [
      ...within(component),
      'sh',
      '-c',
      MOUNT,
      'sh',
      this.hostsFile(component),
      this.ports.path('resolver'),
    ];
  }

  /** What a container of the platform is told, and where it asks. */
  environment(): Environment {
    const address = { FLUX_NODE_HOST_IP: PUBLIC_ADDRESS, REPRAM_HOSTINFO_URL: `http://${API}/hostinfo/self` };
    return { FLUX_APP_NAME: APP, FLUX_API_URL: `http://${API}`, ...address };
  }

  /** The platform lists this host and answers in it; the components have their first addresses. */
  async connect(cluster: Cluster, ports: Readonly<Record<string, readonly number[]>>): Promise<void> {
    removeNamespaces();
    const hub = namespaceOf(HUB);
    mustRun('netns', 'add', hub);
    mustRun('netns', 'exec', hub, 'sh', '-c', NOT_FORWARDING);
    mustRun('-n', hub, 'link', 'add', 'br0', 'type', 'bridge');
    mustRun('-n', hub, 'address', 'add', `${HUB_ADDRESS}/24`, 'dev', 'br0');
    for (const device of ['lo', 'br0']) mustRun('-n', hub, 'link', 'set', device, 'up');
    for (const component of this.components) this.plugIn(component);
    for (const component of this.components) await this.ports.open(cluster, component, ports[component]);
    writeFileSync(this.ports.path('resolver'), RESOLVER);
    this.components.forEach((component, position) => this.move(component, `172.23.0.${position + 2}`));
    this.platform.rows = [`${PUBLIC_ADDRESS}:16127`];
    this.platform.hosts.set('self', PUBLIC_ADDRESS);
    await this.openApi(cluster);
  }

  /**
   * The container's address on the bridge, as a new container gets another one; its name leads
   * there from now on.
   */
  move(component: string, address: string): void {
    const at = ['-n', namespaceOf(component)];
    mustRun(...at, 'address', 'flush', 'dev', cableOf(component));
    mustRun(...at, 'address', 'add', `${address}/24`, 'dev', cableOf(component));
    mustRun(...at, 'route', 'add', 'default', 'via', HUB_ADDRESS);
    this.addresses.set(component, address);
    for (const each of this.components) this.name(each, this.components);
  }

  /** Which components' names the resolver of this one knows. */
  name(component: string, known: readonly string[]): void {
    const lines = known.map((each) => `${this.addressOf(each)} flux${each}_${APP}\n`);
    writeFileSync(this.hostsFile(component), ['127.0.0.1 localhost\n', ...lines].join(''));
  }

  /** To be called when no process runs in the namespaces any more. */
  async remove(): Promise<void> {
    removeNamespaces();
    await this.platform.close();
    this.ports.remove();
  }

  private hostsFile(component: string): string {
    return this.ports.path(`hosts-${component}`);
  }

  private plugIn(component: string): void {
    const own = namespaceOf(component);
    mustRun('netns', 'add', own);
    const far = ['peer', 'name', plugOf(component), 'netns', namespaceOf(HUB)];
    mustRun('-n', own, 'link', 'add', cableOf(component), 'type', 'veth', ...far);
    mustRun('-n', namespaceOf(HUB), 'link', 'set', plugOf(component), 'master', 'br0', 'up');
    for (const device of ['lo', cableOf(component)]) mustRun('-n', own, 'link', 'set', device, 'up');
  }

  private async openApi(cluster: Cluster): Promise<void> {
    const socket = this.ports.path('platform');
    await this.platform.listenOn(socket);
    const proxy = cluster.run([...within(HUB), process.execPath, TCP_PROXY, `${API}=${socket}`]);
    await until(() => proxy.otherOutput.length > 0, `the proxy listens: ${proxy.errors}`);
  }
}
