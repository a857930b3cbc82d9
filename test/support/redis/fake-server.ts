// What may stand behind an address in place of a Redis: a listener that does to each connection
// what a test says, and counts what it could send.
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { portRange } from '../processes/ports';

/** @param asked what the node sent, whenever it sends; empty at the start */
export type Behaviour = (socket: Socket, asked: Buffer) => void;

/** What a server of today answers to HELLO. */
export const HELLO_ANSWER = helloAnswer({ version: '7.2.0', mode: 'standalone' });

const PART = 64 * 1024;

export class FakeServer {
  private readonly sockets = new Set<Socket>();
  /** Until now, ended ones too. */
  connections = 0;

  private constructor(
    readonly port: number,
    private readonly server: Server,
  ) {}

  static async start(behaviour: Behaviour): Promise<FakeServer> {
    const server = createServer({ noDelay: true });
    const fake = new FakeServer(await portRange(1), server);
    server.on('connection', (socket) => {
      fake.connections += 1;
      fake.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => fake.sockets.delete(socket));
      socket.on('data', (asked: Buffer) => behaviour(socket, asked));
      behaviour(socket, Buffer.alloc(0));
    });
    server.listen(fake.port, '127.0.0.1');
    await once(server, 'listening');
    return fake;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }
}

/** Sends this again and again, as fast as it is read, until the connection ends. */
export function flood(socket: Socket, begin: string, again: string, sent: (bytes: number) => void): void {
  const part = Buffer.alloc(Math.ceil(PART / again.length) * again.length, again);
  const more = (): void => {
    if (socket.destroyed) return;
    sent(part.length);
    socket.write(part, (error) => {
      if (error === undefined || error === null) setImmediate(more);
    });
  };
  socket.write(begin);
  more();
}

export function helloAnswer(facts: { readonly version: string; readonly mode: string }): string {
  const all = { server: 'redis', ...facts, role: 'master' };
  const words = Object.entries(all)
    .flat()
    .map((word) => `$${word.length}\r\n${word}\r\n`);
  return `*${words.length}\r\n${words.join('')}`;
}
