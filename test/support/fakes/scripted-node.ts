// A server that answers as a test says, so that the client meets nodes that do badly.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { PROBLEM_CODES, type ProblemCode } from '../../../src/http/problem-codes';

export type Answering = (request: IncomingMessage, response: ServerResponse) => void;

export const VERSION = '6888417e66400-b41fbb53eb6f9f49';

export class ScriptedNode {
  /** `METHOD /path` of all that was asked. */
  readonly asked: string[] = [];

  private constructor(
    private readonly server: Server,
    public answering: Answering,
  ) {
    server.on('request', (request, response) => {
      this.asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
      this.answering(request, response);
    });
  }

  static async start(answering: Answering = found): Promise<ScriptedNode> {
    const node = new ScriptedNode(createServer(), answering);
    node.server.listen(0, '127.0.0.1');
    await once(node.server, 'listening');
    return node;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}

/** Whatever key is asked for has the value `v`; every write is held. */
export function found({ method }: IncomingMessage, response: ServerResponse): void {
  const headers = { 'x-repram-version': VERSION, 'x-created-at': new Date().toISOString(), 'x-ttl': '600' };
  response.writeHead(method === 'PUT' ? 201 : 200, headers).end(method === 'PUT' ? 'OK' : 'v');
}

export function problem(code: ProblemCode, headers: Readonly<Record<string, string>> = {}): Answering {
  const { status, title } = PROBLEM_CODES[code];
  const body = JSON.stringify({
    type: `urn:repram:problem:${code}`,
    title,
    status,
    detail: 'As scripted.',
    code,
  });
  return (_, response) =>
    void response
      .writeHead(status, { 'content-type': 'application/problem+json', 'x-repram-node': '1', ...headers })
      .end(body);
}

export function page(status: number): Answering {
  return (_, response) =>
    void response.writeHead(status, { 'content-type': 'text/html' }).end('<p>gateway</p>');
}

export const hangs: Answering = () => undefined;

export const hangsUp: Answering = (request) => void request.socket.destroy();
