// Answers that their clients have not taken yet. What Node.js keeps of them is charged to the
// ledger from the moment a socket takes no more. A client that takes too little for too long is cut
// off. A stored value costs nothing while it is stored. Once it was replaced or has expired, only
// its readers keep it in memory, and it is charged once.
import type { Socket } from 'node:net';
import type { PendingAnswer } from '../exchange';
import type { Ledger } from './ledger';
import { PinnedValues, type StoredValue, type ValueChanges } from './pinned-values';
import { Transfer, type Transfers } from './transfers';

/**
 * An answer that waits behind the one before it (pipelining) is part of the charge for its request
 * until it is larger than this.
 */
const QUEUED_ANSWER_BYTES = 8192;

/** Parts of Node.js that its types leave out. */
interface Unsent {
  /** Bytes of an answer that waits for the one before it. */
  readonly outputSize: number;
}
interface Handle {
  readonly bytesWritten: number;
  /** Of these, what the kernel has not taken. */
  readonly writeQueueSize: number;
}

interface Charge {
  bytes: number;
  value: StoredValue | null;
}

class UnreadSocket extends Transfer {
  readonly charges = new Map<PendingAnswer, Charge>();
  private lastMovedBytes = 0;

  constructor(
    readonly socket: Socket,
    readonly settleAll: () => void,
  ) {
    super();
  }

  get heldBytes(): number {
    let bytes = 0;
    for (const charge of this.charges.values()) bytes += charge.bytes + (charge.value?.chargedBytes ?? 0);
    return bytes;
  }

  get movedBytes(): number {
    const { _handle: handle } = this.socket as Socket & { readonly _handle?: Handle | null };
    if (handle) this.lastMovedBytes = handle.bytesWritten - handle.writeQueueSize;
    return this.lastMovedBytes;
  }

  /**
   * By a reset: closed in order, the kernel would keep what is left of the answer, megabytes of it,
   * for as long as the client's machine says that it may still read.
   */
  cut(): void {
    this.socket.resetAndDestroy();
    this.settleAll();
  }
}

export class UnreadAnswers {
  private readonly sockets = new Map<Socket, UnreadSocket>();
  private readonly pinned: PinnedValues;

  constructor(
    private readonly ledger: Ledger,
    private readonly transfers: Transfers,
    changes: ValueChanges,
  ) {
    this.pinned = new PinnedValues(ledger, changes, () => this.settleOverdraft());
  }

  /** Connections with answers that wait for their client. */
  get size(): number {
    return this.sockets.size;
  }

  /** To be called when something of `response` was written, or it was ended. */
  note(response: PendingAnswer): void {
    const { socket } = response.req;
    const isQueued = response.socket === null;
    const bytes = isQueued ? (response as unknown as Unsent).outputSize : socket.writableLength;
    if (isQueued ? bytes < QUEUED_ANSWER_BYTES : bytes === 0) return;
    if (!socket.destroyed) this.chargeFor(socket, response, bytes);
  }

  /** The same for an answer that is a stored value. That is in memory anyway while it is stored. */
  noteValue(
    response: PendingAnswer,
    value: StoredValue['bytes'],
    name: () => Omit<StoredValue, 'bytes'>,
  ): void {
    const charge = this.sockets.get(response.req.socket)?.charges.get(response);
    if (charge?.value !== null) return;
    const storedBytes = Math.min(charge.bytes, value.byteLength);
    this.ledger.give('answers', storedBytes);
    charge.bytes -= storedBytes;
    charge.value = this.pinned.pin({ ...name(), bytes: value });
  }

  private chargeFor(socket: Socket, response: PendingAnswer, bytes: number): void {
    const { charges } = this.sockets.get(socket) ?? this.watch(socket);
    const charge = charges.get(response);
    if (charge === undefined) {
      charges.set(response, { bytes, value: null });
      response.once('close', () => this.settle(socket, response));
    }
    this.ledger.charge('answers', bytes - (charge?.bytes ?? 0));
    if (charge !== undefined) charge.bytes = bytes;
    this.settleOverdraft();
  }

  private watch(socket: Socket): UnreadSocket {
    const settleAll = (): void => {
      for (const response of [...unread.charges.keys()]) this.settle(socket, response);
    };
    const unread = new UnreadSocket(socket, settleAll);
    this.sockets.set(socket, unread);
    this.transfers.begin(unread);
    socket.once('close', settleAll);
    return unread;
  }

  private settle(socket: Socket, response: PendingAnswer): void {
    const unread = this.sockets.get(socket);
    const charge = unread?.charges.get(response);
    if (unread === undefined || charge === undefined) return;
    unread.charges.delete(response);
    this.ledger.give('answers', charge.bytes);
    if (charge.value !== null) this.pinned.release(charge.value);
    if (unread.charges.size > 0) return;
    this.sockets.delete(socket);
    socket.off('close', unread.settleAll);
    this.transfers.end(unread);
  }

  /** What is there cannot be refused any more, so a slow client has to go. */
  private settleOverdraft(): void {
    const { ledger, transfers } = this;
    if (ledger.isOverdrawn) transfers.makeRoom(() => !ledger.isOverdrawn, null, true);
  }
}
