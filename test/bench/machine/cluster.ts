// Nodes as processes of their own, started without a launcher, and what their logs tell about
// finding each other.
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Place } from '../../support/http/calls';
import { portRange } from '../../support/processes/ports';
import { until } from '../../support/basics/until';
import { getJson } from '../load/http-connection';
import type { Bench } from '../program';
import { LogReader } from './log-reader';

const FORM_LIMIT_MS = 30_000;

export interface BenchNode {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly log: LogReader;
  /** The address of loopback that it listens on. */
  readonly host: string;
}

export interface ReadyNode extends BenchNode {
  readonly id: string;
  readonly port: number;
}

export class Cluster {
  readonly nodes: BenchNode[] = [];

  private constructor(
    private readonly bench: Bench,
    private readonly size: number,
    private readonly basePort: number,
  ) {}

  /** Reserves a port range; nothing runs yet. */
  static async reserve(bench: Bench, size: number): Promise<Cluster> {
    return new Cluster(bench, size, await portRange(size));
  }

  /** Starts one node now, with further settings. */
  start(settings: Readonly<Record<string, string>> = {}): BenchNode {
    const { options, processes } = this.bench;
    const env = { ...clusterEnvironment(this.basePort, this.size), ...settings };
    const child = processes.start({ args: [join(options.dist, 'node.js')], env });
    const node = { child, pid: child.pid ?? 0, log: new LogReader(child), host: env.REPRAM_BIND_ADDRESS };
    this.nodes.push(node);
    return node;
  }

  /** Starts all nodes, the i-th after `delaysMs[i]` and with `settingsOf(i)`. */
  async startAll(
    delaysMs: readonly number[],
    settingsOf: (i: number) => Readonly<Record<string, string>> = () => ({}),
  ): Promise<void> {
    const starting = delaysMs.map(async (ms, i) => {
      if (ms > 0) await delay(ms);
      this.start(settingsOf(i));
    });
    await Promise.all(starting);
  }

  /**
   * Of the i-th node where each is on a host of its own, an address of loopback, and is told of the
   * others (docs/adr/0026-hosts-on-loopback.md).
   */
  aloneOnHost(i: number): Record<string, string> {
    const others = Array.from({ length: this.size }, (_, at) => at).filter((at) => at !== i);
    return {
      MAX_PORTS: '1',
      NODE_COUNT: '1',
      REPRAM_BIND_ADDRESS: hostOf(i),
      REPRAM_EXPECTED_HOSTS: String(this.size),
      REPRAM_PEERS: others.map((at) => `${hostOf(at)}:${this.basePort}`).join(','),
    };
  }

  /** Until every node has logged a link to every other one; throws after 30 s. */
  async formed(): Promise<void> {
    await until(
      () => {
        for (const { log } of this.nodes) log.assertRunning();
        return this.nodes.every((node) => fullViewAtMs(node, this.size) !== null);
      },
      `${this.size} nodes to see each other`,
      FORM_LIMIT_MS,
    );
  }

  /** Until every node also answers so over HTTP; what they are called and where they listen. */
  async ready(): Promise<ReadyNode[]> {
    await this.formed();
    return Promise.all(this.nodes.map((node) => readyNode(node, this.size)));
  }

  forget(pid: number): void {
    const at = this.nodes.findIndex((node) => node.pid === pid);
    if (at >= 0) this.nodes.splice(at, 1);
  }

  async kill(): Promise<void> {
    const ended = this.nodes.splice(0).map(
      ({ child }) =>
        new Promise<void>((resolve) => {
          if (child.exitCode !== null || child.signalCode !== null) resolve();
          else child.once('exit', () => resolve());
          child.kill('SIGKILL');
        }),
    );
    await Promise.all(ended);
  }
}

const hostOf = (i: number): string => `127.0.0.${11 + i}`;

/** For nodes and launchers alike. */
export function clusterEnvironment(basePort: number, size: number): Record<string, string> {
  return {
    BASE_PORT: String(basePort),
    MAX_PORTS: String(size),
    NODE_COUNT: String(size),
    DISCOVERY_DOMAIN: 'localhost',
    REPRAM_BIND_ADDRESS: '127.0.0.1',
    REPRAM_LOG_FORMAT: 'json',
    REPRAM_LOG_LEVEL: 'info',
    REPRAM_RATE_LIMIT: '0',
  };
}

/** When the node had its port. */
export function claimedAtMs({ log }: BenchNode): number | null {
  return log.first('port-claimed')?.atMs ?? null;
}

/** When the node had linked the last of `size - 1` different peers; null before. */
export function fullViewAtMs(node: BenchNode, size: number): number | null {
  if (claimedAtMs(node) === null) return null;
  const peers = new Set<unknown>();
  for (const { atMs, fields } of node.log.all('peer-joined')) {
    peers.add(fields.peer_id);
    if (peers.size === size - 1) return atMs;
  }
  return null;
}

export interface PeerSeen {
  readonly id: string;
  readonly state: string;
  readonly reach: string;
}

export async function peersSeen(place: Place): Promise<{ readonly id: string; readonly peers: PeerSeen[] }> {
  const answer = (await getJson(place, '/peers')) as { node_id: string; peers: PeerSeen[] };
  return { id: answer.node_id, peers: answer.peers };
}

async function readyNode(node: BenchNode, size: number): Promise<ReadyNode> {
  const port = Number(node.log.first('port-claimed')?.fields.port);
  const id = await until(
    async () => {
      const seen = await peersSeen(`${node.host}:${port}`);
      const direct = seen.peers.filter(({ state, reach }) => state === 'alive' && reach === 'direct');
      return direct.length === size - 1 ? seen.id : '';
    },
    `port ${port} to show ${size - 1} live peers`,
  );
  return { ...node, id, port };
}
