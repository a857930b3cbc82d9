// Takes what a connection sends before Node.js's parser gets it, and gives the connection back
// between two requests, so the parser misses nothing. At first Node.js has the parser read straight
// from the handle of a socket, and stops that for whoever listens for data (what it calls
// `unconsume`). It stays stopped: a parser that read from the handle again would be ahead of the
// bytes that still stand in the stream. So a connection that was ever tapped has one way in.
import type { Socket } from 'node:net';

export type PieceListener = (piece: Buffer) => void;

/** What Node.js keeps on its sockets, and leaves out of its types. */
interface Parser {
  /** Milliseconds since the first byte of the request that it is reading; 0 between requests. */
  duration(): number;
}
interface ParsedSocket extends Socket {
  readonly parser?: Partial<Parser> | null;
  /** While it has one. */
  [TAP]?: ParserTap | undefined;
}

const TAP = Symbol('the tap of a socket');

export class ParserTap {
  private taken: PieceListener = () => undefined;

  private constructor(
    readonly socket: Socket,
    /** Gives a piece to the parser. */
    readonly parse: PieceListener,
  ) {}

  /**
   * Null where a socket has no parser that is between two requests, and that works in the way that
   * is known here.
   */
  static of(socket: Socket): ParserTap | null {
    const { parser, [TAP]: tap } = socket as ParsedSocket;
    if (tap !== undefined || socket.destroyed || parser?.duration?.() !== 0) return null;
    const listeners = socket.listeners('data') as PieceListener[];
    return listeners.length === 1 ? new ParserTap(socket, listeners[0]) : null;
  }

  /** From now on what comes is handed to `taken`. */
  open(taken: PieceListener): void {
    const { socket, parse } = this;
    this.taken = taken;
    (socket as ParsedSocket)[TAP] = this;
    socket.on('data', taken);
    socket.off('data', parse);
  }

  /** The parser is handed what comes. */
  close(): void {
    const { socket, parse, taken } = this;
    (socket as ParsedSocket)[TAP] = undefined;
    socket.on('data', parse);
    socket.off('data', taken);
  }
}
