// Keeps the messages of the board: asks the node which keys there are, fetches the unseen ones, and
// lets each go at its own deadline without being told. Knows nothing of the DOM.

import { retryDelayMs } from './explain.js';
import { remainingMs } from './lifetime.js';
import { PREFIX, decodeContent, stampOf } from './message.js';
import { listKeys, readValue } from './node-api.js';

const POLL_MS = 2000;
const FETCHES_AT_ONCE = 6;
/** Messages shown at first, and added by each wish for more. */
const PAGE_SIZE = 100;
/** Browsers cannot sleep for ever; a deadline further away is simply looked at again. */
const SLEEP_MAX_MS = 3_600_000;

/** @typedef {import('./node-api.js').Failure} Failure */
/**
 * @typedef {object} Message
 * @property {string} key
 * @property {string} version
 * @property {import('./message.js').Content} content
 * @property {number} postedAtMs ms since 1970
 * @property {number} ttlSeconds
 * @property {number} deadlineMs on the clock of performance.now()
 * @property {number} listedAfterMs listings begun before this may not know the key yet
 */
/**
 * @typedef {object} Listener
 * @property {(message: Message) => void} appeared
 * @property {(message: Message) => void} ended
 * @property {(fresh: Message[], olderCount: number) => void} settled after each complete round
 * @property {(failure: Failure, retryInMs: number) => void} failed
 */

export class Feed {
  /** @type {Map<string, Message>} */
  #messages = new Map();
  /**
   * Versions that ran out here, kept while the node still lists their key. @type {Map<string,
   * string>}
   */
  #ended = new Map();
  #shownMax = PAGE_SIZE;
  #failures = 0;
  #polling = false;
  #pollAgain = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #pollTimer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #expiryTimer;
  #listener;

  /** @param {Listener} listener */
  constructor(listener) {
    this.#listener = listener;
  }

  get messages() {
    return this.#messages.values();
  }

  showOlder() {
    this.#shownMax += PAGE_SIZE;
    this.refresh();
  }

  /** Polls now; when a poll is under way, once more after it. */
  refresh() {
    clearTimeout(this.#pollTimer);
    if (this.#polling) this.#pollAgain = true;
    else void this.#poll();
  }

  async #poll() {
    this.#polling = true;
    const failure = await this.#round();
    this.#polling = false;
    this.#failures = failure === null ? 0 : this.#failures + 1;
    const waitMs = failure === null ? POLL_MS : retryDelayMs(failure, this.#failures, Math.random());
    if (failure !== null) this.#listener.failed(failure, waitMs);
    const again = this.#pollAgain;
    this.#pollAgain = false;
    this.#pollTimer = setTimeout(() => void this.#poll(), again ? 0 : waitMs);
  }

  /** @returns {Promise<Failure | null>} */
  async #round() {
    const begunMs = performance.now();
    const listing = await listKeys(PREFIX);
    if (!listing.ok) return listing.failure;
    this.#dropUnlisted(new Set(listing.value), begunMs);
    const newestFirst = byStamp(listing.value, Date.now());
    const unseen = newestFirst.slice(0, this.#shownMax).filter((key) => !this.#messages.has(key));
    const { fresh, failure } = await this.#fetchAll(unseen);
    if (failure === null) this.#listener.settled(fresh, Math.max(0, newestFirst.length - this.#shownMax));
    return failure;
  }

  /**
   * @param {Set<string>} listed
   * @param {number} begunMs
   */
  #dropUnlisted(listed, begunMs) {
    for (const message of this.#messages.values()) {
      if (!listed.has(message.key) && message.listedAfterMs <= begunMs) this.#end(message);
    }
    for (const key of this.#ended.keys()) {
      if (!listed.has(key)) this.#ended.delete(key);
    }
  }

  /** @param {string[]} keys */
  async #fetchAll(keys) {
    const queue = keys.values();
    /** @type {Message[]} */
    const fresh = [];
    /** @type {Failure | null} */
    let failure = null;
    const worker = async () => {
      for (const key of queue) {
        const fetched = await readValue(key);
        if (fetched.ok) fresh.push(...this.#admit(key, fetched.value));
        else if (!isAbsent(fetched.failure)) failure ??= fetched.failure;
        if (failure !== null) return;
      }
    };
    await Promise.all(Array.from({ length: FETCHES_AT_ONCE }, worker));
    return { fresh, failure: /** @type {Failure | null} */ (failure) };
  }

  /**
   * @param {string} key
   * @param {import('./node-api.js').StoredValue} value
   * @returns {Message[]} the message, or nothing when it has already ended
   */
  #admit(key, value) {
    if (this.#ended.get(key) === value.version) return [];
    const nowMs = performance.now();
    /** @type {Message} */
    const message = {
      key,
      version: value.version,
      content: decodeContent(value.bytes, value.whole),
      postedAtMs: Number.isFinite(value.createdAtMs) ? value.createdAtMs : stampOf(key, Date.now()),
      ttlSeconds: value.ttlSeconds,
      deadlineMs: nowMs + remainingMs(value, Date.now()),
      listedAfterMs: nowMs,
    };
    this.#messages.set(key, message);
    this.#listener.appeared(message);
    this.#armExpiry();
    return [message];
  }

  #armExpiry() {
    clearTimeout(this.#expiryTimer);
    const nextMs = Math.min(...Array.from(this.#messages.values(), (message) => message.deadlineMs));
    const waitMs = Math.min(SLEEP_MAX_MS, Math.max(0, nextMs - performance.now()));
    if (this.#messages.size > 0) this.#expiryTimer = setTimeout(() => this.#endDue(), waitMs);
  }

  #endDue() {
    const nowMs = performance.now();
    for (const message of this.#messages.values()) {
      if (message.deadlineMs <= nowMs) this.#end(message);
    }
    this.#armExpiry();
  }

  /** @param {Message} message */
  #end(message) {
    this.#messages.delete(message.key);
    this.#ended.set(message.key, message.version);
    this.#listener.ended(message);
  }
}

/**
 * Newest first; keys that tell no time come last.
 *
 * @param {string[]} keys
 * @param {number} wallMs
 */
function byStamp(keys, wallMs) {
  return keys
    .map((key) => ({ key, stamp: stampOf(key, wallMs) }))
    .sort((one, other) => other.stamp - one.stamp)
    .map(({ key }) => key);
}

/** @param {Failure} failure */
function isAbsent(failure) {
  return (
    failure.kind === 'refused' && failure.status >= 400 && failure.status < 500 && failure.status !== 429
  );
}
