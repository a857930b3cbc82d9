// One link: a greeted WebSocket. What is sent within one turn of the event loop leaves in one
// write. The writes finished in one turn are reported as one number. Everything sent before a close
// still goes out. What arrives until the other end's close is still delivered, when it is its turn
// (./frame-turns.ts).
import assert from 'node:assert';
import type { Socket } from 'node:net';
import type { RawData, WebSocket } from 'ws';
import type { CloseReason } from '../core/base/effects';
import { Fifo } from '../core/base/fifo';
import { LIMITS } from '../core/base/settings';
import type { FrameTurns, Lane } from './frame-turns';
import type { FrameSeal } from './link-proof';
import { binaryMessage, POLICY_VIOLATION, protocolViolation } from './peer-socket';

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

export interface PeerLinkEvents {
  frame(bytes: Uint8Array): void;
  flushed(bytes: number): void;
  /** Once, before `down`: what arrived is no frame of this link, which is being closed for it. */
  invalid(problem: string): void;
  /** Once, the last event of all. */
  down(): void;
}

export class PeerLink implements Lane {
  usedMs = 0;
  private corked = false;
  private flushedBytes = 0;
  /** After an invalid frame nothing that follows can be trusted. */
  private deaf = false;
  /**
   * Messages whose turn has not come. The socket is not read meanwhile: no more than one read of it
   * waits.
   */
  private readonly waiting = new Fifo<Message>();
  /** What was wrong behind them. */
  private problemBehind: string | null = null;
  private closed = false;
  private ended = false;

  constructor(
    private readonly socket: WebSocket,
    private readonly connection: Socket,
    private readonly seal: FrameSeal | null,
    private readonly events: PeerLinkEvents,
    private readonly turns: FrameTurns,
  ) {
    connection.setNoDelay(true);
    connection.setKeepAlive(true, KEEP_ALIVE_MS);
    socket.on('message', (data, isBinary) => this.receive(data, isBinary));
    socket.on('error', (error) => {
      const problem = protocolViolation(error);
      if (problem === null) return;
      if (this.waiting.length === 0) this.giveUp(problem);
      else this.problemBehind = problem;
    });
    socket.on('close', () => {
      this.flushedBytes = 0;
      this.closed = true;
      if (this.waiting.length === 0) this.endOnce();
    });
  }

  get waitingFrames(): number {
    return this.waiting.length;
  }

  takeNext(): void {
    const message = this.waiting.shift();
    if (message !== undefined) this.take(message);
  }

  /** All that had come was taken: now what came behind it. */
  drained(): void {
    if (this.problemBehind !== null) this.giveUp(this.problemBehind);
    if (this.closed) this.endOnce();
    else this.socket.resume();
  }

  /** Queues one frame of at most LIMITS.frameBytesMax bytes; dropped when the link is closing. */
  send(frame: Uint8Array): void {
    assert(frame.length <= LIMITS.frameBytesMax, 'a frame fits the limit');
    if (this.socket.readyState !== this.socket.OPEN) return;
    this.corkForThisTurn();
    this.socket.send(this.seal === null ? frame : this.seal.seal(frame), (error) => {
      if (!error) this.countFlushed(frame.length);
    });
  }

  close(reason: CloseReason): void {
    if (reason === 'protocol-error') this.turnDeaf();
    this.socket.close(CLOSE_CODES[reason], reason);
  }

  terminate(): void {
    this.socket.terminate();
  }

  private corkForThisTurn(): void {
    if (this.corked) return;
    this.corked = true;
    this.connection.cork();
    setImmediate(() => {
      this.corked = false;
      this.connection.uncork();
    });
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

  private receive(data: RawData, isBinary: boolean): void {
    if (this.deaf) return;
    if (this.waiting.length === 0 && this.turns.hasTime) {
      const sinceMs = this.turns.begin();
      this.take({ data, isBinary });
      this.turns.took(this, sinceMs);
      return;
    }
    this.waiting.push({ data, isBinary });
    if (this.waiting.length > 1) return;
    this.socket.pause();
    this.turns.wait(this);
  }

  private take({ data, isBinary }: Message): void {
    const bytes = binaryMessage(data, isBinary);
    const frame = bytes === null || this.seal === null ? bytes : this.seal.open(bytes);
    if (frame === null) this.giveUp(bytes === null ? 'a text message' : 'a wrong counter or tag');
    else this.events.frame(ownBytes(frame));
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

interface Message {
  readonly data: RawData;
  readonly isBinary: boolean;
}

/**
 * A copy when `frame` is a small part of what was read from the socket. A kept view would keep all
 * of that.
 */
function ownBytes(frame: Uint8Array): Uint8Array {
  return frame.length * 2 < frame.buffer.byteLength ? Uint8Array.prototype.slice.call(frame) : frame;
}
