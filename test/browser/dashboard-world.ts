// Networks that are not there, for looking at the dashboard in every state: servers that answer
// /status, /peers, /health/live and, when asked to, /events as nodes would, and the page as it was
// built.
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { extname, join } from 'node:path';

export interface FakeNode {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly host: string;
  state: 'alive' | 'suspect' | 'dead' | 'left';
  /** What the node itself says to be in. */
  phase: 'starting' | 'syncing' | 'ready' | 'draining';
  isLagging: boolean;
  isFull: boolean;
  isIndirect: boolean;
  missingWrites: number;
  /** The busier, the more writes, reads and delay. */
  pace: number;
}

const PAGES = join(__dirname, '..', '..', 'dist', 'pages');
const LIMIT_BYTES = 268_435_456;
const TYPES = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
]);
const POLICY =
  "default-src 'self'; connect-src 'self' http: https:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** `perHost[i]` nodes on host i, the first of them the one that is asked, on `port`. */
export function fakeNodes(perHost: readonly number[], port: number): FakeNode[] {
  return perHost.flatMap((many, hostIndex) =>
    Array.from({ length: many }, (_, index): FakeNode => {
      const number = hostIndex * 100 + index;
      return {
        id: (0xa1b2c3d4 + number * 7919).toString(16).padStart(16, '0'),
        name: `flux-node-${index + 1}`,
        address: hostIndex === 0 ? '127.0.0.1' : `10.0.${Math.floor(hostIndex / 250)}.${hostIndex + 10}`,
        port: hostIndex === 0 ? port + index : 8081 + index,
        host: `host${String(hostIndex).padStart(3, '0')}`,
        state: 'alive',
        phase: 'ready',
        isLagging: false,
        isFull: false,
        isIndirect: false,
        missingWrites: 0,
        pace: 1,
      };
    }),
  );
}

export class FakeWorld {
  /** What each node is said to be by all others, unless `views` has another answer. */
  readonly nodes: FakeNode[];
  /**
   * Of single witnesses (by port) about single nodes (by id): a state, or null for never heard of.
   */
  readonly views = new Map<number, ReadonlyMap<string, FakeNode['state'] | null>>();
  /** Answers of nodes (by port) that are not to be 200. */
  readonly refusals = new Map<number, number>();
  /** Paths asked, with the port. */
  readonly asked: string[] = [];
  hasStream = false;
  expectedNodes: number | null = null;
  quorum = 2;
  /** Seconds; figures follow from it. */
  seconds = 0;
  private readonly servers = new Map<number, Server>();
  private readonly streams = new Set<ServerResponse>();

  constructor(nodes: FakeNode[]) {
    this.nodes = nodes;
  }

  at(index: number): FakeNode {
    const node = this.nodes.at(index);
    if (node === undefined) throw new RangeError(`no node ${index}`);
    return node;
  }

  /** Lets the nodes at these ports of the first host answer. */
  async open(ports: readonly number[]): Promise<void> {
    for (const port of ports) {
      const server = createServer((request, response) => this.answer(port, request, response));
      this.servers.set(port, server.listen(port, '127.0.0.1'));
      await once(server, 'listening');
    }
  }

  async closePort(port: number): Promise<void> {
    const server = this.servers.get(port);
    this.servers.delete(port);
    if (server === undefined) return;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  }

  async close(): Promise<void> {
    for (const port of [...this.servers.keys()]) await this.closePort(port);
  }

  /** Tells every open stream. */
  tell(event: string, data: object): void {
    for (const stream of this.streams) stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  get isClosed(): boolean {
    return this.servers.size === 0;
  }

  get openStreams(): number {
    return this.streams.size;
  }

  private answer(port: number, request: IncomingMessage, response: ServerResponse): void {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    this.asked.push(`${port}${pathname}`);
    const refusal = this.refusals.get(port);
    if (refusal !== undefined && !pathname.startsWith('/assets') && pathname !== '/dashboard') {
      sendJson(response, { code: 'syncing' }, refusal);
    } else if (pathname.endsWith('/status')) sendJson(response, this.status(port));
    else if (pathname.endsWith('/peers')) sendJson(response, this.peers(port));
    // A page asks for it when an answer is late.
    else if (pathname.endsWith('/health/live')) sendJson(response, { status: 'ok' });
    else if (pathname.endsWith('/events') && this.hasStream) this.stream(response);
    else if (pathname.endsWith('/dashboard')) sendFile(response, 'dashboard/index.html');
    else if (pathname.includes('/assets/')) sendFile(response, `assets/${pathname.split('/').at(-1) ?? ''}`);
    else response.writeHead(404).end();
  }

  private stream(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'access-control-allow-origin': '*' });
    response.write('retry: 1000\n\n');
    this.streams.add(response);
    response.on('close', () => this.streams.delete(response));
  }

  private status(port: number): object {
    const node = this.nodes.find((each) => each.port === port && each.host === this.nodes[0]?.host);
    if (node === undefined) return {};
    const digest = this.digest(node);
    return {
      node_id: node.id,
      name: node.name,
      port,
      cluster: 'repram',
      version: '0.1.0',
      uptime_seconds: 86_400 + this.seconds,
      state: node.phase,
      storage: { ...digest, value_bytes: 0 },
      digest,
      replication: {
        quorum: this.quorum,
        counts: new Set(this.nodes.map(({ host }) => host)).size > 1 ? 'hosts' : 'nodes',
        repaired: { join: 1240, gap: 3, leaves: 0 },
        missing_writes: node.missingWrites,
        clock_offset_ms: 0,
      },
      membership: { expected_nodes: this.expectedNodes ?? this.nodes.length },
      event_loop: { p50_ms: 0.1, p99_ms: digest.loop_delay_ms, max_ms: 20 },
      config: { host_id: node.host },
    };
  }

  private peers(port: number): object {
    const self = this.nodes.find((each) => each.port === port && each.host === this.nodes[0]?.host);
    const view = this.views.get(port);
    const others = this.nodes.filter((node) => node !== self && view?.get(node.id) !== null);
    return {
      node_id: self?.id,
      peers: others.map((node) => this.peer(node, view?.get(node.id) ?? node.state)),
      last_updated: new Date(1_700_000_000_000 + this.seconds * 1000).toISOString(),
    };
  }

  private peer(node: FakeNode, state: FakeNode['state']): object {
    const isNear = node.host === this.nodes[0]?.host;
    const digest = this.digest(node);
    const agoMs = state === 'alive' ? 120 : 41_000;
    return {
      id: node.id,
      name: node.name,
      address: node.address,
      port: node.port,
      state,
      incarnation: 0,
      rtt_ms: (isNear ? 0.6 : 11) + this.wave(node, 3) * (isNear ? 0.8 : 6),
      last_seen: new Date(1_700_000_000_000 + this.seconds * 1000 - agoMs).toISOString(),
      host: node.host,
      reach: node.isIndirect ? 'indirect' : 'direct',
      lagging: node.isLagging,
      full: node.isFull,
      in_step: state === 'alive' && node.missingWrites === 0,
      missing_writes: 0,
      behind_writes: node.isLagging ? 214 : 0,
      queued_bytes: node.isLagging ? 1_400_000 : 0,
      clock_offset_ms: (isNear ? 0.2 : 3) * (this.wave(node, 9) - 0.5),
      digest,
    };
  }

  private digest(node: FakeNode): Record<string, number> {
    const keys = Math.round(18_000 + 3000 * Math.sin(this.seconds / 90) + this.seconds * 4);
    return {
      keys: node.missingWrites > 0 ? keys - node.missingWrites : keys,
      used_bytes: node.isFull ? LIMIT_BYTES * 0.97 : keys * 4100,
      limit_bytes: LIMIT_BYTES,
      puts_per_second: Math.round(node.pace * (14 + 22 * this.wave(node, 1) + 8 * this.wave(node, 5))),
      gets_per_second: Math.round(node.pace * (60 + 70 * this.wave(node, 2) + 20 * this.wave(node, 6))),
      loop_delay_ms: Math.round(1 + 3 * node.pace * this.wave(node, 4) ** 3),
      missing_writes: node.missingWrites,
    };
  }

  /** Between 0 and 1, smooth in time, different for each node and figure. */
  private wave(node: FakeNode, figure: number): number {
    const phase = (Number.parseInt(node.id.slice(-4), 16) % 97) + figure * 13;
    const slow = Math.sin((this.seconds + phase * 5) / (17 + figure * 3));
    const quick = Math.sin((this.seconds * 1.7 + phase) / (3 + figure));
    return 0.5 + 0.3 * slow + 0.2 * quick;
  }
}

function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  const headers = { 'content-type': 'application/json', 'access-control-allow-origin': '*' };
  response.writeHead(status, headers).end(JSON.stringify(body));
}

function sendFile(response: ServerResponse, file: string): void {
  const body = readFileSync(join(PAGES, file));
  const type = TYPES.get(extname(file)) ?? 'application/octet-stream';
  response.writeHead(200, { 'content-type': type, 'content-security-policy': POLICY }).end(body);
}
