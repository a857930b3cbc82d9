// Where one HTTP server listens: on the address asked for, and in any case on 127.0.0.1. There the
// nodes of one host, the launcher and the health check of a container look for it. Where a host is
// an address of loopback, the server listens there alone.
import type { Server as HttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';

const LOOPBACK = '127.0.0.1';
/** Bound to one of these, the server is reached over loopback anyway. */
const COVERS_LOOPBACK: ReadonlySet<string> = new Set(['::', '0.0.0.0', LOOPBACK, `::ffff:${LOOPBACK}`]);

export class Listener {
  /**
   * Hands what arrives on loopback to the server. Listens only where the server does not hear it
   * itself.
   */
  private readonly door: Server;

  constructor(
    private readonly server: HttpServer,
    private readonly bindAddress: string,
    private readonly loopback = LOOPBACK,
  ) {
    this.door = createServer((socket) => server.emit('connection', socket));
    // A connection that could not be accepted (no descriptor left) is its client's trouble, not
    // this node's end.
    server.on('error', () => undefined);
    this.door.on('error', () => undefined);
  }

  /**
   * '' binds IPv6 and IPv4, or IPv4 alone where there is no IPv6. Rejects with the system's error;
   * nothing is bound then.
   */
  async listen(port: number): Promise<void> {
    await this.listenAsAsked(port);
    if (this.hearsLoopback()) return;
    try {
      await listenOn(this.door, port, LOOPBACK);
    } catch (error) {
      await closeServer(this.server);
      throw error;
    }
  }

  /**
   * By where it is bound, not by what was asked for. A name such as localhost may mean one of
   * several addresses.
   */
  private hearsLoopback(): boolean {
    const bound = this.server.address() as AddressInfo | null;
    return bound === null || COVERS_LOOPBACK.has(bound.address) || bound.address === this.loopback;
  }

  /** Takes no more connections; resolves when those it has are closed. */
  async close(): Promise<void> {
    await Promise.all(this.servers.map(closeServer));
  }

  /** Open now, upgraded ones included. */
  async connections(): Promise<number> {
    const counts = await Promise.all(this.servers.map(countConnections));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  private get servers(): Server[] {
    return [this.server, this.door];
  }

  private async listenAsAsked(port: number): Promise<void> {
    if (this.bindAddress !== '') return listenOn(this.server, port, this.bindAddress);
    try {
      await listenOn(this.server, port, '::');
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EAFNOSUPPORT' && code !== 'EADDRNOTAVAIL') throw error;
      await listenOn(this.server, port, '0.0.0.0');
    }
  }
}

function listenOn(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: Error): void => {
      server.off('error', settle);
      server.off('listening', settle);
      if (error === undefined) resolve();
      else reject(error);
    };
    server.on('error', settle);
    server.on('listening', settle);
    server.listen({ port, host, exclusive: true });
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    if ((server.address() as AddressInfo | null) === null) resolve();
    else server.close(() => resolve());
  });
}

function countConnections(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.getConnections((error, count) => resolve(error === null ? count : 0));
  });
}
