// One link: two ends, each with a link id of its own node, and a FIFO pipe each way. A pipe delays,
// loses, duplicates or holds frames, and tells the sender when bytes were taken, as a socket with a
// bounded buffer does.
import type { Endpoint } from '../../../src/core/base/identity';
import type { LinkId } from '../../../src/core/base/inputs';
import type { EventQueue } from './event-queue';
import type { Line } from './line';
import type { Prng } from './prng';
import type { SimNode } from './sim-node';

export interface Weather {
  /** One-way delay and its variation, milliseconds. */
  readonly delayMs: number;
  readonly jitterMs: number;
  /** Probability that a frame vanishes or comes twice. */
  lossRate: number;
  duplicateRate: number;
  /**
   * Probability that a copy comes seconds later, behind others: what no stream does and an attacker
   * might.
   */
  replayRate: number;
}

export interface End {
  readonly node: SimNode;
  readonly linkId: LinkId;
  /** `down` comes at most once, `up` only from `pending`. */
  state: 'pending' | 'up' | 'down';
}

export interface PipeSurroundings {
  readonly queue: EventQueue;
  readonly prng: Prng;
  weatherBetween(a: SimNode, b: SimNode): Weather;
  isCut(from: SimNode, to: SimNode): boolean;
  lineBetween(from: SimNode, to: SimNode): Line | null;
  /** A frame of this end came to a closed socket. */
  bounced(from: End): void;
}

/** What a kernel takes in for a peer that does not read. */
const SOCKET_BUFFER_BYTES = 512 * 1024;
const REPLAY_AFTER_MS = [100, 6000] as const;

export class Pipe {
  /** Held: frames wait, and the sender's bytes are not taken. */
  stalled = false;
  /** Added to the delay of what is sent from now on. */
  lagMs = 0;
  private readonly held: (() => void)[] = [];
  private lastArrivalMs = 0;
  private sentBytes = 0;
  private readBytes = 0;
  private takenBytes = 0;

  constructor(
    private readonly from: End,
    private readonly to: End,
    private readonly around: PipeSurroundings,
  ) {}

  send(frame: Uint8Array): void {
    this.sentBytes += frame.byteLength;
    this.pass(() => this.launch(frame));
    this.take();
  }

  /** Runs `arrived` after everything sent before, one network delay from now. */
  deliver(arrived: () => void): void {
    this.pass(() => this.around.queue.at(this.arrivalMs(), arrived));
  }

  /** Lets go what was held, if nothing holds it any more. */
  release(): void {
    while (this.held.length > 0 && !this.holds()) this.held.shift()?.();
    this.take();
  }

  private holds(): boolean {
    return this.stalled || this.around.isCut(this.from.node, this.to.node);
  }

  private pass(launch: () => void): void {
    if (this.holds()) this.held.push(launch);
    else launch();
  }

  private arrivalMs(bytes = 0): number {
    const { delayMs, jitterMs } = this.around.weatherBetween(this.from.node, this.to.node);
    const { nowMs } = this.around.queue;
    const line = this.around.lineBetween(this.from.node, this.to.node);
    const { leftAtMs, stoodMs } = line?.passes(bytes, nowMs) ?? { leftAtMs: nowMs, stoodMs: 0 };
    const atMs = leftAtMs + stoodMs + this.lagMs + delayMs + this.around.prng.between(0, jitterMs);
    this.lastArrivalMs = Math.max(this.lastArrivalMs, atMs);
    return this.lastArrivalMs;
  }

  private launch(frame: Uint8Array): void {
    const { lossRate, duplicateRate, replayRate } = this.around.weatherBetween(this.from.node, this.to.node);
    const read = (): void => {
      this.readBytes += frame.byteLength;
      this.take();
    };
    const lost = this.around.prng.chance(lossRate);
    this.around.queue.at(this.arrivalMs(frame.byteLength), () => (lost ? read() : this.arrive(frame, read)));
    if (!lost && this.around.prng.chance(duplicateRate))
      this.around.queue.at(this.arrivalMs(), () => this.arrive(frame));
    if (this.around.prng.chance(replayRate))
      this.around.queue.after(this.around.prng.between(...REPLAY_AFTER_MS), () => this.replay(frame));
  }

  /** Nobody is told when the receiver is gone. */
  private replay(frame: Uint8Array): void {
    if (this.to.state === 'up') this.arrive(frame);
  }

  /** Bytes that the sender has handed over and the network has not taken yet. */
  get untakenBytes(): number {
    return this.sentBytes - this.takenBytes;
  }

  /**
   * A copy: neither side may see what the other does to the bytes later. It is lent: what the core
   * keeps of it must be a copy too.
   */
  private arrive(frame: Uint8Array, read?: () => void): void {
    if (this.to.state !== 'up') return this.around.bounced(this.from);
    // As sockets give it: `slice` of a Buffer copies nothing.
    const bytes = Buffer.from(frame);
    this.to.node.submit({ kind: 'frame', linkId: this.to.linkId, bytes, isLent: true }, () => {
      bytes.fill(0xff);
      read?.();
    });
  }

  /** Tells the sender what the network took since it was last told. */
  private take(): void {
    const bufferBytes = this.stalled ? 0 : SOCKET_BUFFER_BYTES;
    const takenBytes = Math.min(this.sentBytes, this.readBytes + bufferBytes);
    const bytes = takenBytes - this.takenBytes;
    if (bytes <= 0) return;
    this.takenBytes = takenBytes;
    this.around.queue.after(this.around.prng.between(0.01, 0.3), () => {
      if (this.from.state === 'up')
        this.from.node.submit({ kind: 'link-flushed', linkId: this.from.linkId, bytes });
    });
  }
}

export class Link {
  /** One end is gone and nobody will tell the other, not even a reset. */
  isHalfOpen = false;
  readonly pipes: readonly [Pipe, Pipe];

  /** `ends[0]` dialled `endpoint`; `pipes[i]` leads away from `ends[i]`. */
  constructor(
    readonly ends: readonly [End, End],
    readonly endpoint: Endpoint,
    around: PipeSurroundings,
  ) {
    this.pipes = [new Pipe(ends[0], ends[1], around), new Pipe(ends[1], ends[0], around)];
  }

  get isOpen(): boolean {
    return this.ends.some((end) => end.state !== 'down');
  }
}
