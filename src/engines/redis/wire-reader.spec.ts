import { StoreFailure } from './failures';
import { type Reply, ReplyReader } from './wire-reader';

/** What is read of these bytes when they come in pieces of so many. */
function readIn(bytes: Buffer, pieceBytes: number): Reply[] {
  const replies: Reply[] = [];
  const reader = new ReplyReader((reply) => replies.push(reply));
  for (let at = 0; at < bytes.length; at += pieceBytes)
    // A copy: nothing may lean on what lies behind a piece.
    reader.take(Buffer.from(bytes.subarray(at, at + pieceBytes)));
  return replies;
}

const LONG = Buffer.alloc(100_000, 'long');
const ANSWERS = Buffer.concat([
  Buffer.from(
    '+PONG\r\n:0\r\n:-12\r\n:1838977319262208\r\n$-1\r\n*-1\r\n$0\r\n\r\n$4\r\n\r\n\0\xff\r\n',
    'latin1',
  ),
  Buffer.from('-MOVED 3999 127.0.0.1:6381\r\n*0\r\n*3\r\n$1\r\na\r\n*2\r\n:1\r\n-OOM no room\r\n+b\r\n'),
  Buffer.from(`$${LONG.length}\r\n`),
  LONG,
  Buffer.from('\r\n:7\r\n'),
]);
const MEANT: Reply[] = [
  Buffer.from('PONG'),
  ...[0, -12, 1838977319262208, null, null],
  Buffer.alloc(0),
  Buffer.from('\r\n\0\xff', 'latin1'),
  new StoreFailure('answered', 'MOVED 3999 127.0.0.1:6381'),
  [],
  [Buffer.from('a'), [1, new StoreFailure('answered', 'OOM no room')], Buffer.from('b')],
  LONG,
  7,
];

describe('the reader of replies', () => {
  it.each([1, 2, 3, 7, 64, 4096, 1_000_000])('reads all kinds, in pieces of %i bytes too', (pieceBytes) => {
    expect(readIn(ANSWERS, pieceBytes)).toEqual(MEANT);
  });

  it('tells of a reply as soon as it is whole', () => {
    const replies: Reply[] = [];
    const reader = new ReplyReader((reply) => replies.push(reply));
    reader.take(Buffer.from(':1\r\n:2\r\n:'));
    expect(replies).toEqual([1, 2]);
    reader.take(Buffer.from('3\r'));
    expect(replies).toEqual([1, 2]);
    reader.take(Buffer.from('\n'));
    expect(replies).toEqual([1, 2, 3]);
  });

  it('puts a long text together once, however many pieces it comes in', () => {
    const concat = jest.spyOn(Buffer, 'concat');
    readIn(Buffer.concat([Buffer.from(`$${LONG.length}\r\n`), LONG, Buffer.from('\r\n')]), 1000);
    // Once here, once when its length is known, once when it is there.
    expect(concat.mock.calls.length).toBeLessThanOrEqual(3);
  });

  it.each(['HTTP/1.1 400 Bad Request\r\n', '*1\r\n'.repeat(9), ':99999999999999999999\r\n'])(
    'takes nothing that is no answer: %j',
    (text) => {
      expect(() => readIn(Buffer.from(text), 1000)).toThrow(/answer/);
    },
  );
});
