import type { EngineChange, Version } from '../../runtime/data-engine';
import { Ledger } from './ledger';
import { PinnedValues } from './pinned-values';

const version = (hlc: number): Version => ({ hlc, origin: 'a' });

function pinned(): {
  ledger: Ledger;
  values: PinnedValues;
  tell: (change: EngineChange) => void;
  listeners: () => number;
} {
  const ledger = new Ledger(1000);
  const listeners = new Set<(changes: readonly EngineChange[]) => void>();
  const values = new PinnedValues(
    ledger,
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => undefined,
  );
  const tell = (change: EngineChange): void => {
    for (const listener of listeners) listener([change]);
  };
  return { ledger, values, tell, listeners: () => listeners.size };
}

function put(key: string, hlc: number): EngineChange {
  return { kind: 'put', key, version: version(hlc), ttlMs: 1, deadlineMs: 1, valueBytes: 100, value: null };
}

it('charges nothing for a value that is stored, and once for all its readers when it was replaced', () => {
  const { ledger, values, tell } = pinned();
  const bytes = Buffer.alloc(100);
  const readers = [1, 2, 3].map(() => values.pin({ key: 'k', version: version(1), bytes }));
  tell(put('other', 2));
  tell(put('k', 1));
  expect(ledger.usedBytes).toBe(0);
  tell(put('k', 2));
  tell(put('k', 3));
  expect(ledger.heldBy('answers')).toBe(100);
  for (const reader of readers.slice(1)) values.release(reader);
  expect(ledger.heldBy('answers')).toBe(100);
  values.release(readers[0]);
  expect(ledger.usedBytes).toBe(0);
});

it('charges each version of a key that is still being read', () => {
  const { ledger, values, tell } = pinned();
  for (const hlc of [1, 2, 3]) {
    values.pin({ key: 'k', version: version(hlc), bytes: Buffer.alloc(100) });
    tell(put('k', hlc + 1));
  }
  expect(ledger.usedBytes).toBe(300);
});

it('charges a value that has expired, and one that was never stored here', () => {
  const { ledger, values, tell } = pinned();
  values.pin({ key: 'k', version: version(1), bytes: Buffer.alloc(100) });
  tell({ kind: 'expire', key: 'k', version: version(1) });
  expect(ledger.usedBytes).toBe(100);
  values.pin({ key: 'fetched', version: null, bytes: Buffer.alloc(30) });
  expect(ledger.usedBytes).toBe(130);
});

it('listens to changes only while something is being read', () => {
  const { values, listeners } = pinned();
  expect(listeners()).toBe(0);
  const value = values.pin({ key: 'k', version: version(1), bytes: Buffer.alloc(1) });
  expect(listeners()).toBe(1);
  values.release(value);
  expect(listeners()).toBe(0);
});
