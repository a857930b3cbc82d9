// The engine that the data-engine contract is held against, handled with keys and values as text.
import type {
  DataEngine,
  Fetched,
  PutOutcome,
  ReadRecord,
  WriteLevel,
} from '../../../src/runtime/data-engine';

export interface EngineUnderTest {
  readonly engine: DataEngine;
  close(): Promise<void> | void;
}

/** The engine of the running test, with keys and values as text. */
export class EngineSubject {
  private current: EngineUnderTest | null = null;

  take(made: EngineUnderTest): void {
    this.current = made;
  }

  get engine(): DataEngine {
    if (this.current === null) throw new Error('there is an engine only within a test');
    return this.current.engine;
  }

  async put(key: string, value: string, ttlMs = 60_000, level: WriteLevel = 'one') {
    return written(await this.engine.put(bytes(key), bytes(value), ttlMs, level));
  }

  async get(key: string): Promise<ReadRecord | null> {
    return known(await this.engine.get(bytes(key)));
  }

  async close(): Promise<void> {
    await this.current?.close();
  }
}

export function bytes(text: string): Uint8Array {
  return Buffer.from(text, 'utf8');
}

export function textOf(record: ReadRecord | null): string | null {
  return record === null ? null : Buffer.from(record.value).toString('utf8');
}

export function known(fetched: Fetched): ReadRecord | null {
  if (typeof fetched !== 'string') return fetched;
  throw new Error(`the engine does not know: ${fetched}`);
}

export function written(outcome: PutOutcome): Extract<PutOutcome, { kind: 'held' | 'stored' }> {
  if (outcome.kind === 'held' || outcome.kind === 'stored') return outcome;
  throw new Error(`the write was refused: ${outcome.kind}`);
}
