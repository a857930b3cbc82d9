// Requests of one connection that come before the earlier ones are answered (RFC 9112, 9.3.2).
// Node.js hands them on at once and puts only their answers in order. Reads may be done side by
// side. Whatever may write waits until all in front of it is answered. What comes behind it waits
// until it is answered itself. And one packet can hold a thousand requests, so a connection has
// some of them begun in each turn of the event loop. The rest waits, and the connection is not read
// meanwhile: others have their turn.
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { EventTurns } from './event-turns';
import { holdReading } from './held-reading';
import { owedAnswer } from './owed-answers';
import { readTurns } from './read-turns';

/**
 * Requests behind another that one connection has begun in a turn: two milliseconds' work. Browsers
 * send none so, and clients that pipeline send ten or so at a time.
 */
const BEGUN_PER_TURN = 32;

const SAFE_METHODS: ReadonlySet<string | undefined> = new Set(['GET', 'HEAD', 'OPTIONS']);

interface Waiting {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** The requests of one connection that come behind another one. */
class Line {
  /** In their order. While there are any, nothing more is read of the connection. */
  private readonly waiting: Waiting[] = [];
  private readOn: (() => void) | null = null;
  private turn = -1;
  private begunInTurn = 0;
  private waitsForTurn = false;
  /** It had more than a turn allows since it was read. */
  private isMany = false;

  constructor(
    private readonly socket: Socket,
    private readonly turns: EventTurns,
    private readonly begin: (waiting: Waiting) => void,
  ) {}

  join(next: Waiting): void {
    if (this.waiting.length === 0 && this.mayBegin(next) && this.hasTurn()) {
      this.begin(next);
      return;
    }
    this.readOn ??= holdReading(this.socket);
    this.waiting.push(next);
    const { response } = next;
    const assign = response.assignSocket.bind(response);
    response.assignSocket = (socket: Socket): void => {
      assign(socket);
      this.goOn();
    };
    if (this.mayBegin(this.waiting[0])) this.waitForTurn();
  }

  /** All in front of it is answered, or is reading as it does itself. */
  private mayBegin({ request, response }: Waiting): boolean {
    return response.socket !== null || (isSafe(request) && isSafe(owedAnswer(this.socket)?.req));
  }

  private hasTurn(): boolean {
    const turn = this.turns.current();
    if (this.turn !== turn) {
      this.turn = turn;
      this.begunInTurn = 0;
    }
    this.begunInTurn += 1;
    return this.begunInTurn <= BEGUN_PER_TURN;
  }

  private goOn(): void {
    while (this.waiting.length > 0 && !this.waitsForTurn && !this.socket.destroyed) {
      const [next] = this.waiting;
      if (!this.mayBegin(next)) return;
      if (!this.hasTurn()) {
        this.waitForTurn();
        return;
      }
      this.waiting.shift();
      this.begin(next);
    }
    if (this.waiting.length === 0) this.readAgain();
  }

  /** Who had too many for a turn waits once more: of all such connections one is read in each. */
  private readAgain(): void {
    if (this.readOn === null || this.waitsForTurn) return;
    if (this.isMany) {
      this.isMany = false;
      this.waitForTurn();
      return;
    }
    this.readOn();
    this.readOn = null;
  }

  private waitForTurn(): void {
    if (this.waitsForTurn) return;
    this.waitsForTurn = true;
    this.isMany = this.waiting.length > 0;
    readTurns.wait(() => {
      this.waitsForTurn = false;
      this.begunInTurn = 0;
      this.goOn();
    });
  }
}

/**
 * Who sends one request behind the other, and is answered so quickly that none has to wait. The
 * parser hands on a whole packet of such requests in one turn. It costs those that are no such
 * sender a comparison.
 */
class Run {
  private last: Socket | null = null;
  private length = 0;
  private turn = -1;

  constructor(private readonly turns: EventTurns) {}

  /** This request is one too many of its connection for one turn. */
  isTooLong(socket: Socket): boolean {
    if (socket !== this.last) {
      this.last = socket;
      this.length = 0;
    }
    this.length += 1;
    if (this.length <= BEGUN_PER_TURN) return false;
    const turn = this.turns.current();
    if (turn === this.turn) return true;
    this.turn = turn;
    this.length = 0;
    return false;
  }
}

/** To be called when all else listens for requests of `server`. */
export function keepOrder(server: Server): void {
  const lines = new WeakMap<Socket, Line>();
  const turns = new EventTurns();
  const run = new Run(turns);
  const listeners = server.listeners('request') as RequestListener[];
  const begin = (request: IncomingMessage, response: ServerResponse): void => {
    for (const listener of listeners) listener.call(server, request, response);
  };
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    const { socket } = request;
    // Whose answer has the socket has nobody in front: all requests, but for pipelined ones.
    if (!run.isTooLong(socket) && response.socket !== null) {
      begin(request, response);
      return;
    }
    let line = lines.get(socket);
    if (line === undefined) {
      line = new Line(socket, turns, (next) => begin(next.request, next.response));
      lines.set(socket, line);
    }
    line.join({ request, response });
  });
}

function isSafe(request: IncomingMessage | undefined): boolean {
  return SAFE_METHODS.has(request?.method);
}
