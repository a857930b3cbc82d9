// Builds one whole node from its settings and runs it until it is stopped: the node process and the
// tests use the same function, and several nodes can live in one process. The HTTP side exists
// before the port is claimed, the core after.
import type { Server } from 'node:http';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { clusterKeys } from './adapters/cluster-keys';
import { Listener } from './adapters/listener';
import { createLog, type Log } from './adapters/log';
import { claimPort, portOrder, type Unreachable } from './adapters/port-binder';
import { randomId } from './adapters/random';
import { unclaimedText } from './adapters/unclaimed-text';
import { describeAnswerer, whoAnswers } from './adapters/who-answers';
import { readGarbage } from './config/read-garbage';
import type { NodeSettings } from './config/settings';
import type { RedisEngine } from './engines/redis/redis-engine';
import { CLOSED_WITHIN_MS, closeHttpApp, createHttpApp } from './http-app';
import { GossipService } from './modules/gossip/gossip.service';
import { LineSink, toDescriptor } from './output/line-sink';
import type { DataEngine } from './runtime/data-engine';
import { pageBytesMax } from './runtime/key-listing';
import { NodeRuntime } from './runtime/node-runtime';
import type { ToldOfItself } from './runtime/self-watch';

export interface NodeHooks extends ToldOfItself {
  readonly onClaimed?: (port: number) => void;
  /** No port could be had; tried again after `retryAfterMs`. */
  readonly onUnclaimed?: (detail: string) => void;
}

export interface CreateNodeOptions extends NodeHooks {
  readonly log?: Log;
  /** Milliseconds between attempts when no port was free (30000). */
  readonly retryAfterMs?: number;
}

const GREET_SELF_LIMITS_MS = [1000, 2000, 4000];
/** A node that is just starting answers by then, but on the busiest machine. */
const DESCRIBE_LIMIT_MS = 2000;
const RETRY_AFTER_MS = 30_000;

export class RunningNode {
  private port: number | null = null;
  private readonly listener: Listener;
  private readonly gossip: GossipService;
  private stopping: Promise<void> | null = null;
  private retry: NodeJS.Timeout | null = null;

  constructor(
    readonly id: string,
    readonly settings: NodeSettings,
    readonly runtime: NodeRuntime,
    private readonly store: RedisEngine | null,
    private readonly app: NestFastifyApplication,
    private readonly log: Log,
    private readonly options: CreateNodeOptions,
  ) {
    this.listener = new Listener(this.server, settings.bindAddress, settings.loopback);
    this.gossip = app.get(GossipService);
  }

  /** The claimed port, null while there is none. */
  get listenPort(): number | null {
    return this.port;
  }

  /**
   * Claims a port and starts the core; false when no port of the range was free (it keeps trying).
   */
  async claim(): Promise<boolean> {
    const { basePort, maxPorts, index, loopback } = this.settings;
    const outcome = await claimPort({
      candidates: portOrder(basePort, maxPorts, index),
      listen: (port) => this.listener.listen(port),
      greetSelf: (port) => this.greetSelf(port),
      release: () => this.listener.close(),
      describe: async (port) => describeAnswerer(await whoAnswers(loopback, port, DESCRIBE_LIMIT_MS)),
    });
    if (this.stopping !== null) return false;
    if (outcome.kind !== 'claimed') {
      this.reportUnclaimed(unclaimedText(outcome, this.settings));
      return false;
    }
    this.port = outcome.port;
    this.log.info('port-claimed', { port: outcome.port, skipped: outcome.skipped });
    this.gossip.start(outcome.port);
    this.options.onClaimed?.(outcome.port);
    return true;
  }

  /**
   * Closes the listener, finishes requests in flight, says goodbye; resolves when nothing is left
   * running.
   */
  stop(): Promise<void> {
    this.stopping ??= this.shutDown();
    return this.stopping;
  }

  /** What holds the values. */
  get engine(): DataEngine {
    return this.store ?? this.runtime;
  }

  private get server(): Server {
    return this.app.getHttpServer();
  }

  private async shutDown(): Promise<void> {
    if (this.retry !== null) clearTimeout(this.retry);
    this.gossip.beginDrain();
    const closed = this.listener.close();
    const app = closeHttpApp(this.app);
    await this.finishRequests();
    await this.gossip.stop();
    await Promise.all([closed, app]);
    this.store?.close();
    this.log.info('node-stopped', { port: this.port });
  }

  /** Until only peer links are left on the server, or the time is up. */
  private async finishRequests(): Promise<void> {
    const deadlineMs = performance.now() + CLOSED_WITHIN_MS;
    while (performance.now() < deadlineMs) {
      const connections = await this.listener.connections();
      if (this.gossip.hasServedAll(connections)) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  private reportUnclaimed(detail: string): void {
    const retryAfterMs = this.options.retryAfterMs ?? RETRY_AFTER_MS;
    this.log.error('port-unclaimed', { detail, retry_after_ms: retryAfterMs });
    this.options.onUnclaimed?.(detail);
    this.retry = setTimeout(() => {
      void this.claim();
    }, retryAfterMs);
  }

  /**
   * Silence is asked again, longer each time: on a busy machine this very process may answer late.
   * So is a network that is down: that of a container may come up a moment after its processes.
   */
  private async greetSelf(port: number): Promise<'self' | 'other' | Unreachable> {
    let code: string | null = null;
    for (const limitMs of GREET_SELF_LIMITS_MS) {
      const answerer = await whoAnswers(this.settings.loopback, port, limitMs);
      if (answerer.kind === 'node') return answerer.id === this.id ? 'self' : 'other';
      if (answerer.kind === 'foreign') return 'other';
      // The bind is the claim: nobody is known to share the port.
      if (answerer.kind === 'unasked') return 'self';
      code = answerer.kind === 'unreachable' ? answerer.code : null;
      if (code !== null) await new Promise((resolve) => setTimeout(resolve, limitMs));
      if (this.stopping !== null) return 'other';
    }
    return code === null ? 'other' : { unreachable: code };
  }
}

/**
 * Creates a node and claims its port; resolves once it listens, or once it knows that it cannot
 * yet.
 */
export async function createNode(
  settings: NodeSettings,
  options: CreateNodeOptions = {},
): Promise<RunningNode> {
  const { logLevel, logFormat, name } = settings;
  const destination = new LineSink({ write: toDescriptor(1) });
  const log = options.log ?? createLog({ level: logLevel, format: logFormat, node: name, destination });
  const id = randomId();
  const { clusterSecret, cluster } = settings;
  const keys = clusterSecret === null ? null : await clusterKeys(clusterSecret, cluster);
  const runtime = new NodeRuntime(settings, id, log, keys, options);
  const store = await storeOf(settings, { id, log, runtime });
  const engine = store ?? runtime;
  const parts = { engine, view: runtime, discovery: runtime, gossip: runtime };
  const app = await createHttpApp({ settings, log, ...parts });
  await app.getHttpAdapter().getInstance().ready();
  const node = new RunningNode(id, settings, runtime, store, app, log, options);
  await node.claim();
  return node;
}

/** Null where the nodes hold the values themselves: then nothing of the other engine is loaded. */
async function storeOf(
  settings: NodeSettings,
  { id, log, runtime }: { readonly id: string; readonly log: Log; readonly runtime: NodeRuntime },
): Promise<RedisEngine | null> {
  if (settings.store === null) return null;
  const { openStore } = await import('./engines/redis/open-store');
  const { tally } = runtime;
  return openStore(settings.store, {
    settings,
    pageBytes: pageBytesMax(settings.clientBytesMax),
    id,
    log,
    isDraining: () => runtime.state() === 'draining',
    onRead: (bytes) => readGarbage.read(bytes),
    onStoreId: (id, askedAtMs) => runtime.links.storeRead(id, askedAtMs),
    tally: {
      read: () => (tally.reads += 1),
      settled: (outcome, elapsedMs) => tally.settled(outcome, elapsedMs),
      expired: (count) => (tally.expired += count),
    },
  });
}
