import { HungOrder, type Watched } from './hung-order';

const HUNG_AFTER_MS = 30_000;
const PATIENCE_MS = 10 * HUNG_AFTER_MS;

interface Place extends Watched {
  readonly name: string;
}

function speaks(name: string, readyAtMs: number | null = 2000, wholeSinceMs = readyAtMs ?? Infinity): Place {
  return { name, isHung: false, silentForMs: 0, readyAtMs, wholeSinceMs };
}

function hung(name: string, silentForMs = HUNG_AFTER_MS, readyAtMs: number | null = 2000): Place {
  return { name, isHung: true, silentForMs, readyAtMs, wholeSinceMs: readyAtMs ?? Infinity };
}

function starting(name: string): Place {
  return speaks(name, null);
}

describe('HungOrder', () => {
  let order: HungOrder<Place>;

  beforeEach(() => {
    order = new HungOrder(HUNG_AFTER_MS);
  });

  function next(nowMs: number, ...places: readonly Place[]): string | null {
    return order.next(places, nowMs)?.name ?? null;
  }

  it('leaves those alone that speak', () => {
    expect(next(100_000, speaks('a'), starting('b'))).toBeNull();
  });

  it('kills a hung one when another speaks that was ready before', () => {
    expect(next(100_000, speaks('a'), hung('b'))).toBe('b');
  });

  it('kills one that hung within a beat of when they all became ready', () => {
    const silentSinceMs = 100_000 - HUNG_AFTER_MS;
    expect(next(100_000, speaks('a', silentSinceMs + 1500), hung('b'))).toBe('b');
    expect(next(100_000, speaks('a', silentSinceMs + 2500), hung('c'))).toBeNull();
  });

  it('lets two wake up when the third had stood still itself until they fell silent', () => {
    const silentForMs = HUNG_AFTER_MS + 1000;
    const woken = speaks('c', 2000, 100_000 - silentForMs + 10_000);
    expect(next(100_000, hung('a', silentForMs), hung('b', silentForMs), woken)).toBeNull();
    const late = PATIENCE_MS;
    expect(next(370_000, hung('a', late), hung('b', late), woken)).toBe('a');
  });

  it('kills the only one there is', () => {
    expect(next(100_000, hung('a'))).toBe('a');
    expect(next(140_000, hung('a', HUNG_AFTER_MS, 110_000))).toBe('a');
  });

  it('kills one that holds nothing yet, whatever the others do', () => {
    expect(next(100_000, hung('a'), hung('b', HUNG_AFTER_MS, null))).toBe('b');
  });

  it('replaces two of three one after the other', () => {
    expect(next(100_000, hung('a'), hung('b'), speaks('c'))).toBe('a');
    expect(next(101_000, starting('a'), hung('b'), speaks('c'))).toBeNull();
    expect(next(102_000, speaks('a', 101_900), hung('b'), speaks('c'))).toBe('b');
  });

  it('does not wait for ever for a successor that does not become ready', () => {
    next(100_000, hung('a'), hung('b'), speaks('c'));
    expect(next(100_000 + HUNG_AFTER_MS, starting('a'), hung('b'), speaks('c'))).toBe('b');
  });

  it('kills one of them when all are silent, and lets the others wake up', () => {
    expect(next(100_000, hung('a'), hung('b'), hung('c'))).toBe('a');
    const silentForMs = PATIENCE_MS - 1000;
    for (const nowMs of [101_000, 140_000, 369_000])
      expect(next(nowMs, speaks('a', 100_900), hung('b', silentForMs), hung('c', silentForMs))).toBeNull();
    expect(next(369_000, hung('a'), hung('b', silentForMs), hung('c', silentForMs))).toBeNull();
  });

  it('kills those that did not wake up in ten times as long, one at a time', () => {
    next(100_000, hung('a'), hung('b'), hung('c'));
    const [b, c] = [hung('b', PATIENCE_MS), hung('c', PATIENCE_MS)];
    expect(next(370_000, speaks('a', 100_900), b, c)).toBe('b');
    expect(next(370_500, speaks('a', 100_900), starting('b'), c)).toBeNull();
    expect(next(371_000, speaks('a', 100_900), speaks('b', 370_900), c)).toBe('c');
  });
});
