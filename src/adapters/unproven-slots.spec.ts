import { placeOf, UnprovenSlots } from './unproven-slots';

const none = (): void => undefined;

describe('slots for callers who have not proven themselves', () => {
  it('are few for one address, whatever it gives back twice', () => {
    const slots = new UnprovenSlots({ total: 8, perAddress: 2 });
    const first = slots.take('203.0.113.1', false, none);
    expect(slots.take('203.0.113.1', false, none)).not.toBeNull();
    expect(slots.take('203.0.113.1', false, none)).toBeNull();
    first?.release();
    first?.release();
    expect(slots.take('203.0.113.1', false, none)).not.toBeNull();
    expect(slots.take('203.0.113.1', false, none)).toBeNull();
    expect(slots.taken).toBe(2);
  });

  it('count the 64 bits of an IPv6 network as one address', () => {
    const slots = new UnprovenSlots({ total: 8, perAddress: 1 });
    expect(slots.take('2001:db8:1:2::1', false, none)).not.toBeNull();
    expect(slots.take('2001:db8:1:2:ffff:ffff:ffff:ffff', false, none)).toBeNull();
    expect(slots.take('2001:db8:1:3::1', false, none)).not.toBeNull();
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

  it('are taken from whoever holds most when all are taken, the oldest first, and never for one who holds as many', () => {
    const slots = new UnprovenSlots({ total: 3, perAddress: 3 });
    const evicted: string[] = [];
    const take = (address: string, name: string): boolean =>
      slots.take(address, false, () => evicted.push(name)) !== null;
    for (const name of ['a1', 'a2', 'a3']) expect(take('203.0.113.1', name)).toBe(true);
    expect([take('203.0.113.2', 'b1'), evicted]).toEqual([true, ['a1']]);
    expect([take('203.0.113.3', 'c1'), evicted]).toEqual([true, ['a1', 'a2']]);
    expect([take('203.0.113.4', 'd1'), take('203.0.113.2', 'b2'), evicted]).toEqual([
      false,
      false,
      ['a1', 'a2'],
    ]);
    expect(slots.taken).toBe(3);
  });

  it('are apart for the own host and for addresses where a peer was, however many strangers wait', () => {
    const slots = new UnprovenSlots({ total: 2, perAddress: 1 });
    for (const address of ['203.0.113.1', '203.0.113.2'])
      expect(slots.take(address, false, none)).not.toBeNull();
    expect(slots.take('198.51.100.1', false, none)).toBeNull();
    slots.proved('198.51.100.1');
    const known = slots.take('198.51.100.1', false, none);
    expect(known).not.toBeNull();
    expect(slots.take('198.51.100.1', false, none)).toBeNull();
    known?.release();
    expect(slots.take('198.51.100.1', false, none)).not.toBeNull();
    expect(slots.take('127.0.0.1', true, none)).not.toBeNull();
  });

  it('remember a bounded number of such addresses, the latest', () => {
    const slots = new UnprovenSlots({ total: 0, perAddress: 1 });
    for (let at = 0; at <= 256; at += 1) slots.proved(`10.0.${at >> 8}.${at & 255}`);
    expect(slots.take('10.0.0.0', false, none)).toBeNull();
    expect(slots.take('10.0.1.0', false, none)).not.toBeNull();
  });
});
