// A real Cluster on loopback: three primaries with a replica each, made by this process, whose
// slots can be moved and whose primaries can be killed.
import { portRange } from '../processes/ports';
import { until } from '../basics/until';
import { clientEnv, redisCli, RedisServer, runRedisCli } from './redis-server';

const SERVERS = 6;
const NODE_TIMEOUT_MS = 1000;

interface Member {
  readonly id: string;
  readonly port: number;
  readonly isPrimary: boolean;
  /** Of a replica; '-' of a primary. */
  readonly primaryId: string;
  readonly isLinked: boolean;
  readonly slots: number;
}

export class RedisCluster {
  private constructor(readonly servers: readonly RedisServer[]) {}

  /** Resolves when every server sees the whole Cluster, and every replica its primary. */
  static async start(optionsOf: (tlsPort: number) => readonly string[] = () => []): Promise<RedisCluster> {
    const first = await portRange(3 * SERVERS);
    const ports = Array.from({ length: SERVERS }, (_, at) => first + at);
    const servers = await Promise.all(
      ports.map((port) =>
        RedisServer.start(
          port,
          ...['--cluster-enabled', 'yes', '--cluster-port', String(port + SERVERS)],
          ...['--cluster-node-timeout', String(NODE_TIMEOUT_MS), '--repl-diskless-sync-delay', '0'],
          ...optionsOf(port + 2 * SERVERS),
        ),
      ),
    );
    const cluster = new RedisCluster(servers);
    const addresses = ports.map((port) => `127.0.0.1:${port}`);
    const words = ['--cluster', 'create', ...addresses, '--cluster-replicas', '1', '--cluster-yes'];
    redisCli(words, clientEnv(optionsOf(0)));
    await until(() => cluster.isWhole(), 'the cluster is whole');
    return cluster;
  }

  get url(): string {
    return `redis-cluster://${this.servers.map(({ port }) => `127.0.0.1:${port}`).join()}`;
  }

  /** Where they speak TLS, if they do: what `start` told the options. */
  get tlsEndpoints(): string {
    return this.servers.map(({ port }) => `127.0.0.1:${port + 2 * SERVERS}`).join();
  }

  members(): Member[] {
    const alive = this.servers.find((server) => server.isRunning);
    const lines = alive?.call('CLUSTER', 'NODES').split('\n') ?? [];
    return lines.map((line) => {
      const [id, address, flags, primaryId, , , , link, ...ranges] = line.split(' ');
      return {
        id,
        port: Number(/:(\d+)@/.exec(address)?.[1]),
        isPrimary: flags.includes('master') && !flags.includes('fail'),
        primaryId,
        isLinked: link === 'connected' && !flags.includes('fail'),
        slots: ranges
          .filter((range) => !range.startsWith('['))
          .reduce((sum, range) => sum + sizeOf(range), 0),
      };
    });
  }

  primaries(): Member[] {
    return this.members().filter(({ isPrimary, slots }) => isPrimary && slots > 0);
  }

  /** A primary that has a replica, and that. */
  pair(): readonly [primary: RedisServer, replica: RedisServer] {
    const members = this.members();
    for (const primary of this.primaries()) {
      const replica = members.find(({ primaryId, isLinked }) => primaryId === primary.id && isLinked);
      if (replica !== undefined) return [this.at(primary.port), this.at(replica.port)];
    }
    throw new Error('no primary has a replica');
  }

  /** The server on that port. */
  at(port: number): RedisServer {
    const server = this.servers.find((each) => each.port === port);
    if (server === undefined) throw new Error(`no server on port ${port}`);
    return server;
  }

  /** Moves so many slots, keys and all, as an operator would. */
  reshard(from: Member, to: Member, slots: number): Promise<void> {
    return runRedisCli(
      ...['--cluster', 'reshard', `127.0.0.1:${from.port}`, '--cluster-from', from.id],
      ...['--cluster-to', to.id, '--cluster-slots', String(slots), '--cluster-yes'],
    );
  }

  isWhole(): boolean {
    return this.servers.every((server) => {
      const info = server.call('CLUSTER', 'INFO');
      const replication = server.call('INFO', 'replication');
      const isReady = replication.includes('role:master')
        ? /connected_slaves:[1-9]/.test(replication)
        : replication.includes('master_link_status:up');
      return info.includes('cluster_state:ok') && info.includes('cluster_known_nodes:6') && isReady;
    });
  }

  async stop(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.stop()));
  }
}

function sizeOf(range: string): number {
  const [from, to = from] = range.split('-').map(Number);
  return to - from + 1;
}
