// What is true during one call of the core: the time, and where effects go. Parts keep a reference
// to the stage and never to a sink or a clock, so that nothing can act between calls.
import type { EffectSink } from './effects';
import type { Now } from './now';

export class Stage {
  /** Of the last call, monotonic milliseconds: for reports, which are made between calls. */
  lastMs = -Infinity;
  private current: { now: Now; sink: EffectSink } | null = null;

  run<T>(now: Now, sink: EffectSink, act: () => T): T {
    this.current = { now, sink };
    this.lastMs = now.monoMs;
    try {
      return act();
    } finally {
      this.current = null;
    }
  }

  get now(): Now {
    if (this.current === null) throw new Error('invariant broken: the core acts only within a call');
    return this.current.now;
  }

  get sink(): EffectSink {
    if (this.current === null) throw new Error('invariant broken: the core acts only within a call');
    return this.current.sink;
  }
}
