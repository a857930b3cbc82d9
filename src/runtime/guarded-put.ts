// What an engine that holds the values in its own process makes of its other methods.
import type { DataEngine, EngineAbout } from './data-engine';

/** Judges and writes within one call: the second of two such writes sees the first. */
export function guardedPut(engine: Pick<DataEngine, 'get' | 'put'>): DataEngine['putIf'] {
  return (key, value, ttlMs, level, guard) => {
    const found = engine.get(key);
    if (found instanceof Promise) {
      found.catch(() => undefined);
      return Promise.resolve({ kind: 'undecided' });
    }
    const held = found?.version ?? null;
    return guard(held) ? engine.put(key, value, ttlMs, level) : Promise.resolve({ kind: 'unmet', held });
  };
}

export function aboutGossip(): EngineAbout {
  return { engine: 'gossip', isReachable: true };
}
