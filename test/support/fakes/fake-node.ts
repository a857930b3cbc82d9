// The other halves of a node without a network, and an application around them, listening on a free
// test port.
import { randomBytes } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Log } from '../../../src/adapters/log';
import { loopbackOf } from '../../../src/config/addresses';
import { readNodeSettings } from '../../../src/config/read-settings';
import type { NodeSettings } from '../../../src/config/settings';
import { parseStoreUrl } from '../../../src/config/store-address';
import { closeHttpApp, createHttpApp } from '../../../src/http-app';
import type { GossipPort } from '../../../src/runtime/gossip-port';
import type { DiscoveryPort, Endpoint, Reach } from '../../../src/runtime/node-view';
import { STORE_URL } from '../redis/gossip-only';
import { portRange } from '../processes/ports';
import { FakeEngine } from './fake-engine';
import { FakeView } from './fake-view';
import type { SteeredEngine } from './steered-engine';

/** Files of tests that share a server have names of their own there. */
export const TEST_CLUSTER = STORE_URL === '' ? 'test' : `test-${randomBytes(4).toString('hex')}`;

type Submission = Parameters<DiscoveryPort['submit']>[0];

/** What an empty environment gives on a small machine. */
function defaultSettings(): NodeSettings {
  const machine = { hostId: () => 'host-a', memoryLimitBytes: 1024 * 1024 * 1024, descriptors: 20_000 };
  const result = readNodeSettings({}, machine);
  if (!result.ok) throw new Error('the defaults are refused');
  return result.settings;
}

/**
 * The defaults, with what a test of one node needs: a port of its own, no limits, nobody elsewhere.
 */
export function testSettings(changes: Partial<NodeSettings> = {}): NodeSettings {
  return {
    ...defaultSettings(),
    name: 'node-1',
    cluster: TEST_CLUSTER,
    store: parseStoreUrl(STORE_URL),
    // What a busy machine takes is no failure of a server.
    storeTimeoutMs: STORE_URL === '' ? 2000 : 15_000,
    bindAddress: '127.0.0.1',
    loopback: loopbackOf(changes.bindAddress ?? ''),
    basePort: 10_000,
    maxPorts: 3,
    fluxApiUrls: [],
    hostInfoUrl: 'http://127.0.0.1:1/hostinfo',
    storageBytesMax: 64 * 1024 * 1024,
    clientBytesMax: 64 * 1024 * 1024,
    queueBytesMax: 256 * 1024 * 1024,
    assemblyBytesMax: 64 * 1024 * 1024,
    connectionsMax: 1024,
    streamsMax: 64,
    streamBytesMax: 262_144,
    refusedFromDescriptor: Infinity,
    connectionsPerAddressMax: 256,
    rateLimitPerSecond: 0,
    quotaExempt: ['127.0.0.0/8'],
    logLevel: 'silent',
    logFormat: 'json',
    // The whole suite can be run without the lane.
    dataLane: process.env.REPRAM_DATA_LANE === 'off' ? 'off' : 'on',
    ...changes,
  };
}

export class FakeDiscovery implements DiscoveryPort {
  readonly submitted: Submission[] = [];
  readonly advertised: Reach[] = [];
  probe: (endpoint: Endpoint) => void = () => undefined;
  strangerComes: () => void = () => undefined;

  submit(input: Submission): void {
    this.submitted.push(input);
  }

  advertise(reach: Reach): void {
    this.advertised.push(reach);
  }

  onStranger(listener: () => void): void {
    this.strangerComes = listener;
  }

  onProbe(prober: (endpoint: Endpoint) => void): void {
    this.probe = prober;
  }
}

/** Log lines a node wrote, by event. */
export interface LogLine {
  readonly level: string;
  readonly event: string;
  readonly fields: object;
}

/** A log that keeps its lines. */
export function recordingLog(): { readonly log: Log; readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  const write =
    (level: string) =>
    (event: string, fields: object = {}) =>
      void lines.push({ level, event, fields });
  const log = {
    trace: write('trace'),
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
  };
  return { log, lines };
}

export interface FakeNode {
  readonly app: NestFastifyApplication;
  readonly engine: SteeredEngine;
  readonly view: FakeView;
  readonly discovery: FakeDiscovery;
  readonly settings: NodeSettings;
  readonly lines: LogLine[];
  readonly port: number;
  readonly url: string;
  close(): Promise<void>;
}

/** A Map, or where the values of this run are in a server, an engine in front of that. */
async function newEngine(): Promise<SteeredEngine> {
  if (STORE_URL === '') return new FakeEngine();
  const { SteeredStore } = await import('../redis/steered-store');
  return SteeredStore.open(STORE_URL);
}

/** The gossip of a node without peers: whoever comes is let go of. */
const ALONE: GossipPort = {
  links: {
    refuse: (socket) => socket.destroy(),
    handleUpgrade: (_request, socket) => void socket.destroy(),
  },
  unsettled: 0,
  start: () => undefined,
  beginDrain: () => undefined,
  stop: () => Promise.resolve(),
};

export async function startFakeNode(changes: Partial<NodeSettings> = {}): Promise<FakeNode> {
  const settings = testSettings({ cluster: 'test', ...changes });
  const port = await portRange(1);
  const { log, lines } = recordingLog();
  const engine = await newEngine();
  engine.limitBytes = settings.storageBytesMax;
  const view = new FakeView(engine, settings, () => port);
  const discovery = new FakeDiscovery();
  const app = await createHttpApp({ settings, engine, view, discovery, gossip: ALONE, log });
  await app.listen(port, '127.0.0.1');
  const close = async (): Promise<void> => {
    await closeHttpApp(app);
    engine.close();
  };
  return { app, engine, view, discovery, settings, lines, port, url: `http://127.0.0.1:${port}`, close };
}
