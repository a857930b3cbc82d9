import { EventLines, type EventBlock } from './event-lines';

const STREAM =
  'retry: 1000\nid: p0\n\nevent: put\ndata: {"a":1}\n\n:\nid: p1\n\nevent: put\r\nid: p2\r\ndata: b\r\ndata:c\r\n\r\n';
const READ = [
  { type: 'put', data: '{"a":1}', id: 'p0' },
  { type: 'put', data: 'b\nc', id: 'p2' },
];

it('reads events, wherever the text was cut', () => {
  for (let size = 1; size <= STREAM.length; size += 1) {
    const lines = new EventLines();
    const blocks: EventBlock[] = [];
    for (let at = 0; at < STREAM.length; at += size) blocks.push(...lines.push(STREAM.slice(at, at + size)));
    expect(blocks).toEqual(READ);
  }
});

it('takes the position of a comment, and tells no event for it', () => {
  const lines = new EventLines();
  expect([lines.lastId, lines.push(':\nid: p9\n\n'), lines.lastId]).toEqual([null, [], 'p9']);
});

it('refuses a line without an end', () => {
  const lines = new EventLines();
  const push = (): void => {
    for (let turn = 0; turn < 20; turn += 1) lines.push('x'.repeat(100_000));
  };
  expect(push).toThrow(RangeError);
});
