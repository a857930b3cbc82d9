// A way to a server. On it answers may trickle: none of them is lost, and there is no pause between
// them. And something may be done before anything arrives at the server.
import { connect, createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';

const PIECE_BYTES = 400;
const EVERY_MS = 20;

export class ServerWay {
  isSlow = false;
  /** Done before what a node sends goes on to the server. */
  before: () => Promise<unknown> = () => Promise.resolve();
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {}

  static async start(port: number, to: number): Promise<ServerWay> {
    const server = createServer();
    const way = new ServerWay(server);
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
    let sent = Promise.resolve();
    near.on('data', (bytes) => {
      sent = sent.then(async () => {
        await this.before();
        far.write(bytes);
      });
    });
    const trickling = this.answer(near, far);
    for (const socket of [near, far]) {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        clearInterval(trickling);
        near.destroy();
        far.destroy();
      });
    }
  }

  private answer(near: Socket, far: Socket): NodeJS.Timeout {
    let held = Buffer.alloc(0);
    far.on('data', (bytes) => {
      if (this.isSlow || held.length > 0) held = Buffer.concat([held, bytes]);
      else near.write(bytes);
    });
    return setInterval(() => {
      if (held.length > 0) near.write(held.subarray(0, PIECE_BYTES));
      held = held.subarray(PIECE_BYTES);
    }, EVERY_MS);
  }
}
