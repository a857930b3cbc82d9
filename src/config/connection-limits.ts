// How many connections a node takes, in total and from one address. Pure arithmetic over what the
// process and the ledger (memory-budget.ts) have.

/**
 * What a connection may cost that sends as much of a request's head as it may and never ends it. It
 * costs 12 KB when it is silent, 31 KB with a few long headers, 43 KB with a thousand short ones
 * (measured with Node.js 20).
 */
export const CONNECTION_BYTES = 44 * 1024;

/** Of the ledger; the rest is for what connections bring and fetch. */
const LEDGER_SHARE = 1 / 3;
/** Of all connections. Another address still gets in when three take as many as they may. */
const ADDRESS_SHARE = 1 / 4;
/**
 * Connections beyond the limit that are kept for this host, its health check, and for known peers.
 */
export const RESERVED_CONNECTIONS = 64;
/** Descriptors for everything that is no client: links, dials, files, the event loop. */
const OTHER_DESCRIPTORS = 192;
/**
 * The last descriptors, in which a connection is told 503 and served no more; of few, a quarter.
 */
const HELD_BACK_DESCRIPTORS = 16;
/** Beyond this a node is slow before it is full. */
const COMPUTED_MAX = 8192;
const COMPUTED_MIN = 16;

export interface ConnectionShape {
  /** Descriptors the process may have open. */
  readonly descriptors: number;
  readonly nodesInProcess: number;
  /** Bytes of one node's ledger. */
  readonly clientBytes: number;
  /** What the operator asked for; 0 = computed. */
  readonly max: number;
  readonly perAddressMax: number;
}

export interface ConnectionLimits {
  readonly max: number;
  readonly perAddressMax: number;
}

/** As many as the descriptors allow, whatever was asked for. */
export function connectionsPossible({ descriptors, nodesInProcess }: ConnectionShape): number {
  const share = Math.floor((descriptors - OTHER_DESCRIPTORS) / nodesInProcess) - RESERVED_CONNECTIONS;
  return Math.max(COMPUTED_MIN, share);
}

/** What the caps in effect need; more than there are where the least of them is in effect. */
export function descriptorsNeeded(shape: ConnectionShape): number {
  const { max } = connectionLimits(shape);
  return (max + RESERVED_CONNECTIONS) * shape.nodesInProcess + OTHER_DESCRIPTORS;
}

/**
 * Number of a descriptor from which on connections are refused. The kernel gives the lowest that is
 * free, so a high number tells that nearly all are taken.
 */
export function descriptorFrom(descriptors: number): number {
  return descriptors - Math.min(HELD_BACK_DESCRIPTORS, Math.floor(descriptors / 4));
}

/**
 * max = a third of the ledger / 44 KB, 16 to 8192, and never more than the descriptors allow;
 * per address = a quarter of that, at least 8.
 */
export function connectionLimits(shape: ConnectionShape): ConnectionLimits {
  const affordable = Math.floor((shape.clientBytes * LEDGER_SHARE) / CONNECTION_BYTES);
  const computed = Math.min(COMPUTED_MAX, Math.max(COMPUTED_MIN, affordable));
  const max = Math.min(shape.max > 0 ? shape.max : computed, connectionsPossible(shape));
  const perAddress =
    shape.perAddressMax > 0 ? shape.perAddressMax : Math.max(8, Math.floor(max * ADDRESS_SHARE));
  return { max, perAddressMax: Math.min(perAddress, max) };
}
