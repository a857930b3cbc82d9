// Requests of one connection that come before the earlier ones are answered (RFC 9112, 9.3.2).
// Node.js hands them on at once and puts only their answers in order. Reads may be done side by
// side. Whatever may write waits until all in front of it is answered. What comes behind it waits
// until it is answered itself.
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { holdReading } from './held-reading';
import { owedAnswer } from './owed-answers';

const SAFE_METHODS: ReadonlySet<string | undefined> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The requests of one connection that wait. Nothing more is read of it meanwhile. */
class Line {
  private waiting = 0;
  private readonly readOn: () => void;

  constructor(
    socket: Socket,
    private readonly emptied: () => void,
  ) {
    this.readOn = holdReading(socket);
  }

  /** `begin` is called when it is the turn of `response`: all in front of it is answered. */
  join(response: ServerResponse, begin: () => void): void {
    this.waiting += 1;
    const assign = response.assignSocket.bind(response);
    response.assignSocket = (socket: Socket): void => {
      assign(socket);
      this.leave();
      begin();
    };
  }

  private leave(): void {
    this.waiting -= 1;
    if (this.waiting > 0) return;
    this.emptied();
    this.readOn();
  }
}

/** To be called when all else listens for requests of `server`. */
export function keepOrder(server: Server): void {
  const lines = new WeakMap<Socket, Line>();
  const listeners = server.listeners('request') as RequestListener[];
  const begin = (request: IncomingMessage, response: ServerResponse): void => {
    for (const listener of listeners) listener.call(server, request, response);
  };
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    // Whose answer has the socket has nobody in front: all requests, but for pipelined ones.
    if (response.socket !== null) {
      begin(request, response);
      return;
    }
    const { socket } = request;
    let line = lines.get(socket);
    if (line === undefined && isSafe(request) && isSafe(owedAnswer(socket)?.req)) {
      begin(request, response);
      return;
    }
    if (line === undefined) {
      line = new Line(socket, () => lines.delete(socket));
      lines.set(socket, line);
    }
    line.join(response, () => begin(request, response));
  });
}

function isSafe(request: IncomingMessage | undefined): boolean {
  return SAFE_METHODS.has(request?.method);
}
