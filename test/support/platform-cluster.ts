// Nodes on three hosts of the platform: launchers with three nodes each, and what tests ask of all nine.
import { call, portsFrom, put, untilMesh, viewOf, type Place } from './calls';
import { Cluster, type Environment } from './cluster';
import { within } from './namespaces';
import { HOSTS, PlatformHosts, type HostName } from './platform-hosts';
import type { TestProcess } from './test-process';
import { until } from './until';

export const BASE = 8081;
export const PORTS = portsFrom(BASE, 3);

export class PlatformCluster {
  readonly cluster = new Cluster();
  readonly hosts = new PlatformHosts();
  private readonly launchers = new Map<HostName, TestProcess>();

  /** The hosts are there, and nothing runs on them yet. */
  static async prepare(): Promise<PlatformCluster> {
    const prepared = new PlatformCluster();
    await prepared.hosts.connect(prepared.cluster, PORTS);
    return prepared;
  }

  async remove(): Promise<void> {
    await this.cluster.cleanUp();
    await this.hosts.remove();
  }

  places(...names: readonly HostName[]): Place[] {
    return names.flatMap((host) => PORTS.map((port) => this.hosts.place(host, port)));
  }

  everywhere(): Place[] {
    return this.places(...HOSTS);
  }

  launch(host: HostName, env: Environment = {}): TestProcess {
    const own = { REPRAM_NODE_ID: host, REPRAM_BIND_ADDRESS: '', MAX_PORTS: '3' };
    const all = { ...own, ...this.hosts.environment(host), ...env };
    const launcher = this.cluster.startLauncher({ base: BASE, within: within(host), env: all });
    this.launchers.set(host, launcher);
    return launcher;
  }

  async form(env: Environment = {}): Promise<void> {
    for (const host of HOSTS) this.launch(host, env);
    await untilMesh(this.everywhere());
  }

  launcher(host: HostName): TestProcess {
    const launcher = this.launchers.get(host);
    if (launcher === undefined) throw new Error(`nothing was launched on host ${host}`);
    return launcher;
  }

  /** As the platform stops a container: everything in memory is gone. */
  async stop(host: HostName): Promise<void> {
    this.launcher(host).signal('SIGTERM');
    expect((await this.launcher(host).exited).code).toBe(0);
  }

  /** Addresses at which this node reaches those of a host. */
  async addressesAt(place: Place, host: HostName): Promise<string[]> {
    const { peers } = await viewOf(place);
    return peers.filter(({ name }) => name.startsWith(host)).map(({ address, port }) => `${address}:${port}`);
  }

  /** A busy machine may acknowledge late: a write is repeated until all nine hold it when it is answered. */
  async expectReplication(from: Place, key: string): Promise<void> {
    await until(async () => {
      const { status, headers } = await put(from, key, `put ${key}`);
      return status === 201 && headers['x-repram-acks'] === '9/9';
    }, 'a write is acknowledged by all nine nodes');
  }

  async expectKeys(wanted: readonly string[], at: readonly Place[]): Promise<void> {
    for (const place of at) {
      await until(
        async () => {
          const there = new Set(await keysAt(place));
          const missing = wanted.filter((key) => !there.has(key));
          if (missing.length > 0) throw new Error(`${missing.length} of ${wanted.length} are missing`);
          return true;
        },
        `all keys are at ${place}`,
        60_000,
      );
    }
  }
}

export async function keysAt(place: Place): Promise<string[]> {
  const { body } = await call(place, '/keys');
  return (JSON.parse(body.toString()) as { readonly keys: string[] }).keys;
}
