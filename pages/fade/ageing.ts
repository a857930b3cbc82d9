// Lets what is drawn grow older. Only what is near the view is drawn, so there is little of it.

const TICK_MS = 500;

type Update = (nowMs: number) => void;

export class Ageing {
  private readonly updates = new Map<Element, Update>();

  constructor() {
    setInterval(() => this.tick(), TICK_MS);
  }

  /** Calls `update` now, and twice a second. */
  watch(element: Element, update: Update): () => void {
    this.updates.set(element, update);
    update(performance.now());
    return () => this.updates.delete(element);
  }

  private tick(): void {
    const nowMs = performance.now();
    for (const update of this.updates.values()) update(nowMs);
  }
}
