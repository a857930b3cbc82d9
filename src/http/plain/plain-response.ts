// The answer to a plain request. Node.js looks at the answer that a connection owes when the
// connection ends or falls idle (its `_httpMessage`), and so do the limits of clients. While one of
// these is owed, it stands there.
import { EventEmitter } from 'node:events';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { OpenAnswer } from '../exchange';
import type { PlainRequest } from './plain-request';

/** Bodies up to this size cost less as a part of one text than as a piece of their own. */
const JOINED_BYTES_MAX = 4096;

const CLOSE_LINE = 'Connection: close\r\n';

/** What stands in every answer behind its own lines: the same for a second. */
const headEnd = { second: 0, keepAliveMs: -1, text: '' };

export interface PlainAnswer {
  readonly status: number;
  /** Header lines, each with its line break. */
  readonly lines: string;
  /** A text has characters below 256 only. */
  readonly body: Uint8Array | string;
  /** It is the last one of its connection, as its lines say. */
  readonly isLast: boolean;
}

interface AnsweringSocket extends Socket {
  _httpMessage?: unknown;
}

export class PlainResponse extends EventEmitter implements OpenAnswer {
  headersSent = false;
  /** All of it was handed over, or its connection is gone. Named as Node.js names it. */
  finished = false;
  /** The client has closed its half of the connection: set by Node.js. */
  _last = false;
  /** Its connection ends behind it, and it says so. */
  isLast = false;
  private isOwed = false;

  /**
   * @param keepAliveMs what the client is told of its idle connection
   * @param onUnread called when the socket has not taken all of it at once
   * @param onClosed called once, when it is finished
   */
  constructor(
    readonly req: PlainRequest,
    private readonly keepAliveMs: number,
    private readonly onUnread: (response: PlainResponse) => void,
    private readonly onClosed: () => void,
  ) {
    super();
  }

  get socket(): AnsweringSocket {
    return this.req.socket;
  }

  get closed(): boolean {
    return this.finished;
  }

  /** It takes longer than this turn. */
  owe(): void {
    this.isOwed = true;
    this.socket._httpMessage = this;
  }

  writeContinue(): void {
    this.writeInterim(100, 'Continue');
  }

  writeProcessing(): void {
    this.writeInterim(102, 'Processing');
  }

  send({ status, lines, body, isLast }: PlainAnswer): void {
    this.headersSent = true;
    if (isLast || this.isLast) this._last = true;
    const close = this.isLast && !isLast ? CLOSE_LINE : '';
    const own = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines}${close}content-length: ${body.length}\r\n`;
    const head = own + endOfHead(this.keepAliveMs, isLast || this.isLast);
    if (body.length <= JOINED_BYTES_MAX) this.write(head + (typeof body === 'string' ? body : latin1(body)));
    else {
      this.socket.cork();
      this.write(head);
      this.socket.write(body);
      this.socket.uncork();
    }
    if (this.socket.writableLength === 0) this.close();
    else this.waitForClient();
  }

  /** Its connection is gone, or all was sent. */
  close(): void {
    if (this.finished) return;
    this.finished = true;
    if (this.isOwed && this.socket._httpMessage === this) this.socket._httpMessage = null;
    if (this._last) this.socket.destroySoon();
    this.emit('close');
    this.onClosed();
  }

  private waitForClient(): void {
    if (!this.isOwed) this.owe();
    this.onUnread(this);
    // Its callback comes once all in front of it was taken.
    this.socket.write('', () => this.close());
  }

  private write(text: string): void {
    this.socket.write(text, 'latin1');
  }

  private writeInterim(status: number, reason: string): void {
    this.write(`HTTP/1.1 ${status} ${reason}\r\n\r\n`);
  }
}

/** As Node.js would write it. */
function endOfHead(keepAliveMs: number, isLast: boolean): string {
  const second = Math.floor(Date.now() / 1000);
  if (headEnd.second !== second || headEnd.keepAliveMs !== keepAliveMs) {
    headEnd.second = second;
    headEnd.keepAliveMs = keepAliveMs;
    headEnd.text = `${dateLine(second)}Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(keepAliveMs / 1000)}\r\n\r\n`;
  }
  return isLast ? `${dateLine(second)}\r\n` : headEnd.text;
}

function dateLine(second: number): string {
  return `Date: ${new Date(second * 1000).toUTCString()}\r\n`;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
