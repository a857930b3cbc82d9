// Takes what a connection sends before Node.js's parser gets it, and gives the connection back as
// it was. Node.js has the parser read straight from the handle of a socket, and stops that for
// whoever listens for data (what it calls `unconsume`). Both happen between two requests only, so
// the parser misses nothing.
import type { Socket } from 'node:net';

export type PieceListener = (piece: Buffer) => void;
type Listener = (...values: unknown[]) => void;

/** What Node.js keeps on its sockets, and leaves out of its types. */
interface Parser {
  _consumed: boolean;
  consume(handle: object): void;
  /** Milliseconds since the first byte of the request that it is reading; 0 between requests. */
  duration(): number;
}
interface ParsedSocket extends Socket {
  readonly parser?: Partial<Parser> | null;
  readonly _handle?: object | null;
}

const STEERED_BY = ['pause', 'resume'] as const;

export class ParserTap {
  private readonly steering: readonly (readonly [string, Listener])[];
  private taken: PieceListener = () => undefined;

  private constructor(
    readonly socket: Socket,
    /** Gives a piece to the parser. */
    readonly parse: PieceListener,
  ) {
    this.steering = STEERED_BY.flatMap((event) =>
      (socket.listeners(event) as Listener[]).map((listener) => [event, listener] as const),
    );
  }

  /**
   * Null where a socket has no parser that is between two requests, and that works in the way that
   * is known here.
   */
  static of(socket: Socket): ParserTap | null {
    const { parser } = socket as ParsedSocket;
    if (socket.destroyed || parser?._consumed !== true) return null;
    if (typeof parser.consume !== 'function' || parser.duration?.() !== 0) return null;
    const listeners = socket.listeners('data') as PieceListener[];
    return listeners.length === 1 ? new ParserTap(socket, listeners[0]) : null;
  }

  /** From now on what comes is handed to `taken`. */
  open(taken: PieceListener): void {
    const { socket, parse } = this;
    this.taken = taken;
    socket.on('data', taken);
    socket.off('data', parse);
  }

  /** The parser reads by itself again. */
  close(): void {
    const { socket, parse, taken, steering } = this;
    const { parser, _handle: handle } = socket as ParsedSocket;
    socket.on('data', parse);
    socket.off('data', taken);
    if (!parser?.consume || !handle) return;
    for (const [event, listener] of steering) {
      if (!socket.listeners(event).includes(listener)) socket.on(event, listener);
    }
    parser._consumed = true;
    parser.consume(handle);
  }
}
