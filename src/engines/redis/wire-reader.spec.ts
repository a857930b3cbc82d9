import { StoreFailure } from './failures';
import { NoReply, type Reply, ReplyReader } from './wire-reader';

/** What is read of these bytes when they come in pieces of so many. */
function readIn(bytes: Buffer, pieceBytes: number, bytesMax = 1_000_000): Reply[] {
  const replies: Reply[] = [];
  const reader = new ReplyReader(
    (reply) => replies.push(reply),
    () => bytesMax,
  );
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

afterEach(() => jest.restoreAllMocks());

describe('the reader of replies', () => {
  it.each([1, 2, 3, 7, 64, 4096, 1_000_000])('reads all kinds, in pieces of %i bytes too', (pieceBytes) => {
    expect(readIn(ANSWERS, pieceBytes)).toEqual(MEANT);
  });

  it('tells of a reply as soon as it is whole', () => {
    const replies: Reply[] = [];
    const reader = new ReplyReader(
      (reply) => replies.push(reply),
      () => 100,
    );
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

  it('copies a list of many texts a few times, and not once for each of them', () => {
    const made = jest.spyOn(Buffer, 'allocUnsafeSlow');
    const texts = Array.from({ length: 500 }, (_, at) => `$900\r\n${String(at).padEnd(900)}\r\n`).join('');
    const [list] = readIn(Buffer.from(`*500\r\n${texts}`), 65_536);
    expect(list).toHaveLength(500);
    expect(made.mock.calls.length).toBeLessThanOrEqual(4);
  });

  it.each(['HTTP/1.1 400 Bad Request\r\n', '*1\r\n'.repeat(9), ':99999999999999999999\r\n'])(
    'takes nothing that is no answer: %j',
    (text) => {
      expect(() => readIn(Buffer.from(text), 1000)).toThrow(/answer/);
    },
  );

  it.each([
    ['a line', '+' + 'x'.repeat(200)],
    ['a refusal', '-' + 'x'.repeat(200)],
    ['a text', '$101\r\n'],
    ['a text of gigabytes', '$4000000000\r\n'],
    ['a list', '*40\r\n'],
    ['a list within a list', '*1\r\n*2000000000\r\n'],
    ['all of a list', '*9\r\n' + '$10\r\n0123456789\r\n'.repeat(9)],
    ['a number', ':' + '0'.repeat(200)],
  ])('takes %s for no answer that would be longer than it may, in whatever pieces', (_, text) => {
    for (const pieceBytes of [1, 7, 1000])
      expect(() => readIn(Buffer.from(text), pieceBytes, 100)).toThrow(NoReply);
  });

  it('refuses a length as soon as it is read, and makes no room for it', () => {
    const made = jest.spyOn(Buffer, 'allocUnsafeSlow');
    expect(() => readIn(Buffer.from('$4000000000\r\n'), 1, 1_000_000)).toThrow(/longer than/);
    expect(Math.max(...made.mock.calls.map(([bytes]) => bytes))).toBeLessThan(1000);
  });

  it.each([':12a\r\n', ':\r\n', '$-2\r\n', '*-7\r\n', '$1\r\nabc', '+OK\r+'])('takes %j for none', (text) => {
    expect(() => readIn(Buffer.from(text), 1000)).toThrow(NoReply);
  });
});
