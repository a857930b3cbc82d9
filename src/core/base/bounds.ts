// What every number, text and list of the protocol may be. The writer brings whatever it is given
// within the same bound that the reader holds it to, so a node never says what its peers would
// refuse, and no sum, stamp or count that comes of what peers say can be too large to be said
// again. What is beyond a bound is junk and costs its sender the link; where a node of a later
// release may have a reason to say more (figures that are only shown, the version asked for), it is
// brought within.

/**
 * 2^48: far above what a life counts, and sums of 16 of them are exact; larger sums saturate
 * (`sumUpTo`).
 */
const COUNT = 2 ** 48;

/**
 * Numbers by which an answer finds its question: pings, sessions, fetches, transfers. Junk beyond.
 */
export const CORRELATION_MAX = COUNT;

/**
 * A node's own writes, numbered from 1, and watermarks of them: at a million writes a second nine
 * years. Junk beyond.
 */
export const SEQUENCE_MAX = COUNT;

/** Raised by refuting; above what a life of accusations leads to. Junk beyond. */
export const INCARNATION_MAX = COUNT;

/**
 * Keys, bytes, rates and delays that a node tells of itself. Shown and never acted on: brought
 * within.
 */
export const FIGURE_MAX = COUNT;

/**
 * Monotonic milliseconds (8,900 years): beyond, differences of two clocks stop being exact. Junk
 * beyond.
 */
export const MONOTONIC_MS_MAX = 2 ** 48;

/** Wall clock, milliseconds since 1970: until the year 2109. Junk beyond, and below 0. */
export const WALL_MS_MAX = 2 ** 42;

/**
 * A stamp in 1/1024 ms, as far as the wall clock goes; the clock that stamps stays below it
 * (version/hybrid-clock.ts). Junk beyond in a record; a fetch for a version beyond asks for one
 * that cannot be, which the greatest stamp is as well.
 */
export const STAMP_MAX = WALL_MS_MAX * 1024;

/**
 * Lives, ages, covers, and how long a member is in its state: 34 years. Sums of them stay exact on
 * the way on. Junk beyond.
 */
export const SPAN_MS_MAX = 2 ** 40;

/** Ages cross in sixteenths of a millisecond. */
export const AGE_UNITS_PER_MS = 16;

export const PORT_MAX = 65_535;

/**
 * Bytes of a key, as of a setting that allows the longest. Junk beyond, and so is what no client
 * can name: nothing, or no UTF-8.
 */
export const KEY_BYTES_MAX = 4096;

/**
 * Bytes of a value, as of a setting that allows the largest. What a node takes from its own clients
 * may be less and is no bound for its peers: theirs may take more. Junk beyond
 * (docs/adr/0071-limits-of-clients-are-not-limits-of-peers.md).
 */
export const VALUE_BYTES_MAX = 33_554_432;

/** Bytes of a message that is cut into chunks: the largest value, the longest key, and the rest. */
export const MESSAGE_BYTES_MAX = VALUE_BYTES_MAX + KEY_BYTES_MAX + 512;

/**
 * Bytes of anything that is read with its length in front. A reader takes far less, and judges it
 * by what it is.
 */
export const BLOB_BYTES_MAX = 2 ** 32;

/**
 * Bytes in UTF-8 of the texts of an identity. Settings keep to `cluster` and `hostId`. A longer
 * name is cut, a longer address left out. Junk beyond.
 */
export const TEXT_BYTES = {
  name: 128,
  cluster: 128,
  hostId: 64,
  address: 255,
} as const;

/** Of all addresses of an identity together, in bytes; what does not fit is left out. */
export const ADDRESSES_BYTES_MAX = 512;

/**
 * Items of one message. A sender stays far below; a reader takes no more, so that a frame of crumbs
 * costs no more than it does.
 */
export const LISTS = {
  addresses: 4,
  viewEntries: 1024,
  marks: 1024,
  acks: 4096,
  records: 4096,
  lines: 8,
} as const;

/**
 * The sum of counts from peers, never above `max`: what is shown or sent on stays a number that can
 * be.
 */
export function sumUpTo(max: number, counts: Iterable<number>): number {
  let sum = 0;
  for (const count of counts) sum = Math.min(max, sum + count);
  return sum;
}
