// The connections of one HTTP server, as long as they send plain requests: those are answered
// without Node.js's parser and its objects, which cost more than what a node does for a small value
// (docs/adr/0066-plain-requests-ahead-of-the-parser.md). What a connection sends is looked at piece
// by piece. A piece that is not one whole plain request goes to the parser as it came, and so does
// all that follows on that connection. So nothing is ever read twice, or by both.
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Follower } from '../data-lane';
import { holdReading } from '../held-reading';
import { owedAnswer } from '../owed-answers';
import { ParserTap } from './parser-tap';
import { type PlainRequest, PlainReader } from './plain-request';
import { PlainResponse } from './plain-response';

export interface PlainLaneParts {
  readonly answer: (request: PlainRequest, response: PlainResponse) => void;
  /** The client has not taken all of an answer. */
  readonly onUnread: (response: PlainResponse) => void;
  /** Bytes that wait for their turn; negative when it has come. */
  readonly onHeld: (socket: Socket, bytes: number) => void;
  /** While the server closes, the router is the one that ends connections. */
  readonly isClosing: () => boolean;
}

class PlainConnection {
  private readonly reader: PlainReader;
  private owed: PlainResponse | null = null;
  private held: { bytes: Buffer; readOn: () => void } | null = null;

  constructor(
    private readonly tap: ParserTap,
    private readonly keepAliveMs: number,
    private readonly parts: PlainLaneParts,
  ) {
    this.reader = new PlainReader(tap.socket);
    tap.open((piece) => {
      if (this.owed === null) this.begin(piece);
      else this.hold(piece);
    });
  }

  private begin(piece: Buffer): void {
    const { tap, parts } = this;
    const request = this.reader.read(piece);
    if (request?.isCommon === true && owedAnswer(tap.socket) === null && !parts.isClosing()) {
      this.answer(request);
    } else if (request === null) this.leaveToParser(piece);
    else tap.parse(piece);
  }

  private answer(request: PlainRequest): void {
    const response = new PlainResponse(request, this.keepAliveMs, this.parts.onUnread, this.goOn);
    this.parts.answer(request, response);
    if (response.finished) return;
    if (!response.headersSent) response.owe();
    this.owed = response;
  }

  /** Nothing more is read before the answer is sent. */
  private hold(piece: Buffer): void {
    const { held } = this;
    const { socket } = this.tap;
    this.held =
      held === null
        ? { bytes: piece, readOn: holdReading(socket) }
        : { ...held, bytes: Buffer.concat([held.bytes, piece]) };
    this.parts.onHeld(socket, piece.length);
  }

  private readonly goOn = (): void => {
    this.owed = null;
    if (this.held === null) return;
    const { bytes, readOn } = this.held;
    this.held = null;
    this.parts.onHeld(this.tap.socket, -bytes.length);
    if (!this.tap.socket.destroyed) this.begin(bytes);
    readOn();
  };

  private leaveToParser(piece: Buffer): void {
    this.tap.close();
    this.tap.parse(piece);
  }
}

/**
 * For a connection whose request the parser has read: once that is answered, what comes next may be
 * plain.
 */
export function plainFollower(server: Server, parts: PlainLaneParts): Follower {
  return (response) => {
    const { socket } = response.req;
    response.once('finish', () => {
      const tap = owedAnswer(socket) === null ? ParserTap.of(socket) : null;
      if (tap !== null) new PlainConnection(tap, server.keepAliveTimeout, parts);
    });
  };
}
