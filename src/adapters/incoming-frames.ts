// Takes the frames of a link out of its stream. `ws` reads a frame into a buffer of its own, made
// of buffers that Node.js makes for every read; of a large value that is two copies and as much
// garbage. So ordinary frames are taken here: whole binary messages without a mask, which are all
// that nodes send until they close. From the first other one on `ws` reads the rest, and says what
// is wrong with it.
//
// A socket without TLS is read into one buffer for all links of the process. Its frames are lent:
// it is filled anew after they were taken.
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { BINARY_WHOLE, LENGTH_16, LENGTH_64, MASKED } from './frame-head';
import { SOCKET_OPTIONS } from './peer-socket';

const HEAD_BYTES_MAX = 14;
/** Several of the largest pieces of a value, and little enough for a processor's cache. */
const READ_BYTES = 512 * 1024;
/** Room for the rest of a frame is kept up to this size. */
const KEPT_BYTES_MAX = 128 * 1024;

type DataListener = (this: Socket, chunk: Buffer) => void;
type Callback = (bytes: number, buffer: Buffer) => boolean;

/** What Node.js keeps on its sockets, and leaves out of its types. */
interface Readable {
  readonly _handle: { useUserBuffer?(buffer: Buffer): void } | null;
  [name: symbol]: Buffer | Callback | null;
}

export interface FrameTaker {
  /** Lent: `payload` changes after the call. */
  taken(payload: Buffer): void;
}

/** What `ws` reads with; it holds nothing between frames. */
export interface FrameReceiver {
  readonly _bufferedBytes: number;
  readonly _state: number;
}

/** Of `ws`: it waits for the start of a frame. */
const AT_START = 0;

/** Nothing in it outlasts a call, and there is one event loop. */
const readBuffer = Buffer.allocUnsafeSlow(READ_BYTES);

export class IncomingFrames {
  private isOurs = false;
  private hasLeft = false;
  /** The start of a head of which the rest has not come. */
  private head: Buffer | null = null;
  /** A payload of which the rest has not come: room for it, its length, and how much is there. */
  private room = Buffer.alloc(0);
  private length = 0;
  private filled = -1;

  /**
   * @param theirs how `ws` listens to `connection`
   * @param isMasked whether the other end dialled
   */
  constructor(
    private readonly connection: Socket,
    private readonly theirs: readonly DataListener[],
    private readonly receiver: FrameReceiver,
    private readonly isMasked: boolean,
    private readonly taker: FrameTaker,
  ) {
    for (const listener of theirs) connection.off('data', listener);
    connection.on('data', this.arrived);
  }

  private readonly arrived = (chunk: Buffer): void => {
    if (!this.isOurs) {
      // What came with the end of the greeting is in its hands yet.
      if (this.receiver._bufferedBytes > 0 || this.receiver._state !== AT_START) return this.pass(chunk);
      this.isOurs = true;
      readIntoOne(this.connection, (lent) => {
        if (this.hasLeft) this.connection.emit('data', Buffer.from(lent));
        else this.read(lent);
      });
    }
    this.read(chunk);
  };

  private read(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length && !this.hasLeft) {
      if (this.filled >= 0) at += this.fill(chunk, at);
      else if (this.head !== null) at += this.completeHead(this.head, chunk);
      else at = this.next(chunk, at);
    }
  }

  /** Takes the frame that begins at `at`; where the next one begins. */
  private next(chunk: Buffer, at: number): number {
    const size = headSize(chunk, at);
    if (at + size > chunk.length) {
      this.head = Buffer.from(chunk.subarray(at));
      return chunk.length;
    }
    const length = this.ordinaryLength(chunk, at, size);
    if (length === null) {
      this.leave(Buffer.from(chunk.subarray(at)));
      return chunk.length;
    }
    const start = at + size;
    const end = start + length;
    if (end <= chunk.length) {
      this.taker.taken(chunk.subarray(start, end));
      return end;
    }
    this.begin(length);
    return start;
  }

  /** `head` and the start of `chunk` are one head; how much of `chunk` belongs to it. */
  private completeHead(head: Buffer, chunk: Buffer): number {
    const joined = Buffer.concat([head, chunk.subarray(0, HEAD_BYTES_MAX)]);
    const size = headSize(joined, 0);
    if (size > joined.length) {
      this.head = joined;
      return chunk.length;
    }
    this.head = null;
    const length = this.ordinaryLength(joined, 0, size);
    if (length === null) {
      this.leave(Buffer.concat([head, chunk]));
      return chunk.length;
    }
    this.begin(length);
    if (length === 0) this.complete();
    return size - head.length;
  }

  /** Null for a frame that no node sends, or that closes. */
  private ordinaryLength(bytes: Buffer, at: number, size: number): number | null {
    const mark = this.isMasked ? MASKED : 0;
    if (bytes[at] !== BINARY_WHOLE || (bytes[at + 1] & MASKED) !== mark) return null;
    if (this.isMasked && bytes.readUInt32BE(at + size - 4) !== 0) return null;
    const short = bytes[at + 1] & ~MASKED;
    if (short < LENGTH_16) return short;
    if (short === LENGTH_16) return bytes.readUInt16BE(at + 2);
    const isTooLong = bytes.readUInt32BE(at + 2) !== 0;
    const length = bytes.readUInt32BE(at + 6);
    return isTooLong || length > SOCKET_OPTIONS.maxPayload ? null : length;
  }

  private begin(length: number): void {
    if (this.room.length < length) this.room = Buffer.allocUnsafeSlow(length);
    this.length = length;
    this.filled = 0;
  }

  /** How much of `chunk` belongs to the payload under way. */
  private fill(chunk: Buffer, at: number): number {
    const copied = chunk.copy(this.room, this.filled, at, at + this.length - this.filled);
    this.filled += copied;
    if (this.filled === this.length) this.complete();
    return copied;
  }

  private complete(): void {
    const payload = this.room.subarray(0, this.length);
    this.filled = -1;
    this.taker.taken(payload);
    if (this.room.length > KEPT_BYTES_MAX) this.room = Buffer.alloc(0);
  }

  /** `ws` reads from here on. */
  private leave(rest: Buffer): void {
    this.hasLeft = true;
    this.connection.off('data', this.arrived);
    for (const listener of this.theirs) this.connection.on('data', listener);
    this.pass(rest);
  }

  private pass(chunk: Buffer): void {
    for (const listener of this.theirs) listener.call(this.connection, chunk);
  }
}

/** Bytes of the head that begins at `at`; two where the second is not there yet. */
function headSize(bytes: Buffer, at: number): number {
  if (at + 1 >= bytes.length) return 2;
  const second = bytes[at + 1];
  const short = second & ~MASKED;
  const lengthBytes = short === LENGTH_64 ? 8 : short === LENGTH_16 ? 2 : 0;
  return 2 + lengthBytes + ((second & MASKED) === 0 ? 0 : 4);
}

/**
 * Has the socket read into the buffer of all links, as the option `onread` of one that dials does.
 * Sockets that a server accepted have no such option, so what it sets is set here. Where Node.js
 * has it no more, reads go on as they were.
 */
function readIntoOne(connection: Socket, arrived: (lent: Buffer) => void): void {
  const socket = connection as unknown as Readable;
  const names = Object.getOwnPropertySymbols(connection);
  const [buffer, callback] = ['kBuffer', 'kBufferCb'].map((name) =>
    names.find(({ description }) => description === name),
  );
  const { _handle: handle } = socket;
  if (connection instanceof TLSSocket || typeof handle?.useUserBuffer !== 'function') return;
  if (buffer === undefined || callback === undefined) return;
  socket[buffer] = readBuffer;
  socket[callback] = (bytes, from): boolean => {
    arrived(from.subarray(0, bytes));
    return true;
  };
  handle.useUserBuffer(readBuffer);
}
