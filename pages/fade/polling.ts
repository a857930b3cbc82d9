// The way without events: asks which keys there are every two seconds, and reads the unseen ones.
import type { Failure } from '../node-api/calls';
import { listKeys, readValue, type StoredValue } from '../node-api/data';
import type { NodeList } from '../node-api/node-list';
import { retryDelayMs } from '../words/explain';
import type { Board } from './board';
import { PREFIX, stampOf } from './message';
import { messageOfAnswer } from './told';
import { remainingMs } from '../words/lifetime';

const POLL_MS = 2000;
const READS_AT_ONCE = 6;
const READS_MAX = 2000;

export interface PollListener {
  settled(): void;
  failed(failure: Failure, retryInMs: number): void;
}

export class Polling {
  private isRunning = false;
  private isAsking = false;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly board: Board,
    private readonly nodes: NodeList,
    private readonly listener: PollListener,
  ) {}

  start(): void {
    if (this.isRunning) return;
    this.isRunning = true;
    this.failures = 0;
    this.refresh();
  }

  stop(): void {
    this.isRunning = false;
    clearTimeout(this.timer);
  }

  /** Asks now, unless it does already or has stopped. */
  refresh(): void {
    if (!this.isRunning || this.isAsking) return;
    clearTimeout(this.timer);
    void this.ask();
  }

  private async ask(): Promise<void> {
    this.isAsking = true;
    const failure = await this.round();
    this.isAsking = false;
    if (!this.isRunning) return;
    this.failures = failure === null ? 0 : this.failures + 1;
    const waitMs = failure === null ? POLL_MS : retryDelayMs(failure, this.failures, Math.random());
    if (failure === null) this.listener.settled();
    else this.listener.failed(failure, waitMs);
    this.timer = setTimeout(() => void this.ask(), waitMs);
  }

  /** A message that came while the list was made may not be on it: it is not ended for that. */
  private async round(): Promise<Failure | null> {
    const base = this.nodes.current;
    const listing = await listKeys(base, PREFIX);
    if (!listing.ok) return listing.failure;
    this.board.beginListing();
    for (const key of listing.value) this.board.stillThere(key);
    this.board.endListing();
    return this.readAll(base, newestFirst(listing.value, Date.now()).slice(0, READS_MAX));
  }

  private async readAll(base: string, keys: readonly string[]): Promise<Failure | null> {
    const queue = keys.filter((key) => !this.board.holds(key)).values();
    let failure = null as Failure | null;
    const worker = async (): Promise<void> => {
      for (const key of queue) {
        const value = await readValue(base, key);
        if (value.ok) putAnswer(this.board, key, value.value);
        else if (!isAbsent(value.failure)) failure ??= value.failure;
        if (failure !== null) return;
      }
    };
    await Promise.all(Array.from({ length: READS_AT_ONCE }, worker));
    return failure;
  }
}

/** Puts what a node answered on the board. */
export function putAnswer(board: Board, key: string, value: StoredValue): void {
  const wallMs = Date.now();
  board.put(messageOfAnswer(key, value, wallMs), performance.now() + remainingMs(value, wallMs));
}

/** Newest first; keys that tell no time come last. */
function newestFirst(keys: readonly string[], wallMs: number): string[] {
  return keys
    .map((key) => ({ key, stamp: stampOf(key, wallMs) }))
    .sort((one, other) => other.stamp - one.stamp)
    .map(({ key }) => key);
}

function isAbsent(failure: Failure): boolean {
  return (
    failure.kind === 'refused' && failure.status >= 400 && failure.status < 500 && failure.status !== 429
  );
}
