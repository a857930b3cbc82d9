// Thousands of requests to one node: pipelined over a few connections (RFC 9112, section 9.3.2),
// because a connection, or a turn of the event loop, for each would take most of a small machine's
// time.
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { Place } from './calls';
import { inParallel } from '../basics/in-parallel';

const CONNECTIONS = 4;
/** Requests under way on all of them. */
const WIDTH = 128;
const END_OF_HEAD = '\r\n\r\n';
const SILENCE_MAX_MS = 20_000;

interface Waiting {
  readonly resolve: (answer: string) => void;
  readonly reject: (error: Error) => void;
}

/** Key and value. */
export type Write = readonly [key: string, value: string];

class Pipeline {
  private readonly waiting: Waiting[] = [];
  private readonly socket: Socket;
  private received = '';

  constructor(place: Place, localAddress?: string) {
    const from = localAddress === undefined ? {} : { localAddress };
    this.socket =
      typeof place === 'number' ? connect({ port: place, host: '127.0.0.1', ...from }) : connect(place);
    this.socket.setNoDelay(true).setEncoding('latin1');
    this.socket.setTimeout(SILENCE_MAX_MS, () => this.socket.destroy(new Error('no answer')));
    this.socket.on('data', (text: string) => {
      this.take(text);
    });
    this.socket.on('error', (error) => this.fail(error));
    this.socket.on('close', () => this.fail(new Error('the connection was closed')));
  }

  /** "201 OK": status and body, byte for byte (latin1). */
  request(text: string): Promise<string> {
    return new Promise((resolve, reject) => {
      if (this.socket.destroyed) reject(new Error('the connection is closed'));
      this.waiting.push({ resolve, reject });
      this.socket.write(text, 'latin1');
    });
  }

  end(): void {
    this.socket.destroy();
  }

  private take(text: string): void {
    this.received += text;
    let start = 0;
    for (;;) {
      const headEnd = this.received.indexOf(END_OF_HEAD, start);
      if (headEnd === -1) break;
      const head = this.received.slice(start, headEnd);
      const bodyStart = headEnd + END_OF_HEAD.length;
      const bodyEnd = bodyStart + Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
      if (this.received.length < bodyEnd) break;
      this.waiting.shift()?.resolve(`${head.slice(9, 12)} ${this.received.slice(bodyStart, bodyEnd)}`);
      start = bodyEnd;
    }
    this.received = this.received.slice(start);
  }

  private fail(error: Error): void {
    for (const { reject } of this.waiting.splice(0)) reject(error);
  }
}

interface Spread {
  readonly localAddresses?: readonly string[];
  readonly connections?: number;
  /** Requests under way on all of them. */
  readonly width?: number;
}

/** "200 value", one for each request. */
export async function requestAll(
  place: Place,
  texts: readonly string[],
  { localAddresses = [], connections = CONNECTIONS, width = WIDTH }: Spread = {},
): Promise<string[]> {
  const count = Math.max(connections, localAddresses.length);
  const from = (position: number): string | undefined => localAddresses[position % localAddresses.length];
  const pipelines = Array.from({ length: count }, (_, position) => new Pipeline(place, from(position)));
  let sent = 0;
  try {
    return await inParallel(texts, width, (text) => pipelines[sent++ % count].request(text));
  } finally {
    for (const pipeline of pipelines) pipeline.end();
  }
}

/** "201 OK", one for each write. With `localAddresses` one connection from each of them. */
export function putAll(
  place: Place,
  writes: readonly Write[],
  localAddresses: readonly string[] = [],
): Promise<string[]> {
  const texts = writes.map(([key, value]) => {
    const length = `Content-Length: ${Buffer.byteLength(value)}`;
    return `PUT /data/${encodeURIComponent(key)}?ttl=600 HTTP/1.1\r\nHost: node\r\n${length}\r\n\r\n${value}`;
  });
  return requestAll(place, texts, { localAddresses });
}

/** "200 value", one for each key. */
export function readAll(place: Place, keys: readonly string[]): Promise<string[]> {
  return requestAll(
    place,
    keys.map((key) => `GET /data/${encodeURIComponent(key)} HTTP/1.1\r\nHost: node\r\n\r\n`),
  );
}
