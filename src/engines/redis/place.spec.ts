import { before, comparePlaces, placeText, readPlace } from './place';

describe('a place in a stream of changes', () => {
  it('is written as it was read', () => {
    expect(placeText(readPlace(Buffer.from('1764338400123-42')))).toBe('1764338400123-42');
  });

  it('may be the last one before a millisecond: behind all of those, before all of that one', () => {
    const last = before(1000);
    expect(placeText(last)).toBe('999-18446744073709551615');
    expect(comparePlaces(last, readPlace(Buffer.from('999-7')))).toBeGreaterThan(0);
    expect(comparePlaces(last, readPlace(Buffer.from('1000-0')))).toBeLessThan(0);
    expect(comparePlaces(last, before(1000))).toBe(0);
  });
});
