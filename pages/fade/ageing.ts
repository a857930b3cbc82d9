// Lets what can be seen grow older. What is out of sight costs nothing.

const TICK_MS = 500;
/** What comes into view is up to date already. */
const MARGIN = '200px';

type Update = (nowMs: number) => void;

export class Ageing {
  private readonly updates = new Map<Element, Update>();
  private readonly visible = new Set<Element>();
  private readonly observer = new IntersectionObserver((entries) => this.seen(entries), {
    rootMargin: MARGIN,
  });

  constructor() {
    setInterval(() => this.tick(), TICK_MS);
  }

  /** Calls `update` now, and twice a second while the element can be seen. */
  watch(element: Element, update: Update): () => void {
    this.updates.set(element, update);
    this.observer.observe(element);
    update(performance.now());
    return () => {
      this.observer.unobserve(element);
      this.updates.delete(element);
      this.visible.delete(element);
    };
  }

  isVisible(element: Element): boolean {
    return this.visible.has(element);
  }

  private seen(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) this.visible.delete(target);
      else if (this.updates.has(target)) {
        this.visible.add(target);
        this.updates.get(target)?.(performance.now());
      }
    }
  }

  private tick(): void {
    const nowMs = performance.now();
    for (const element of this.visible) this.updates.get(element)?.(nowMs);
  }
}
