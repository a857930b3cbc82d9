// A way to a server on which its answers trickle, if it is told so: none of them is lost, and there
// is no pause between them.
import { connect, createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';

const PIECE_BYTES = 400;
const EVERY_MS = 20;

export class SlowWay {
  isSlow = false;
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {}

  static async start(port: number, to: number): Promise<SlowWay> {
    const server = createServer();
    const way = new SlowWay(server);
    server.on('connection', (near) => way.join(near, connect(to, '127.0.0.1')));
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return way;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private join(near: Socket, far: Socket): void {
    let held = Buffer.alloc(0);
    const pump = setInterval(() => {
      const bytes = this.isSlow ? PIECE_BYTES : held.length;
      if (held.length > 0) near.write(held.subarray(0, bytes));
      held = held.subarray(bytes);
    }, EVERY_MS);
    near.pipe(far);
    far.on('data', (bytes) => (held = Buffer.concat([held, bytes])));
    for (const socket of [near, far]) {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        clearInterval(pump);
        near.destroy();
        far.destroy();
      });
    }
  }
}
