// Speaks to a port byte by byte, for request lines that no HTTP client would send.
import { connect, type Socket } from 'node:net';
import { until } from '../basics/until';

/** A connection that keeps what it is answered. */
export class ByteConnection {
  private text = '';
  private ended = false;

  private constructor(readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => (this.text += chunk.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => (this.ended = true));
  }

  /** Does not wait for anything. */
  static start(port: number, localAddress = '127.0.0.1'): ByteConnection {
    return new ByteConnection(connect({ port, host: '127.0.0.1', localAddress }));
  }

  /** Resolves once `bytes` are on their way. */
  static async open(
    port: number,
    bytes: string | Buffer = '',
    localAddress = '127.0.0.1',
  ): Promise<ByteConnection> {
    const connection = ByteConnection.start(port, localAddress);
    await connection.write(bytes);
    return connection;
  }

  /** What was answered so far. */
  get answer(): string {
    return this.text;
  }

  get closed(): boolean {
    return this.ended;
  }

  /** Also resolves when the other end no longer listens. */
  write(bytes: string | Buffer): Promise<void> {
    return new Promise((resolve) => {
      this.socket.write(bytes, () => resolve());
    });
  }

  async status(deadlineMs = 10_000): Promise<number> {
    await until(() => this.closed || statusOf(this.text) !== 0, 'an answer or a closed socket', deadlineMs);
    return statusOf(this.text);
  }

  destroy(): void {
    this.socket.destroy();
  }
}

/**
 * Everything the peer answered until it closed, or fell silent for `quietMs` after its last byte.
 */
export function exchange(port: number, bytes: string | Buffer, quietMs = 150): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    const finish = (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
      socket.setTimeout(quietMs);
    });
    socket.setTimeout(2000);
    socket.on('timeout', finish).on('error', finish).on('close', finish);
  });
}

/**
 * The same for pieces, each of which is sent once nothing was answered any more to those before it.
 */
export function exchangeInTurn(port: number, pieces: readonly string[], quietMs = 40): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const rest = [...pieces];
    const socket = connect(port, '127.0.0.1');
    const finish = (): void => {
      socket.destroy();
      resolve(answer);
    };
    const goOn = (): void => {
      const piece = rest.shift();
      if (piece === undefined) finish();
      else socket.write(Buffer.from(piece, 'latin1'));
      socket.setTimeout(rest.length === 0 ? 2000 : quietMs);
    };
    socket.setNoDelay(true).on('connect', goOn).on('timeout', goOn);
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
      socket.setTimeout(rest.length === 0 ? 150 : quietMs);
    });
    socket.on('error', finish).on('close', finish);
  });
}

/** The status of the first answer in `text`; 0 when there is none. */
export function statusOf(text: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0);
}

/** The statuses of all answers in `text`, in order. */
export function statusesOf(text: string): number[] {
  return [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => Number(match[1]));
}
