import { Board, type Message } from './board';

const content = { text: 'x', author: '', location: '', foreign: false, cut: false };
const message = (key: string, version = '1', postedAtMs = 0): Message => ({
  key,
  version,
  content,
  postedAtMs,
  ttlSeconds: 60,
});

let nowMs = 0;
let board: Board;
beforeEach(() => {
  jest.useFakeTimers();
  nowMs = 1000;
  board = new Board(() => nowMs);
});
afterEach(() => jest.useRealTimers());

function pass(ms: number): void {
  nowMs += ms;
  jest.advanceTimersByTime(ms);
}

const keys = (): string[] =>
  board.rows.value.filter(({ isOver }) => !isOver.value).map((row) => row.message.key);

it('shows the newest first, whatever order they come in', () => {
  for (const [key, at] of [
    ['b', 2],
    ['c', 3],
    ['a', 1],
  ] as const)
    board.put(message(key, '1', at), 9000);
  pass(20);
  expect([keys(), board.size.value]).toEqual([['c', 'b', 'a'], 3]);
});

it('shows the newer of two of the same millisecond first, whatever order they come in', () => {
  for (const version of ['0a-02', '0a-03', '0a-01']) board.put(message(`v${version}`, version, 5), 9000);
  pass(20);
  expect(keys()).toEqual(['v0a-03', 'v0a-02', 'v0a-01']);
});

it('lets each go at its own deadline, and keeps the row until its gap has closed', () => {
  board.put(message('short'), nowMs + 500);
  board.put(message('long'), nowMs + 5000);
  pass(499);
  expect(keys().sort()).toEqual(['long', 'short']);
  pass(1);
  pass(20);
  expect([keys(), board.rows.value.length, board.size.value]).toEqual([['long'], 2, 1]);
  for (const row of board.rows.value) if (row.isOver.value) board.forget(row);
  pass(20);
  expect(board.rows.value).toHaveLength(1);
});

it('keeps no row for a gap that nobody sees', () => {
  board.isDrawn = ({ message: { key } }) => key === 'drawn';
  board.put(message('drawn'), nowMs + 500);
  board.put(message('far away'), nowMs + 500);
  pass(520);
  expect(board.rows.value.map((row) => row.message.key)).toEqual(['drawn']);
});

it('takes a version once, also after it is over, and a later one in its place', () => {
  board.put(message('k'), nowMs + 100);
  board.put(message('k'), nowMs + 100);
  pass(150);
  board.put(message('k'), nowMs + 100);
  pass(20);
  expect(keys()).toEqual([]);
  board.put(message('k', '2'), nowMs + 100);
  pass(20);
  expect(keys()).toEqual(['k']);
});

it('takes a deadline anew that is told again', () => {
  board.put(message('k'), nowMs + 5000);
  pass(20);
  expect(board.knows('k', '1', nowMs + 100)).toBe(true);
  pass(150);
  expect(keys()).toEqual([]);
});

it('ends a version that a node says is over, and no other', () => {
  board.put(message('k', '2'), nowMs + 5000);
  board.expire('k', '1');
  pass(20);
  expect(keys()).toEqual(['k']);
  board.expire('k', '2');
  pass(20);
  expect(keys()).toEqual([]);
});

it('ends what a listing did not tell, but not what came meanwhile', () => {
  board.put(message('gone'), nowMs + 5000);
  board.put(message('kept'), nowMs + 5000);
  board.beginListing();
  board.stillThere('kept');
  board.put(message('new'), nowMs + 5000);
  board.endListing();
  pass(20);
  expect(keys().sort()).toEqual(['kept', 'new']);
});

it('tells as news only what comes after the board was whole', () => {
  const news: string[] = [];
  board.onFresh = (fresh) => news.push(...fresh.map(({ key }) => key));
  board.put(message('held'), nowMs + 5000);
  pass(20);
  board.hearsNews = true;
  board.beginListing();
  board.put(message('listed'), nowMs + 5000);
  board.endListing();
  board.put(message('news'), nowMs + 5000);
  pass(20);
  expect(news).toEqual(['news']);
});

it('holds the newest 5000 and no more', () => {
  for (let at = 0; at < 5010; at += 1) board.put(message(`k${at}`, '1', at), nowMs + 5000);
  pass(20);
  expect([board.rows.value.length, board.size.value, keys().at(-1)]).toEqual([5000, 5000, 'k10']);
});
