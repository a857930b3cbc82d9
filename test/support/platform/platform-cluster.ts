// Nodes on three hosts of the platform: launchers with three nodes each, and what tests ask of all
// nine.
import { call, put, untilMesh, viewOf, type Place } from '../http/calls';
import { Cluster, type Environment } from '../processes/cluster';
import type { HostKind } from '../hosts/host-kinds';
import { LoopbackPlatform } from './loopback-platform';
import { NamespacePlatform } from './namespace-platform';
import { HOSTS, type HostName, type PlatformHosts } from './platform-hosts';
import type { TestProcess } from '../processes/test-process';
import { until } from '../basics/until';

export class PlatformCluster {
  readonly cluster = new Cluster();
  private readonly launchers = new Map<HostName, TestProcess>();

  private constructor(readonly hosts: PlatformHosts) {}

  /** The hosts are there, and nothing runs on them yet. */
  static async prepare(kind: HostKind): Promise<PlatformCluster> {
    const hosts = kind === 'namespaces' ? new NamespacePlatform() : new LoopbackPlatform();
    const prepared = new PlatformCluster(hosts);
    try {
      await hosts.connect(prepared.cluster);
    } catch (error) {
      // Nobody else knows of what runs already, and it would keep this process from ending.
      await prepared.remove();
      throw error;
    }
    return prepared;
  }

  async remove(): Promise<void> {
    await this.cluster.cleanUp();
    await this.hosts.remove();
  }

  places(...names: readonly HostName[]): Place[] {
    return names.flatMap((host) => this.hosts.ports.map((port) => this.hosts.place(host, port)));
  }

  everywhere(): Place[] {
    return this.places(...HOSTS);
  }

  launch(host: HostName, env: Environment = {}): TestProcess {
    const { hosts } = this;
    const all = { REPRAM_NODE_ID: host, MAX_PORTS: '3', ...hosts.environment(host), ...env };
    const launcher = this.cluster.startLauncher({
      base: hosts.ports[0],
      within: hosts.within(host),
      env: all,
    });
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

  async idsOf(host: HostName): Promise<string[]> {
    return (await Promise.all(this.places(host).map(viewOf))).map((view) => view.node_id);
  }

  /**
   * The host fails at once, and the nodes at `places` take its nodes for dead; answers their ids.
   */
  async lose(host: HostName, places: readonly Place[]): Promise<string[]> {
    const ids = await this.idsOf(host);
    this.hosts.cable(host, 'down');
    this.launcher(host).killAll();
    const deadAt = async (place: Place): Promise<number> =>
      (await viewOf(place)).peers.filter(({ state }) => state === 'dead').length;
    await until(
      async () => (await Promise.all(places.map(deadAt))).every((count) => count === ids.length),
      `the others take the nodes of host ${host} for dead`,
      60_000,
    );
    return ids;
  }

  /** Addresses at which this node reaches those of a host, but for who is gone. */
  async addressesAt(place: Place, host: HostName, gone: readonly string[] = []): Promise<string[]> {
    const { peers } = await viewOf(place);
    const there = peers.filter(({ id, name }) => name.startsWith(host) && !gone.includes(id));
    return there.map(({ address, port }) => `${address}:${port}`);
  }

  /**
   * A busy machine may acknowledge late: a write is repeated until all nine hold it when it is
   * answered.
   */
  async expectReplication(from: Place, key: string): Promise<void> {
    await until(
      async () => {
        const { status, headers } = await put(from, key, `put ${key}`);
        const acks = String(headers['x-repram-acks']);
        if (status !== 201 || acks !== '9/9') throw new Error(`${status}, held by ${acks}`);
        return true;
      },
      'a write is acknowledged by all nine nodes',
      60_000,
    );
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
