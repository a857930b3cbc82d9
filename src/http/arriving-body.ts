// A request body while it arrives, whoever wants it. Each chunk of it costs a call into JavaScript,
// however small it is: five megabytes in chunks of one byte are as much work as a thousand
// requests. So the pieces are counted beside the bytes.
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { readGarbage } from '../config/read-garbage';
import { Transfer } from './limits/transfers';
import { readTurns } from './read-turns';

/** Pieces of any size that every body may come in: enough for a small value byte by byte. */
const PIECES_FREE = 4096;
/**
 * Beyond those a piece must be worth its cost: 65,536 pieces for each MiB. Who sends line by line
 * has longer lines than that, and what is sent by packets or buffers has a hundred times as much.
 */
const BYTES_PER_PIECE_MIN = 16;
/**
 * Pieces after which others have their turn: half a millisecond's work. Bodies of large pieces have
 * none so many.
 */
const PIECES_PER_TURN = 512;

export abstract class ArrivingBody extends Transfer {
  protected arrivedBytes = 0;
  private pieces = 0;
  private piecesOfTurn = 0;
  private stopped = false;

  constructor(protected readonly message: IncomingMessage) {
    super();
  }

  get socket(): Socket {
    return this.message.socket;
  }

  get movedBytes(): number {
    return this.arrivedBytes;
  }

  /** To be called for each piece; false when there are too many of them for their bytes. */
  protected arrived(bytes: number): boolean {
    this.arrivedBytes += bytes;
    readGarbage.read(bytes);
    this.pieces += 1;
    this.piecesOfTurn += 1;
    if (this.piecesOfTurn === PIECES_PER_TURN) this.letOthersRead();
    return this.pieces <= PIECES_FREE || this.pieces <= PIECES_FREE + this.arrivedBytes / BYTES_PER_PIECE_MIN;
  }

  protected get isStopped(): boolean {
    return this.stopped;
  }

  /** Reads nothing of this connection any more, for good. What was read already still arrives. */
  protected stopReading(): void {
    this.stopped = true;
    this.hold();
  }

  private letOthersRead(): void {
    this.hold();
    readTurns.wait(() => {
      this.piecesOfTurn = 0;
      if (this.stopped) return;
      Reflect.deleteProperty(this.message, '_read');
      this.message._read(0);
    });
  }

  /**
   * Holds the socket and not the message: a message that is held gathers 16 KiB of pieces first,
   * and pieces of one byte cost a hundred times that. It asks for more by itself whenever it holds
   * nothing, so it may not for now.
   */
  private hold(): void {
    const { message } = this;
    message._read = (): void => undefined;
    message.socket.pause();
  }
}
