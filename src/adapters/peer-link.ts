// One link: a greeted WebSocket. What is sent within one turn of the event loop leaves in one
// write. The writes finished in one turn are reported as one number. Everything sent before a close
// still goes out. What arrives until the other end's close is still delivered, when it is its turn
// (./frame-turns.ts).
import assert from 'node:assert';
import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { CloseReason } from '../core/base/effects';
import { Fifo } from '../core/base/fifo';
import { LIMITS } from '../core/base/limits';
import { headBytes, writeHead } from './frame-head';
import type { FrameTurns, Lane } from './frame-turns';
import { IncomingFrames, type FrameReceiver } from './incoming-frames';
import type { FrameSeal } from './link-proof';
import { canonicalAddress } from './peer-policy';
import { storeIdIn } from './same-store';
import { binaryMessage, POLICY_VIOLATION, protocolViolation, type Proven } from './peer-socket';

/**
 * Silence after which the kernel asks whether the other end still exists. Membership finds out long
 * before.
 */
const KEEP_ALIVE_MS = 15_000;

/** WebSocket close codes: RFC 6455, 7.4.1 where it has one, else of the private range. */
const CLOSE_CODES: Readonly<Record<CloseReason, number>> = {
  leaving: 1001,
  'protocol-error': 1002,
  duplicate: 4001,
  replaced: 4002,
  dead: 4003,
  self: 4004,
  silent: 4005,
  crowded: 4006,
};

/** Of the same range: what this end says without the core. */
const LEAVE_CODES = { 'other-store': 4007 } as const;

/** Bytes of a frame beyond which it is not worth its copy to be sent in one piece with its head. */
const JOINED_BYTES_MAX = 2048;

/** Frames of more bytes are lent to the core, which copies what it keeps. */
const OWNED_BYTES_MAX = 16 * 1024;

export interface LinkConnection extends Pick<Proven, 'socket' | 'connection' | 'seal'> {
  /** This end opened it. */
  readonly isDialer: boolean;
}

export interface PeerLinkEvents {
  /** `bytes` that are lent change after the call. */
  frame(bytes: Uint8Array, isLent: boolean): void;
  flushed(bytes: number): void;
  /** Once, before `down`: what arrived is no frame of this link, which is being closed for it. */
  invalid(problem: string): void;
  /** Once, the last event of all. */
  down(): void;
}

export class PeerLink implements Lane {
  usedMs = 0;
  /** Where the other end's values are, as it said last; null while it knows of no store. */
  storeId: string | null = null;
  private readonly socket: WebSocket;
  private readonly connection: Socket;
  private readonly seal: FrameSeal | null;
  private readonly isDialer: boolean;
  private corked = false;
  private flushedBytes = 0;
  /** After an invalid frame nothing that follows can be trusted. */
  private deaf = false;
  /**
   * Messages whose turn has not come. The socket is not read meanwhile: no more than one read of it
   * waits.
   */
  private readonly waiting = new Fifo<Buffer>();
  /** What was wrong behind them. */
  private problemBehind: string | null = null;
  private closed = false;
  private ended = false;

  constructor(
    { socket, connection, seal, isDialer }: LinkConnection,
    private readonly events: PeerLinkEvents,
    private readonly turns: FrameTurns,
  ) {
    this.socket = socket;
    this.connection = connection;
    this.seal = seal;
    this.isDialer = isDialer;
    connection.setNoDelay(true);
    connection.setKeepAlive(true, KEEP_ALIVE_MS);
    takeFrames(socket, connection, !isDialer, (payload) => this.receive(payload, true));
    socket.on('message', (data, isBinary) => {
      const bytes = binaryMessage(data, isBinary);
      if (bytes === null) this.refuse('a text message');
      else this.receive(bytes, false);
    });
    socket.on('ping', (data) => (this.storeId = storeIdIn(data.toString('latin1'))));
    socket.on('error', (error) => {
      const problem = protocolViolation(error);
      if (problem !== null) this.refuse(problem);
    });
    socket.on('close', () => {
      this.flushedBytes = 0;
      this.closed = true;
      if (this.waiting.length === 0) this.endOnce();
    });
  }

  /** Of the other end. */
  get address(): string {
    return canonicalAddress(this.connection.remoteAddress ?? '');
  }

  get waitingFrames(): number {
    return this.waiting.length;
  }

  takeNext(): void {
    const message = this.waiting.shift();
    if (message !== undefined) this.take(message, false);
  }

  /** All that had come was taken: now what came behind it. */
  drained(): void {
    if (this.problemBehind !== null) this.giveUp(this.problemBehind);
    if (this.closed) this.endOnce();
    else this.socket.resume();
  }

  /**
   * Queues one frame of at most LIMITS.frameBytesMax bytes, which ends with those of `shared`;
   * dropped when the link is closing.
   */
  send(frame: Uint8Array, shared?: Uint8Array): void {
    const length = frame.length + (shared?.length ?? 0);
    assert(length <= LIMITS.frameBytesMax, 'a frame fits the limit');
    if (this.socket.readyState !== this.socket.OPEN) return;
    this.corkForThisTurn();
    const { connection } = this;
    const flushed = (error?: Error | null): void => {
      if (!error) this.countFlushed(length);
    };
    const front = this.front(frame, shared, length);
    if (shared !== undefined) {
      connection.write(joined(front, frame));
      connection.write(shared, flushed);
    } else if (frame.length <= JOINED_BYTES_MAX) connection.write(joined(front, frame), flushed);
    else {
      connection.write(front);
      connection.write(frame, flushed);
    }
  }

  /** The head of the WebSocket's frame, and the seal. */
  private front(frame: Uint8Array, shared: Uint8Array | undefined, length: number): Buffer {
    const seal =
      this.seal === null
        ? null
        : shared === undefined
          ? this.seal.front(frame)
          : this.seal.front(frame, shared);
    const payloadBytes = length + (seal?.length ?? 0);
    const front = Buffer.allocUnsafe(headBytes(payloadBytes, this.isDialer) + (seal?.length ?? 0));
    const at = writeHead(front, payloadBytes, this.isDialer);
    if (seal !== null) front.set(seal, at);
    return front;
  }

  close(reason: CloseReason): void {
    if (reason === 'protocol-error') this.turnDeaf();
    this.socket.close(CLOSE_CODES[reason], reason);
  }

  /** False when it is being closed already. */
  leave(reason: keyof typeof LEAVE_CODES): boolean {
    if (this.socket.readyState !== this.socket.OPEN) return false;
    this.socket.close(LEAVE_CODES[reason], reason);
    return true;
  }

  /**
   * By a ping of the WebSocket, which nodes use for nothing else. From then on `ws` reads this
   * link (./incoming-frames.ts). It carries no values: servers have them.
   */
  tellStore(id: string | null): void {
    if (this.socket.readyState === this.socket.OPEN) this.socket.ping(id ?? '');
  }

  /** What was sent in this turn leaves now, and not at its end. */
  flush(): void {
    if (!this.corked) return;
    this.corked = false;
    this.connection.uncork();
  }

  private corkForThisTurn(): void {
    if (this.corked) return;
    this.corked = true;
    this.connection.cork();
    setImmediate(() => this.flush());
  }

  private countFlushed(bytes: number): void {
    if (this.flushedBytes === 0) {
      process.nextTick(() => {
        const flushed = this.flushedBytes;
        this.flushedBytes = 0;
        if (flushed > 0) this.events.flushed(flushed);
      });
    }
    this.flushedBytes += bytes;
  }

  /** @param isLent whether the bytes change after the call */
  private receive(bytes: Buffer, isLent: boolean): void {
    if (this.deaf || this.problemBehind !== null) return;
    if (this.waiting.length === 0 && this.turns.hasTime) {
      const sinceMs = this.turns.begin();
      this.take(bytes, isLent);
      this.turns.took(this, sinceMs);
      return;
    }
    this.waiting.push(isLent ? Buffer.from(bytes) : bytes);
    if (this.waiting.length > 1) return;
    this.socket.pause();
    this.turns.wait(this);
  }

  private take(bytes: Buffer, isLent: boolean): void {
    const frame = this.seal === null ? bytes : this.seal.open(bytes);
    if (frame === null) this.giveUp('a wrong counter or tag');
    else if (isLent && frame.length > OWNED_BYTES_MAX) this.events.frame(plain(frame), true);
    else this.events.frame(isLent ? copyOf(frame) : ownBytes(frame), false);
  }

  /** When what came before has been taken. */
  private refuse(problem: string): void {
    if (this.waiting.length === 0) this.giveUp(problem);
    else this.problemBehind ??= problem;
  }

  private giveUp(problem: string): void {
    if (this.deaf) return;
    this.turnDeaf();
    this.events.invalid(problem);
    this.socket.close(POLICY_VIOLATION, 'invalid frame');
  }

  private endOnce(): void {
    if (this.ended) return;
    this.ended = true;
    this.events.down();
  }

  private turnDeaf(): void {
    this.deaf = true;
    this.waiting.clear();
  }
}

/** Has the frames of ordinary messages taken, ahead of `ws`. */
function takeFrames(
  socket: WebSocket,
  connection: Socket,
  isMasked: boolean,
  taken: (payload: Buffer) => void,
): void {
  const { _receiver: receiver } = socket as WebSocket & { readonly _receiver: FrameReceiver };
  const theirs = connection.listeners('data') as ((chunk: Buffer) => void)[];
  new IncomingFrames(connection, theirs, receiver, isMasked, { taken });
}

function joined(front: Buffer, frame: Uint8Array): Buffer {
  const whole = Buffer.allocUnsafe(front.length + frame.length);
  whole.set(front);
  whole.set(frame, front.length);
  return whole;
}

/**
 * A copy when `frame` is a small part of what was read from the socket. A kept view would keep all
 * of that.
 */
function ownBytes(frame: Uint8Array): Uint8Array {
  return frame.length * 2 < frame.buffer.byteLength ? copyOf(frame) : plain(frame);
}

/** In a buffer of its own: those of Node.js share one when they are small. */
function copyOf(frame: Uint8Array): Uint8Array {
  return new Uint8Array(frame);
}

/** The same bytes. A part of a Buffer is a Buffer, which takes several times as long to make. */
function plain(frame: Uint8Array): Uint8Array {
  return new Uint8Array(frame.buffer, frame.byteOffset, frame.byteLength);
}
