import { EventLines } from './event-lines';

const STREAM =
  ': hello\nretry: 1000\n\nevent: put\nid: 7\ndata: {"a":1}\n\ndata: x\ndata:y\n\nevent: empty\n\n';
const EVENTS = [
  { type: 'put', data: '{"a":1}', id: '7' },
  { type: 'message', data: 'x\ny', id: null },
];

it('reads events, whole or in pieces of any size', () => {
  expect(new EventLines().take(STREAM)).toEqual(EVENTS);
  for (const size of [1, 2, 7]) {
    const lines = new EventLines();
    const pieces = STREAM.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
    expect(pieces.flatMap((piece) => lines.take(piece))).toEqual(EVENTS);
  }
});

it('reads lines that end with CR LF', () => {
  expect(new EventLines().take(STREAM.replaceAll('\n', '\r\n'))).toEqual(EVENTS);
});

it('gives up on an event without an end', () => {
  const lines = new EventLines();
  const endless = (): void => {
    for (let piece = 0; piece < 300; piece += 1) lines.take(`data: ${'x'.repeat(1024)}\n`);
  };
  expect(endless).toThrow('an event is too long');
});
