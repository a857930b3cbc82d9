// Plain HTTP calls to nodes, each on a connection of its own unless an agent is given: a reused one
// may belong to a process that the test has just killed. And the waits that are built on them.
import { request } from 'node:http';
import type { Agent, IncomingHttpHeaders, IncomingMessage, RequestOptions } from 'node:http';
import { targetOf, type Place } from './target';
import { until } from '../basics/until';

export type { Place };

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface CallOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A list is sent chunked. */
  readonly body?: string | Buffer | readonly Buffer[];
  readonly agent?: Agent;
  readonly limitMs?: number;
}

/** One entry of /peers. */
export interface Peer {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly state: 'alive' | 'suspect' | 'dead' | 'left';
  readonly host: string;
  readonly reach: 'direct' | 'indirect';
}

export interface View {
  readonly node_id: string;
  readonly peers: readonly Peer[];
}

/** Rejects when the connection fails or nothing came within the limit (10 s). */
export function call(place: Place, path: string, options: CallOptions = {}): Promise<Answer> {
  const { method = 'GET', headers = {}, body, agent = false, limitMs = 10_000 } = options;
  const init: RequestOptions = { ...targetOf(place), path, method, headers, agent };
  return new Promise((resolve, reject) => {
    const sent = request(init, (response) => {
      receive(response).then(resolve, reject);
    });
    sent.setTimeout(limitMs, () =>
      sent.destroy(new Error(`no answer within ${limitMs} ms: ${method} ${path}`)),
    );
    sent.on('error', reject);
    if (body === undefined || typeof body === 'string' || Buffer.isBuffer(body)) {
      sent.end(body);
      return;
    }
    for (const chunk of body) sent.write(chunk);
    sent.end();
  });
}

export async function receive(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) };
}

export function put(
  place: Place,
  key: string,
  body: CallOptions['body'],
  options: CallOptions & { readonly ttl?: number } = {},
): Promise<Answer> {
  const path = `/data/${encodeURIComponent(key)}?ttl=${options.ttl ?? 600}`;
  return call(place, path, { ...options, method: 'PUT', ...(body === undefined ? {} : { body }) });
}

export function get(place: Place, key: string, options: CallOptions = {}): Promise<Answer> {
  return call(place, `/data/${encodeURIComponent(key)}`, options);
}

/** Status and text, for keys that the test expects. */
export async function read(place: Place, key: string, options: CallOptions = {}): Promise<string> {
  const { status, body } = await get(place, key, options);
  return `${status} ${body.toString()}`;
}

export async function viewOf(place: Place): Promise<View> {
  const { body } = await call(place, '/peers', { limitMs: 2000 });
  return JSON.parse(body.toString()) as View;
}

export async function isReady(place: Place): Promise<boolean> {
  return (await call(place, '/health/ready', { limitMs: 2000 })).status === 200;
}

/**
 * What is missing until each node is ready and shows exactly the others, and maybe who is gone,
 * alive and linked to it.
 */
async function meshProblem(places: readonly Place[], gone: readonly string[]): Promise<string> {
  const views = await Promise.all(places.map(viewOf));
  const ids = views.map((view) => view.node_id);
  if (new Set(ids).size !== places.length) return `not ${places.length} different nodes: ${ids.join(' ')}`;
  for (const { node_id: self, peers: all } of views) {
    const peers = all.filter(({ id, state }) => state !== 'dead' || !gone.includes(id));
    const wanted = ids.filter((id) => id !== self).sort();
    const shown = peers.map((peer) => peer.id).sort();
    if (shown.join() !== wanted.join()) return `${self} shows ${shown.join(' ')}, not ${wanted.join(' ')}`;
    const far = peers.find((peer) => peer.state !== 'alive' || peer.reach !== 'direct');
    if (far !== undefined) return `${self} shows ${far.id} as ${far.state} and ${far.reach}`;
  }
  const ready = await Promise.all(places.map(isReady));
  return ready.every(Boolean) ? '' : `ready: ${ready.join(' ')}`;
}

/**
 * Waits until all nodes are ready and each shows exactly the others, alive and linked to it;
 * answers their ids. Ids of `gone` may be shown as dead.
 */
export async function untilMesh(
  places: readonly Place[],
  deadlineMs = 60_000,
  gone: readonly string[] = [],
): Promise<string[]> {
  await until(
    async () => {
      const problem = await meshProblem(places, gone);
      if (problem !== '') throw new Error(problem);
      return true;
    },
    `a full mesh of ${places.join(', ')}`,
    deadlineMs,
  );
  return (await Promise.all(places.map(viewOf))).map((view) => view.node_id);
}

/**
 * Waits until each counts so many hosts: one counts when it was there for a few seconds, and who is
 * cut off sooner does not know of it.
 */
export async function untilCounted(places: readonly Place[], hosts: number): Promise<void> {
  const countedBy = async (place: Place): Promise<unknown> => {
    const { body } = await call(place, '/status');
    return (JSON.parse(body.toString()) as { membership: Record<string, unknown> }).membership.expected_hosts;
  };
  await until(
    async () => (await Promise.all(places.map(countedBy))).every((counted) => counted === hosts),
    `${places.length} nodes count ${hosts} hosts`,
    30_000,
  );
}

/** `count` successive ports. */
export function portsFrom(base: number, count: number): number[] {
  return Array.from({ length: count }, (_, offset) => base + offset);
}
