// What a node may be lured to: servers of ours that count who came.
import { createServer as createHttpServer } from 'node:http';
import { createServer, Socket, type Server } from 'node:net';
import { WebSocketServer } from 'ws';
import { portRange } from '../processes/ports';

const servers: Server[] = [];

export interface Bait {
  readonly port: number;
  readonly calls: { begun: number; ended: number };
}

export async function bait(onCall: (socket: Socket) => void): Promise<Bait> {
  const calls = { begun: 0, ended: 0 };
  const server = createServer((socket) => {
    calls.begun += 1;
    socket.on('error', () => undefined).on('close', () => (calls.ended += 1));
    onCall(socket);
  });
  servers.push(server);
  const port = await portRange(1);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { port, calls };
}

/** Passes on to `port` what is said here, and tells `heard`. */
export function detour(port: number, heard: (bytes: Buffer) => void = () => undefined): Promise<Bait> {
  return bait((socket) => {
    const onward = new Socket().connect(port, '127.0.0.1').on('error', () => socket.destroy());
    socket.on('data', heard).on('close', () => onward.destroy());
    socket.pipe(onward).pipe(socket);
  });
}

/** Says every message back that it is sent. */
export function mirror(): Promise<Bait> {
  const webSockets = new WebSocketServer({ noServer: true });
  webSockets.on('connection', (webSocket) =>
    webSocket.on('message', (bytes: Buffer) => webSocket.send(bytes)),
  );
  const upgrades = createHttpServer().on('upgrade', (request, socket, head) => {
    webSockets.handleUpgrade(request, socket, head, (webSocket) => webSockets.emit('connection', webSocket));
  });
  return bait((socket) => upgrades.emit('connection', socket));
}

/** Resolves when nobody listens any more. */
export async function takeBaitsAway(): Promise<void> {
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
}
