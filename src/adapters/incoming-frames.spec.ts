import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { portRange } from '../../test/support/processes/ports';
import { until } from '../../test/support/basics/until';
import { headBytes, writeHead } from './frame-head';
import { IncomingFrames } from './incoming-frames';

/** Hundreds of pieces, each of which is waited for. */
jest.setTimeout(60_000);

const IDLE = { _bufferedBytes: 0, _state: 0 };
const PING = Buffer.from([0x89, 0x00]);

let server: Server;
let port: number;
const sockets: Socket[] = [];

beforeAll(async () => {
  port = await portRange(1);
  server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => {
  for (const socket of sockets) socket.destroy();
  server.close();
});

interface Pair {
  readonly sender: Socket;
  readonly connection: Socket;
}

async function pair(): Promise<Pair> {
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const sender = connect(port, '127.0.0.1');
  sender.setNoDelay(true);
  const [connection] = await accepted;
  sockets.push(sender, connection);
  return { sender, connection };
}

/** Each piece is read by itself. */
async function sendInPieces({ sender, connection }: Pair, bytes: Buffer, cuts: readonly number[]) {
  const places = [...new Set([...cuts.map((cut) => cut % bytes.length), bytes.length])];
  let from = 0;
  for (const to of places.sort((a, b) => a - b)) {
    const before = connection.bytesRead;
    sender.write(bytes.subarray(from, to));
    await until(() => connection.bytesRead >= before + to - from, 'the piece to be read');
    from = to;
  }
}

function frameOf(payload: Uint8Array, isDialer: boolean): Buffer {
  const head = Buffer.alloc(headBytes(payload.length, isDialer));
  writeHead(head, payload.length, isDialer);
  return Buffer.concat([head, payload]);
}

describe('the frames of a link', () => {
  it.each([true, false])(
    'come whole and in order, wherever the stream is cut (masked: %s)',
    async (isMasked) => {
      const one = await pair();
      const taken: Buffer[] = [];
      const theirs: Buffer[] = [];
      const listener = (chunk: Buffer): void => void theirs.push(chunk);
      one.connection.on('data', listener);
      new IncomingFrames(one.connection, [listener], IDLE, isMasked, {
        taken: (payload) => void taken.push(Buffer.from(payload)),
      });
      const lengths = fc.array(fc.constantFrom(0, 1, 125, 126, 300, 65_535, 65_536, 200_000), {
        minLength: 1,
        maxLength: 5,
      });
      const cuts = fc.array(fc.nat({ max: 500_000 }), { maxLength: 4 });
      await fc.assert(
        fc.asyncProperty(
          lengths,
          cuts,
          fc.array(fc.nat({ max: 20 }), { maxLength: 3 }),
          async (sizes, far, near) => {
            const payloads = sizes.map((size, i) => Buffer.alloc(size, i + 1));
            taken.length = 0;
            const bytes = Buffer.concat(payloads.map((payload) => frameOf(payload, isMasked)));
            await sendInPieces(one, bytes, [...far, ...near]);
            await until(() => taken.length === payloads.length, 'all frames');
            expect(taken.map((each) => each.length)).toEqual(sizes);
            expect(Buffer.concat(taken).equals(Buffer.concat(payloads))).toBe(true);
          },
        ),
        { numRuns: 60 },
      );
      expect(theirs).toHaveLength(0);
    },
  );

  it.each([
    ['a ping', PING],
    ['a fragment', Buffer.from([0x02, 0x01, 0x00])],
    ['a frame with a mask from a server', Buffer.from([0x82, 0x81, 1, 2, 3, 4, 5])],
    ['a frame that is too long', Buffer.from([0x82, 0x7f, 0, 0, 0, 0, 1, 0, 0, 0])],
  ])('are left to others from %s on', async (_what, odd) => {
    for (const cut of [0, 1]) {
      const one = await pair();
      const taken: string[] = [];
      const theirs: Buffer[] = [];
      const listener = (chunk: Buffer): void => void theirs.push(chunk);
      one.connection.on('data', listener);
      new IncomingFrames(one.connection, [listener], IDLE, false, {
        taken: (payload) => void taken.push(payload.toString()),
      });
      const good = frameOf(Buffer.from('good'), false);
      await sendInPieces(one, Buffer.concat([good, odd, good]), [good.length + cut]);
      await sendInPieces(one, PING, []);
      await nextTurn();
      expect(taken).toEqual(['good']);
      expect(Buffer.concat(theirs)).toEqual(Buffer.concat([odd, good, PING]));
    }
  });

  it('are left to others while these hold the start of one', async () => {
    const one = await pair();
    const receiver = { _bufferedBytes: 3, _state: 0 };
    const theirs: Buffer[] = [];
    const taken: string[] = [];
    const listener = (chunk: Buffer): void => {
      theirs.push(chunk);
      receiver._bufferedBytes = 0;
    };
    new IncomingFrames(one.connection, [listener], receiver, false, {
      taken: (payload) => void taken.push(payload.toString()),
    });
    await sendInPieces(one, Buffer.from('rest'), []);
    await until(() => theirs.length === 1, 'the rest');
    await sendInPieces(one, frameOf(Buffer.from('mine'), false), []);
    await until(() => taken.length === 1, 'the next frame');
    expect(theirs.map(String)).toEqual(['rest']);
    expect(taken).toEqual(['mine']);
  });
});
