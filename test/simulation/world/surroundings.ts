// What surrounds a simulated process: its machine, what performs its effects, and what looks on.
import type { Endpoint } from '../../../src/core/base/identity';
import type { FetchOutcome, Notification, PutOutcome } from '../../../src/core/base/effects';
import type { LinkId, RequestId } from '../../../src/core/base/inputs';
import type { WallClock } from './clock';
import type { EventQueue } from './event-queue';
import type { Prng } from './prng';
import type { SimNode } from './sim-node';

/** A machine: the scope of loopback and of one wall clock. */
export interface Host {
  readonly index: number;
  readonly address: string;
  readonly hostId: string;
  /** Added to a listening port to give the port under which other hosts reach it. */
  readonly portShift: number;
  readonly wall: WallClock;
}

/** What performs a node's network effects. */
export interface Wires {
  send(node: SimNode, linkId: LinkId, frame: Uint8Array): void;
  close(node: SimNode, linkId: LinkId): void;
  dial(node: SimNode, endpoint: Endpoint): void;
  probe(node: SimNode, endpoint: Endpoint): void;
}

/** What one call of the core did. */
export interface Step {
  frames: number;
  /** Values that became readable or expired. */
  changes: number;
}

/** What looks on. */
export interface Observer {
  sent(node: SimNode, frame: Uint8Array): void;
  dialled(node: SimNode, endpoint: Endpoint): void;
  putSettled(node: SimNode, requestId: RequestId, outcome: PutOutcome): void;
  fetchSettled(node: SimNode, requestId: RequestId, outcome: FetchOutcome): void;
  notified(node: SimNode, notification: Notification): void;
  /** The node did something no core may do at all. */
  actedUnasked(node: SimNode, what: string): void;
  stepped(node: SimNode, step: Step): void;
  /** The run makes no sense any more. */
  misbehaved(node: SimNode, what: string): void;
}

export interface Surroundings {
  readonly queue: EventQueue;
  readonly prng: Prng;
  readonly wires: Wires;
  readonly observer: Observer;
}
