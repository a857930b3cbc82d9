// Three hosts of two nodes each around a hub, every host under a launcher of its own; only host a
// is named to the others, and host c runs its nodes in one process.
import { call, portsFrom, untilMesh } from '../http/calls';
import type { Place } from '../http/calls';
import { Cluster } from '../processes/cluster';
import { HubHosts } from './hub-hosts';
import { LinkProxy } from './link-proxy';
import { missing, untilSame } from '../processes/sameness';
import type { TestProcess } from '../processes/test-process';
import { until } from '../basics/until';

const BASE = 10_000;
const PORTS = portsFrom(BASE, 2);
const HOSTS = ['a', 'b', 'c'];

export class HubNetwork {
  readonly hosts = new HubHosts(HOSTS);
  readonly launchers: TestProcess[] = [];
  private readonly cluster = new Cluster();

  /** `addressOf` tells where the others reach a host. */
  private async start(addressOf: (host: string) => string): Promise<void> {
    for (const host of HOSTS) {
      const peer = host === 'a' ? {} : { REPRAM_PEERS: `${addressOf('a')}:${BASE}` };
      const names = { REPRAM_NODE_ID: host, REPRAM_ADDRESS: addressOf(host) };
      const isolation = { REPRAM_ISOLATION: host === 'c' ? 'none' : 'process' };
      const env = { REPRAM_BIND_ADDRESS: '', ...names, ...peer, ...isolation };
      const within = HubHosts.within(host);
      this.launchers.push(this.cluster.startLauncher({ base: BASE, nodes: 2, within, env }));
    }
    await untilMesh(this.everywhere());
  }

  /** The hub forwards from host to host. */
  async startRouted(): Promise<void> {
    await this.hosts.connect(this.cluster, PORTS);
    await this.start((host) => HubHosts.addressOf(host));
  }

  /** The hub forwards nothing: every connection between hosts goes through the proxy. */
  async startProxied(): Promise<LinkProxy> {
    await this.hosts.connect(this.cluster, PORTS, false);
    const standIn = (host: string): string => HubHosts.standInAddress(host);
    const proxied = Object.fromEntries(
      HOSTS.map((host) => [host, { seenAt: standIn(host), isAt: HubHosts.addressOf(host) }]),
    );
    const control = this.hosts.ports.path('proxy');
    const proxy = await LinkProxy.start(this.cluster, control, proxied, PORTS, HubHosts.withinHub());
    await this.start(standIn);
    return proxy;
  }

  /** The nodes of these hosts. */
  on(...hosts: string[]): Place[] {
    return hosts.flatMap((host) => PORTS.map((port) => this.hosts.place(host, port)));
  }

  everywhere(): Place[] {
    return this.on(...HOSTS);
  }

  logged(event: string): number {
    return this.launchers.reduce((sum, launcher) => sum + launcher.events(event).length, 0);
  }

  /** Full mesh, equal roots, and each of these values by GET on every port. */
  async expectSame(...written: readonly ReadonlyMap<string, string>[]): Promise<void> {
    await untilMesh(this.everywhere());
    await untilSame(this.everywhere());
    for (const each of written) expect(await missing(this.everywhere(), each)).toEqual([]);
  }

  async stop(): Promise<void> {
    await this.cluster.cleanUp();
    this.hosts.remove();
  }
}

/**
 * Writes each of `count` keys through two nodes that do not hear each other, one after the other
 * and by turns first; answers what was written last.
 */
export async function contest(
  name: string,
  count: number,
  one: Place,
  other: Place,
): Promise<Map<string, string>> {
  const last = new Map<string, string>();
  for (let number = 0; number < count; number += 1) {
    const key = `${name}-${number}`;
    const [first, second] = number % 2 === 0 ? [one, other] : [other, one];
    const write = (place: Place, body: string): Promise<unknown> =>
      call(place, `/data/${key}?ttl=600&w=1`, { method: 'PUT', body });
    await write(first, 'earlier');
    const since = Date.now();
    await until(() => Date.now() > since + 1, 'the clock moves on');
    await write(second, `later ${number}`);
    last.set(key, `later ${number}`);
  }
  return last;
}
