// The least that can pass for a node before Fade's eyes: one Map behind any number of ports, no
// replication, no limits. Only for working on the page without building the product:
// FADE_STAND_IN=1 npx jest --selectProjects browser.
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { extname, join } from 'node:path';

interface Entry {
  readonly body: Buffer;
  readonly createdAtMs: number;
  readonly ttlSeconds: number;
}

interface World {
  readonly ports: readonly number[];
  readonly entries: Map<string, Entry>;
  readonly ttlMaxSeconds: number;
}

const PUBLIC = join(__dirname, '..', '..', 'fade', 'public');
const TYPES = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
]);

/** Starts one server per port; returns how to stop them. */
export async function startStandIn(
  ports: readonly number[],
  ttlMaxSeconds: number,
): Promise<() => Promise<void>> {
  const entries = new Map<string, Entry>();
  const servers = ports.map((port) =>
    createServer(
      (request, response) => void answer(request, response, port, { ports, entries, ttlMaxSeconds }),
    ).listen(port, '127.0.0.1'),
  );
  await Promise.all(servers.map((server) => once(server, 'listening')));
  return async () => {
    await Promise.all(servers.map(close));
  };
}

async function close(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  port: number,
  { ports, entries, ttlMaxSeconds }: World,
): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const name = (of: number) => `flux-node-${ports.indexOf(of) + 1}`;
  if (pathname.startsWith('/data/')) {
    const key = decodeURIComponent(pathname.slice('/data/'.length));
    if (request.method === 'PUT')
      entries.set(key, await entryFrom(request, Math.min(ttlMaxSeconds, Number(searchParams.get('ttl')))));
    answerData(response, entries.get(key), request.method === 'PUT');
  } else if (pathname === '/keys') {
    const prefix = searchParams.get('prefix') ?? '';
    const live = [...entries].filter(([key, entry]) => key.startsWith(prefix) && remainingMs(entry) > 0);
    sendJson(response, { keys: live.map(([key]) => key).sort() });
  } else if (pathname === '/status') {
    sendJson(response, { node_id: name(port), name: name(port), port });
  } else if (pathname === '/peers') {
    const others = ports.filter((other) => other !== port);
    const peers = others.map((other) => ({
      name: name(other),
      address: '127.0.0.1',
      port: other,
      state: 'alive',
    }));
    sendJson(response, { node_id: name(port), peers });
  } else {
    sendFile(response, pathname === '/' ? 'index.html' : pathname.replace(/^\/fade\//, ''));
  }
}

async function entryFrom(request: IncomingMessage, ttlSeconds: number): Promise<Entry> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return { body: Buffer.concat(chunks), createdAtMs: Date.now(), ttlSeconds };
}

function remainingMs(entry: Entry): number {
  return entry.createdAtMs + entry.ttlSeconds * 1000 - Date.now();
}

function answerData(response: ServerResponse, entry: Entry | undefined, isPut: boolean): void {
  if (entry === undefined || remainingMs(entry) <= 0) {
    response.writeHead(404, { 'Content-Type': 'application/problem+json' }).end('{"code":"not-found"}');
    return;
  }
  response.writeHead(isPut ? 201 : 200, {
    'Content-Type': 'application/octet-stream',
    'X-Created-At': new Date(entry.createdAtMs).toISOString(),
    'X-TTL': entry.ttlSeconds,
    'X-Original-TTL': entry.ttlSeconds,
    'X-Remaining-TTL': Math.floor(remainingMs(entry) / 1000),
    'X-Repram-Version': String(entry.createdAtMs),
    'X-Repram-Acks': '2/2',
  });
  response.end(isPut ? 'OK' : entry.body);
}

function sendJson(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

function sendFile(response: ServerResponse, file: string): void {
  try {
    const body = readFileSync(join(PUBLIC, file));
    response.writeHead(200, {
      'Content-Type': TYPES.get(extname(file)) ?? 'application/octet-stream',
      'Content-Security-Policy': "default-src 'self'",
      'X-Content-Type-Options': 'nosniff',
    });
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
}
