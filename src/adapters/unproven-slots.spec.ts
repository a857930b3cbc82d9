import { placeOf, UnprovenSlots, type Slot } from './unproven-slots';

const none = (): void => undefined;

describe('slots for callers who have not proven themselves', () => {
  it('are few for one address, whatever it gives back twice', () => {
    const slots = new UnprovenSlots({ total: 8, perAddress: 2 });
    const evicted: number[] = [];
    const take = (at: number): Slot | null => slots.take('203.0.113.1', false, () => evicted.push(at));
    const first = take(1);
    take(2);
    first?.release();
    first?.release();
    expect([take(3), evicted]).toEqual([expect.anything(), []]);
    expect([take(4), evicted]).toEqual([expect.anything(), [2]]);
    expect(slots.taken).toBe(2);
  });

  it.each([
    ['the own host', '127.0.0.1', true, 3],
    ['an address where a peer was', '198.51.100.1', false, 2],
    ['any other address', '203.0.113.1', false, 2],
  ])('go to a newcomer from %s by the oldest that holds one there', (_title, address, isOwnHost, places) => {
    const slots = new UnprovenSlots({ total: 3, perAddress: 2 });
    slots.proved('198.51.100.1');
    const evicted: number[] = [];
    for (let at = 0; at < 10; at += 1) {
      expect(slots.take(address, isOwnHost, () => evicted.push(at))).not.toBeNull();
      expect(slots.taken).toBeLessThanOrEqual(places);
    }
    expect(evicted).toEqual(Array.from({ length: 10 - places }, (_, at) => at));
  });

  it('are kept by who proved the key of its channel', () => {
    const slots = new UnprovenSlots({ total: 8, perAddress: 2 });
    const evicted: string[] = [];
    const take = (name: string): Slot | null => slots.take('203.0.113.1', false, () => evicted.push(name));
    take('sure')?.keep();
    for (const name of ['a', 'b']) expect(take(name)).not.toBeNull();
    expect(evicted).toEqual(['a']);
    take('also sure')?.keep();
    expect(evicted).toEqual(['a', 'b']);
    expect(take('c')).toBeNull();
  });

  it('count the 64 bits of an IPv6 network as one address', () => {
    const slots = new UnprovenSlots({ total: 8, perAddress: 1 });
    const evicted: string[] = [];
    for (const address of ['2001:db8:1:2::1', '2001:db8:1:2:ffff:ffff:ffff:ffff', '2001:db8:1:3::1'])
      expect(slots.take(address, false, () => evicted.push(address))).not.toBeNull();
    expect(evicted).toEqual(['2001:db8:1:2::1']);
  });

  it.each([
    ['203.0.113.1', '203.0.113.1'],
    ['2001:db8::6', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['2001:DB8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['fe80::1:2:3:4:5', 'fe80:0:0:1::/64'],
    ['', ''],
  ])('at %s belong to %s', (address, place) => {
    expect(placeOf(address)).toBe(place);
  });

  it('are taken from whoever holds most when all are taken, the oldest first', () => {
    const slots = new UnprovenSlots({ total: 3, perAddress: 3 });
    const evicted: string[] = [];
    const take = (address: string, name: string): boolean =>
      slots.take(address, false, () => evicted.push(name)) !== null;
    for (const name of ['a1', 'a2', 'a3']) expect(take('203.0.113.1', name)).toBe(true);
    expect([take('203.0.113.2', 'b1'), evicted]).toEqual([true, ['a1']]);
    expect([take('203.0.113.3', 'c1'), evicted]).toEqual([true, ['a1', 'a2']]);
    expect([take('203.0.113.2', 'b2'), evicted]).toEqual([true, ['a1', 'a2', 'b1']]);
    expect([take('203.0.113.4', 'd1'), evicted]).toEqual([true, ['a1', 'a2', 'b1', 'a3']]);
    expect(slots.taken).toBe(3);
  });

  it('are apart for the own host and for addresses where a peer was, however many strangers wait', () => {
    const slots = new UnprovenSlots({ total: 2, perAddress: 1 });
    const evicted: string[] = [];
    slots.proved('198.51.100.1');
    slots.take('198.51.100.1', false, () => evicted.push('known'));
    slots.take('127.0.0.1', true, () => evicted.push('here'));
    for (let at = 1; at <= 20; at += 1) slots.take(`203.0.113.${at}`, false, () => evicted.push('stranger'));
    expect(evicted).toEqual(Array.from({ length: 18 }, () => 'stranger'));
    expect(slots.taken).toBe(4);
  });

  it('remember a bounded number of such addresses, the latest', () => {
    const slots = new UnprovenSlots({ total: 0, perAddress: 1 });
    for (let at = 0; at <= 256; at += 1) slots.proved(`10.0.${at >> 8}.${at & 255}`);
    expect(slots.take('10.0.0.0', false, none)).toBeNull();
    expect(slots.take('10.0.1.0', false, none)).not.toBeNull();
  });
});
