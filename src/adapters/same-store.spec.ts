import { SameStore, SETTLED_MS, storeIdIn } from './same-store';

const [OURS, THEIRS, NEWER] = ['a', 'b', 'c'].map((digit) => digit.repeat(16));

function atMs(ms: { now: number }): SameStore {
  return new SameStore(() => ms.now);
}

describe('the store of a peer', () => {
  it('is unknown while either end has not read its id', () => {
    const store = atMs({ now: 0 });
    expect(store.compare(THEIRS)).toBe('unknown');
    store.read(OURS, 0);
    expect([store.compare(null), store.compare(OURS)]).toEqual(['unknown', 'same']);
  });

  it('is another one only when the own id was read again after both had the time for it', () => {
    const ms = { now: 0 };
    const store = atMs(ms);
    store.read(OURS, 0);
    expect(store.compare(THEIRS)).toBe('unsure');
    ms.now = 10 * SETTLED_MS;
    expect(store.compare(THEIRS)).toBe('unsure');
    store.read(OURS, SETTLED_MS - 1);
    expect(store.compare(THEIRS)).toBe('unsure');
    store.read(OURS, SETTLED_MS);
    expect(store.compare(THEIRS)).toBe('other');
  });

  it('that was emptied is no other one: whoever reads the new id first doubts those with the old', () => {
    const ms = { now: 0 };
    const [first, second] = [atMs(ms), atMs(ms)];
    for (const store of [first, second]) store.read(OURS, 0);
    expect(first.read(NEWER, 1000)).toBe(true);
    expect([first.compare(OURS), second.compare(NEWER)]).toEqual(['unsure', 'unsure']);
    second.read(NEWER, 1900);
    expect([first.compare(NEWER), second.compare(NEWER)]).toEqual(['same', 'same']);
  });

  it('is judged anew when the own id is another one', () => {
    const store = atMs({ now: 0 });
    store.read(OURS, 0);
    store.compare(THEIRS);
    store.read(NEWER, SETTLED_MS);
    expect(store.compare(THEIRS)).toBe('unsure');
  });

  it('is doubted for few ids at a time, and one that gave way is never refused for it', () => {
    const store = atMs({ now: 0 });
    store.read(OURS, 0);
    store.compare(THEIRS);
    for (let each = 0; each < 100; each += 1) store.compare(`stranger ${each}`);
    store.read(OURS, SETTLED_MS);
    expect(store.compare(THEIRS)).toBe('unsure');
  });

  it.each([
    ['', null],
    ['A'.repeat(16), null],
    ['a'.repeat(17), null],
    [OURS, OURS],
  ])('%p names %p', (text, id) => {
    expect(storeIdIn(text)).toBe(id);
  });
});
