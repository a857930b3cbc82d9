import { Roster } from './roster';

let nowMs: number;
let roster: Roster;

beforeEach(() => {
  nowMs = 1000;
  roster = new Roster(['a', 'b', 'c'], () => nowMs);
});

it('begins with the first that was given', () => expect(roster.inOrder()).toEqual(['a', 'b', 'c']));

it('puts a node that failed behind the others for a second, and goes on using the one that did well', () => {
  roster.failed('a');
  expect(roster.inOrder()).toEqual(['b', 'c', 'a']);
  roster.succeeded('c');
  expect(roster.inOrder()).toEqual(['c', 'b', 'a']);
  nowMs += 1000;
  expect(roster.inOrder()).toEqual(['c', 'a', 'b']);
});

it('takes twice as long to forget each further failure, half a minute at most', () => {
  const badMs = (): number => {
    roster.failed('b');
    const sinceMs = nowMs;
    while (roster.inOrder().at(-1) === 'b' && nowMs < sinceMs + 100_000) nowMs += 100;
    return nowMs - sinceMs;
  };
  expect(badMs()).toBe(1000);
  expect([badMs(), badMs(), badMs(), badMs(), badMs(), badMs()]).toEqual([
    2000, 4000, 8000, 16000, 30000, 30000,
  ]);
  roster.succeeded('b');
  expect(badMs()).toBe(1000);
});

it('leaves a node alone for as long as it asks for', () => {
  roster.failed('a', 5000);
  nowMs += 4999;
  expect(roster.inOrder().at(-1)).toBe('a');
});

it('asks those first that failed longest ago, when all did', () => {
  for (const address of ['b', 'a', 'c']) {
    nowMs += 1;
    roster.failed(address);
  }
  expect(roster.inOrder()).toEqual(['b', 'a', 'c']);
});

it('forgets who was told of and is told of no more, and never whom it was given', () => {
  roster.learn('a', ['d', 'e']);
  expect(roster.inOrder()).toEqual(['a', 'b', 'c', 'd', 'e']);
  roster.learn('a', ['e']);
  expect(roster.inOrder()).toEqual(['a', 'b', 'c', 'e']);
  roster.learn('e', []);
  expect(roster.has('e')).toBe(true);
  roster.learn('a', []);
  expect(roster.inOrder()).toEqual(['a', 'b', 'c']);
});

it('goes on at another when the one in use is forgotten', () => {
  roster.learn('a', ['d']);
  for (const address of ['a', 'b', 'c']) roster.failed(address);
  roster.succeeded('d');
  expect(roster.inOrder()[0]).toBe('d');
  roster.learn('b', []);
  expect(roster.inOrder()).toHaveLength(3);
});

it('remembers 64 that it was told of', () => {
  roster.learn(
    'a',
    Array.from({ length: 100 }, (_, index) => `n${index}`),
  );
  expect(roster.inOrder()).toHaveLength(3 + 64);
});
