// Writers that go on while a test upsets the nodes: every key is written once, through whichever
// node answers, and what was acknowledged with 201 is remembered, because exactly that must still
// be there in the end.
import { setTimeout as delay } from 'node:timers/promises';
import { put } from '../http/calls';
import type { Place } from '../http/calls';
import { until } from '../basics/until';

const WRITERS = 4;
/**
 * Between two writes of a writer: enough to be under load, and not so much that the machine does
 * nothing else.
 */
const PAUSE_MS = 5;
/** A load that nobody stops ends by itself. */
const LASTS_MS = 100_000;

export class WriteLoad {
  /** Value by key of what was answered 201. */
  readonly acknowledged = new Map<string, string>();
  /** How often each status was answered; 0 is a call that failed. */
  readonly statuses = new Map<number, number>();
  private written = 0;
  private stopped = false;
  private readonly endsAtMs = performance.now() + LASTS_MS;
  private readonly writing: Promise<unknown>;

  /** `name` begins every key. */
  constructor(
    private readonly places: readonly Place[],
    private readonly name = 'load',
  ) {
    this.writing = Promise.all(Array.from({ length: WRITERS }, () => this.write()));
  }

  /** Waits until that many more writes were acknowledged. */
  async more(count: number): Promise<void> {
    const goal = this.acknowledged.size + count;
    await until(() => this.acknowledged.size >= goal, `${count} more writes are acknowledged`, 60_000);
  }

  count(status: number): number {
    return this.statuses.get(status) ?? 0;
  }

  async stop(): Promise<ReadonlyMap<string, string>> {
    this.stopped = true;
    await this.writing;
    return this.acknowledged;
  }

  private async write(): Promise<void> {
    while (!this.stopped && performance.now() < this.endsAtMs) {
      const number = this.written++;
      const [key, value] = [`${this.name} ${number}`, `value ${number}`];
      const place = this.places[number % this.places.length];
      const status = await put(place, key, value).then(
        (answer) => answer.status,
        () => 0,
      );
      this.statuses.set(status, this.count(status) + 1);
      if (status === 201) this.acknowledged.set(key, value);
      await delay(PAUSE_MS);
    }
  }
}
