import fc from 'fast-check';
import { Reception } from './reception';

describe('a reception', () => {
  it('moves its watermark over what arrives in order, and over a gap once that is filled', () => {
    const reception = new Reception();
    for (const seq of [1, 2, 4, 5, 7]) reception.note(seq);
    expect([reception.through, reception.missing()]).toEqual([2, 2]);
    reception.note(3);
    expect([reception.through, reception.missing()]).toEqual([5, 1]);
    reception.note(6);
    expect([reception.through, reception.missing()]).toEqual([7, 0]);
  });

  it('asks for the first gap only when it has stayed for the patience given', () => {
    const reception = new Reception();
    reception.note(1);
    reception.note(3);
    reception.announce(4, 1000);
    expect(reception.gap(1999, 1000)).toBeNull();
    expect(reception.gap(2000, 1000)).toEqual({ from: 2, to: 2 });
    reception.note(2);
    expect(reception.gap(2000, 1000)).toEqual({ from: 4, to: 4 });
    reception.note(4);
    expect(reception.gap(9000, 1000)).toBeNull();
  });

  it('does not take writes for lost that keep coming', () => {
    const reception = new Reception();
    for (let step = 0; step < 100; step += 1) {
      reception.announce(step + 50, step * 100);
      reception.note(step + 1);
      expect(reception.gap(step * 100, 5100)).toBeNull();
    }
  });

  it('asks at once for what a lost link left open', () => {
    const reception = new Reception();
    reception.note(1);
    reception.announce(9, 1000);
    reception.interrupted();
    expect(reception.gap(1000, 1000)).toEqual({ from: 2, to: 9 });
    reception.postpone(1000);
    expect(reception.gap(1999, 1000)).toBeNull();
  });

  it('agrees with a set, whatever arrives in whatever order', () => {
    const steps = fc.array(fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: -40, max: -1 })), {
      maxLength: 80,
    });
    fc.assert(
      fc.property(steps, (given) => {
        const reception = new Reception();
        const held = new Set<number>();
        let last = 0;
        for (const step of given) {
          if (step > 0) {
            reception.note(step);
            held.add(step);
            last = Math.max(last, step);
          } else {
            reception.adopt(-step);
            for (let seq = 1; seq <= -step; seq += 1) held.add(seq);
          }
        }
        let through = 0;
        while (held.has(through + 1)) through += 1;
        expect([reception.through, reception.announced]).toEqual([through, last]);
        expect(reception.missing()).toBe(Math.max(0, last - held.size));
      }),
    );
  });

  it('takes the word of the origin alone for how many there are, and for what cannot be there', () => {
    const reception = new Reception();
    reception.note(5, false);
    expect([reception.announced, reception.missing()]).toEqual([0, 0]);
    reception.announce(5, 0);
    expect([reception.announced, reception.missing()]).toEqual([5, 4]);
    reception.adopt(2 ** 48);
    reception.note(2 ** 40, false);
    reception.announce(7, 0);
    expect([reception.through, reception.missing(), reception.highest]).toEqual([5, 2, 5]);
    reception.announce(8, 0);
    expect(reception.gap(1000, 1000)).toEqual({ from: 6, to: 7 });
  });

  it('forgets the furthest ranges rather than grow without end', () => {
    const reception = new Reception();
    for (let seq = 2; seq < 4000; seq += 2) reception.note(seq);
    expect(reception.missing()).toBeGreaterThan(3000);
    for (let seq = 1; seq < 4000; seq += 1) reception.note(seq);
    expect([reception.through, reception.missing()]).toEqual([3999, 0]);
  });
});

describe('what others may build on', () => {
  it('ends before what was passed over, however far the watermark is', () => {
    const reception = new Reception();
    reception.note(1);
    reception.passOver(5);
    reception.note(6);
    reception.fill(9);
    expect([reception.through, reception.vouched]).toEqual([9, 1]);
  });

  it('is all again once somebody turns out to hold the same', () => {
    const reception = new Reception();
    reception.passOver(5);
    reception.adopt(4);
    expect(reception.vouched).toBe(0);
    reception.adopt(5);
    expect(reception.vouched).toBe(5);
  });

  it('says the greatest number that was taken in, gaps or not', () => {
    const reception = new Reception();
    reception.note(1);
    reception.note(7);
    expect([reception.through, reception.highest]).toEqual([1, 7]);
  });
});
