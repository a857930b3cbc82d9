// One link: a greeted WebSocket. What is sent within one turn of the event loop leaves in one
// write. The writes finished in one turn are reported as one number. Everything sent before a close
// still goes out. What arrives until the other end's close is still delivered.
import assert from 'node:assert';
import type { Socket } from 'node:net';
import type { RawData, WebSocket } from 'ws';
import type { CloseReason } from '../core/base/effects';
import { LIMITS } from '../core/base/settings';
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

export class PeerLink {
  private corked = false;
  private flushedBytes = 0;
  /** After an invalid frame nothing that follows can be trusted. */
  private deaf = false;

  constructor(
    private readonly socket: WebSocket,
    private readonly connection: Socket,
    private readonly seal: FrameSeal | null,
    private readonly events: PeerLinkEvents,
  ) {
    connection.setNoDelay(true);
    connection.setKeepAlive(true, KEEP_ALIVE_MS);
    socket.on('message', (data, isBinary) => this.receive(data, isBinary));
    socket.on('error', (error) => {
      const problem = protocolViolation(error);
      if (problem !== null) this.giveUp(problem);
    });
    socket.on('close', () => {
      this.flushedBytes = 0;
      events.down();
    });
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
    const bytes = binaryMessage(data, isBinary);
    const frame = bytes === null || this.seal === null ? bytes : this.seal.open(bytes);
    if (frame === null) this.giveUp(bytes === null ? 'a text message' : 'a wrong counter or tag');
    else this.events.frame(ownBytes(frame));
  }

  private giveUp(problem: string): void {
    if (this.deaf) return;
    this.deaf = true;
    this.events.invalid(problem);
    this.socket.close(POLICY_VIOLATION, 'invalid frame');
  }
}

/**
 * A copy when `frame` is a small part of what was read from the socket. A kept view would keep all
 * of that.
 */
function ownBytes(frame: Uint8Array): Uint8Array {
  return frame.length * 2 < frame.buffer.byteLength ? Uint8Array.prototype.slice.call(frame) : frame;
}
