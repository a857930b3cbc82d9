import { Departed } from './departed';

const idOf = (n: number): string => n.toString(16).padStart(16, '0');

describe('origins that are no members', () => {
  it('are remembered with what was taken in of them, until they are members again', () => {
    const departed = new Departed();
    departed.of(idOf(1)).note(1);
    expect(departed.get(idOf(1))?.through).toBe(1);
    expect(departed.take(idOf(1))?.through).toBe(1);
    expect(departed.get(idOf(1))).toBeUndefined();
  });

  it('are told of only while a version of theirs is known', () => {
    const held = new Set([idOf(1)]);
    const departed = new Departed((origin) => held.has(origin));
    departed.of(idOf(1)).note(1);
    departed.of(idOf(2)).note(1);
    expect([...departed.held()].map(([origin]) => origin)).toEqual([idOf(1)]);
  });

  it('are bounded: those go first of which nothing is held, then the oldest', () => {
    const held = new Set(Array.from({ length: 600 }, (_, n) => idOf(n)));
    const departed = new Departed((origin) => held.has(origin));
    departed.of(idOf(9999)).note(1);
    for (let n = 0; n < 600; n += 1) departed.of(idOf(n)).note(1);
    expect([...departed.held()]).toHaveLength(512);
    expect(departed.get(idOf(9999))).toBeUndefined();
    expect(departed.get(idOf(599))).toBeDefined();
    expect(departed.get(idOf(0))).toBeUndefined();
  });
});
