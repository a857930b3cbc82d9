// Requests of one node's HTTP server. Who wants a body may take it from the parser, piece by piece,
// and not from a stream: a stream costs a small body several turns of the queue of ticks and a
// dozen events. Without a taker it is Node.js's own message.
import { IncomingMessage } from 'node:http';

/**
 * Gets the pieces of a body as the parser finds them. Each call is made once its piece is there.
 */
export interface BodyTaker {
  piece(bytes: Buffer): void;
  end(): void;
  /** The connection is gone, or what came is not HTTP. */
  cut(): void;
}

/** Nothing is wanted of this body: it has none. */
const NOBODY: BodyTaker = { piece: () => undefined, end: () => undefined, cut: () => undefined };

/** What Node.js keeps on its messages, and leaves out of its types. */
interface Consuming {
  /** Somebody reads it. Node.js would read it to its end otherwise, once it is answered. */
  _consuming: boolean;
}

export class DirectMessage extends IncomingMessage {
  private taker: BodyTaker | null = null;

  /** False when a part of the body is in the stream already, so the rest has to come that way. */
  takeBody(taker: BodyTaker): boolean {
    if (this.complete || this.readableLength > 0 || this.readableFlowing !== null) return false;
    this.taker = taker;
    (this as unknown as Consuming)._consuming = true;
    return true;
  }

  /** For a request without a body. */
  takeNothing(): void {
    this.takeBody(NOBODY);
  }

  /** What comes from now on goes through the stream. */
  letGo(): void {
    this.taker = null;
  }

  override push(piece: Buffer | null, encoding?: BufferEncoding): boolean {
    if (this.taker === null) return super.push(piece, encoding);
    if (piece === null) this.taker.end();
    else this.taker.piece(piece);
    return true;
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.taker?.cut();
    super._destroy(error, done);
  }
}
