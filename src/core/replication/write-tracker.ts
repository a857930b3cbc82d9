// All writes of this node that wait for their level (docs/protocol.md, Writes). Settles each
// exactly once: with its verdict, or as stored only when the time is up. Deadlines are FIFO because
// the timeout is one constant.
import { Fifo } from '../base/fifo';
import type { PutOutcome } from '../base/effects';
import { assert } from '../base/assert';
import type { PendingWrite } from '../peer/pending-write';

export type SettledKind = 'held' | 'stored';

export class WriteTracker {
  private readonly byAge = new Fifo<PendingWrite>();
  private open = 0;
  private held = 0;
  private storedOnly = 0;

  constructor(
    /** Milliseconds that a write waits for its level. */
    readonly timeoutMs: number,
    private readonly onSettled: (write: PendingWrite, kind: SettledKind) => void,
  ) {}

  get pending(): number {
    return this.open;
  }

  get counts(): { held: number; storedOnly: number } {
    return { held: this.held, storedOnly: this.storedOnly };
  }

  /** Minds this write from now on; its first verdict is asked for when it has been sent. */
  begin(write: PendingWrite): void {
    this.open += 1;
    this.byAge.push(write);
  }

  /** Settles the write if its verdict is in. */
  judge(write: PendingWrite): void {
    if (write.settled) return;
    const verdict = write.verdict();
    if (verdict !== null) this.settle(write, verdict);
  }

  /** Settles what waited too long. */
  expire(monoMs: number): void {
    for (;;) {
      const oldest = this.byAge.peek();
      if (oldest === undefined) return;
      if (!oldest.settled) {
        if (monoMs < oldest.facts.startedAtMs + this.timeoutMs) return;
        this.settle(oldest, oldest.facts.level !== 'all' && oldest.hasQuorum() ? 'held' : 'stored');
      }
      this.byAge.shift();
    }
  }

  nextDeadlineMs(): number {
    while (this.byAge.peek()?.settled === true) this.byAge.shift();
    const oldest = this.byAge.peek();
    return oldest === undefined ? Infinity : oldest.facts.startedAtMs + this.timeoutMs;
  }

  private settle(write: PendingWrite, kind: SettledKind): void {
    assert(!write.settled, 'a write is settled once');
    write.settled = true;
    this.open -= 1;
    if (kind === 'held') this.held += 1;
    else this.storedOnly += 1;
    this.onSettled(write, kind);
  }
}

/** What its client is told. */
export function outcomeOf(write: PendingWrite, kind: SettledKind): PutOutcome {
  return {
    kind,
    version: write.facts.version,
    acks: write.copies,
    expected: write.facts.expected.nodes,
    hosts: write.hostCopies,
    expectedHosts: write.facts.expected.hosts,
  };
}
