import type { PutOutcome } from '../core/base/effects';
import { WaitingPuts } from './waiting-puts';

const BUSY: PutOutcome = { kind: 'busy' };
const DRAINING: PutOutcome = { kind: 'draining' };

function waitingPuts(): { puts: WaitingPuts; told: [string, string][]; counted: string[] } {
  const told: [string, string][] = [];
  const counted: string[] = [];
  const puts = new WaitingPuts({ settled: ({ kind }) => void counted.push(kind) });
  return { puts, told, counted };
}

describe('a write that waits', () => {
  it('is told what became of it, and nothing of what became of others', () => {
    const { puts, told, counted } = waitingPuts();
    const [a, b] = ['a', 'b'].map((name) => puts.add(({ kind }) => told.push([name, kind])));
    puts.settle(b, BUSY);
    const c = puts.add(({ kind }) => told.push(['c', kind]));
    puts.settle(a, DRAINING);
    puts.settle(c, DRAINING);
    expect(told).toEqual([
      ['b', 'busy'],
      ['a', 'draining'],
      ['c', 'draining'],
    ]);
    expect(counted).toEqual(['busy', 'draining', 'draining']);
  });

  it('is told once, and counts until then', () => {
    const { puts, told, counted } = waitingPuts();
    const a = puts.add(({ kind }) => told.push(['a', kind]));
    puts.add(({ kind }) => told.push(['b', kind]));
    expect(puts.size).toBe(2);
    puts.settle(a, BUSY);
    puts.settle(a, BUSY);
    expect(told).toEqual([['a', 'busy']]);
    expect(counted).toEqual(['busy']);
    expect(puts.size).toBe(1);
  });

  it('takes the place of one that is settled, so that as many places are made as wait at once', () => {
    const { puts } = waitingPuts();
    const places = Array.from({ length: 100 }, () => {
      const place = puts.add(() => undefined);
      puts.settle(place, BUSY);
      return place;
    });
    expect(new Set(places).size).toBe(1);
  });
});
