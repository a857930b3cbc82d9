// What an engine that holds the values in its own process makes of its other methods.
import { compareVersions, type DataEngine, type EngineAbout, type ReadRecord } from './data-engine';

type Holder = Pick<DataEngine, 'get' | 'peek' | 'put' | 'remainingMs'>;

/**
 * Peers are asked first where a read would ask them. From then to the write nothing is awaited: the
 * second of two such writes sees the first.
 */
export function guardedPut(engine: Holder): DataEngine['putIf'] {
  return async (key, value, ttlMs, level, guard) => {
    const asked = engine.get(key);
    const found = asked instanceof Promise ? await asked : asked;
    if (typeof found === 'string') return { kind: 'undecided', because: found };
    const held = newest(engine, found, engine.peek(key))?.version ?? null;
    return guard(held) ? engine.put(key, value, ttlMs, level) : { kind: 'unmet', held };
  };
}

/** Of what peers said, which may be over by now, and of what this node holds now. */
function newest(engine: Holder, found: ReadRecord | null, held: ReadRecord | null): ReadRecord | null {
  if (found === null || engine.remainingMs(found) === 0) return held;
  return held !== null && compareVersions(held.version, found.version) > 0 ? held : found;
}

export function aboutGossip(): EngineAbout {
  return { engine: 'gossip', isReachable: true };
}
