// What may sit between two ends: a tap that hears, changes or replaces bytes, and a reverse proxy
// that says for whom it asks.
import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { portRange } from '../processes/ports';

interface Place {
  readonly address: string;
  readonly port: number;
}

export interface Way {
  readonly endpoint: Place;
  close(): Promise<void>;
}

export type Direction = 'there' | 'back';

async function listening(server: Server, sockets: Set<Duplex>): Promise<Way> {
  const endpoint = { address: '127.0.0.1', port: await portRange(1) };
  await new Promise<void>((resolve) => server.listen(endpoint.port, endpoint.address, resolve));
  const close = (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  return { endpoint, close };
}

/** Passes everything on; `change` hears each piece and says what is passed on in its stead. */
export function tap(
  target: Place,
  change: (bytes: Buffer, direction: Direction) => Buffer = (bytes) => bytes,
): Promise<Way> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const onward = connect(target.port, target.address);
    for (const [from, to, direction] of [
      [socket, onward, 'there'],
      [onward, socket, 'back'],
    ] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy()).on('close', () => to.destroy());
      from.on('data', (bytes: Buffer) => void to.write(change(bytes, direction)));
    }
  });
  return listening(server, sockets);
}

/** Passes everything on, as from another host of loopback, and each piece `delayMs` later. */
export function slowWay(target: Place, delayMs: number, from: string): Promise<Way> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const onward = connect({ port: target.port, host: target.address, localAddress: from });
    for (const [near, far] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      sockets.add(near);
      const later = (act: () => void): void => void setTimeout(act, delayMs);
      near.on('error', () => far.destroy()).on('close', () => later(() => far.destroy()));
      near.on('data', (bytes: Buffer) => later(() => void far.write(bytes)));
    }
  });
  return listening(server, sockets);
}

/** Passes upgrades on, and adds X-Forwarded-For as proxies do. */
export function forwardingProxy(target: Place): Promise<Way> {
  const sockets = new Set<Duplex>();
  const server = createHttpServer();
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const onward = connect(target.port, target.address);
    const headers = Object.entries({ ...request.headers, 'x-forwarded-for': request.socket.remoteAddress });
    const lines = headers.map(([name, value]) => `${name}: ${String(value)}`);
    onward.write([`GET ${request.url ?? ''} HTTP/1.1`, ...lines, '', ''].join('\r\n'));
    onward.write(head);
    for (const [from, to] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy()).on('close', () => to.destroy());
      from.pipe(to);
    }
  });
  return listening(server, sockets);
}
