// A keep-alive HTTP/1.1 connection that costs next to nothing, so that the measuring side does not
// take the CPU it wants to measure. One request at a time; answers must carry Content-Length, as
// all of ours do.
import { connect, type Socket } from 'node:net';
import { type Place, targetOf } from '../../support/http/target';

export interface Answer {
  readonly status: number;
  readonly head: string;
  readonly body: Buffer;
}

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

const END_OF_HEAD = '\r\n\r\n';

export class HttpConnection {
  private received: Buffer = Buffer.alloc(0);
  private waiting: Waiting | null = null;

  private constructor(
    private readonly socket: Socket,
    limitMs: number,
  ) {
    socket.setNoDelay(true);
    socket.setTimeout(limitMs, () => socket.destroy(new Error(`no answer within ${limitMs} ms`)));
    socket.on('data', (chunk) => this.take(chunk));
    socket.on('error', (error) => this.fail(error));
    socket.on('close', () => this.fail(new Error('the connection was closed')));
  }

  /** Requests that take longer than `limitMs` fail, and the connection with them. */
  static open(place: Place, limitMs = 10_000): Promise<HttpConnection> {
    return new Promise((resolve, reject) => {
      const { host, port = 0, socketPath } = targetOf(place);
      const socket = connect(
        socketPath === undefined ? { host: String(host), port: Number(port) } : { path: socketPath },
      );
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new HttpConnection(socket, limitMs));
      });
    });
  }

  get isFree(): boolean {
    return this.waiting === null && !this.socket.destroyed;
  }

  request(method: 'GET' | 'PUT', path: string, body?: string): Promise<Answer> {
    const length = body === undefined ? '' : `Content-Length: ${Buffer.byteLength(body)}\r\n`;
    const text = `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${length}\r\n${body ?? ''}`;
    return new Promise((resolve, reject) => {
      if (!this.isFree) {
        reject(new Error('the connection is closed or busy'));
        return;
      }
      this.waiting = { resolve, reject };
      this.socket.write(text);
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private take(chunk: Buffer): void {
    this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk]);
    const headEnd = this.received.indexOf(END_OF_HEAD);
    if (headEnd === -1) return;
    const head = this.received.toString('latin1', 0, headEnd);
    const bodyStart = headEnd + END_OF_HEAD.length;
    const bodyEnd = bodyStart + Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
    if (this.received.length < bodyEnd) return;
    const body = this.received.subarray(bodyStart, bodyEnd);
    this.received = this.received.subarray(bodyEnd);
    const { waiting } = this;
    this.waiting = null;
    waiting?.resolve({ status: Number(head.slice(9, 12)), head, body });
  }

  private fail(error: Error): void {
    const { waiting } = this;
    this.waiting = null;
    waiting?.reject(error);
  }
}

/** One request on a connection of its own. */
export async function getJson(place: Place, path: string): Promise<unknown> {
  const connection = await HttpConnection.open(place);
  try {
    const { status, body } = await connection.request('GET', path);
    if (status !== 200) throw new Error(`GET ${path} answered ${status}`);
    return JSON.parse(body.toString('utf8'));
  } finally {
    connection.close();
  }
}
