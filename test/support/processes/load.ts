// Writes that never cease, at any node that answers; remembers which of them were acknowledged by
// the quorum.
import { put, type Place } from '../http/calls';

const WRITERS = 2;

export class Load {
  /** Keys whose write was answered 201. */
  readonly acknowledged: string[] = [];
  private stopping = false;
  private count = 0;
  private writers: Promise<void>[] = [];

  constructor(private readonly places: readonly Place[]) {}

  start(): void {
    this.writers = Array.from({ length: WRITERS }, () => this.write());
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.writers);
  }

  private async write(): Promise<void> {
    while (!this.stopping) {
      this.count += 1;
      const key = `load ${this.count}`;
      const place = this.places[this.count % this.places.length];
      const status = await put(place, key, 'x'.repeat(100), { ttl: 3600 }).then(
        (answer) => answer.status,
        () => 0,
      );
      if (status === 201) this.acknowledged.push(key);
      // A port that refuses must not be asked without a pause.
      if (status === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
