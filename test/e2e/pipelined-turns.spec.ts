// Thousands of requests that come at once on one connection: a node begins some of them in each
// turn of its event loop, whatever they are, so that others are answered meanwhile.
// On gossip alone: it counts answers, and a server answers reads of several turns at once.
import { ServerResponse } from 'node:http';
import { startFakeNode, type FakeNode } from '../support/fakes/fake-node';
import { until } from '../support/basics/until';
import { ByteConnection, statusesOf } from '../support/http/byte-connection';

/** What a run, a line and its next turn may begin one after the other. */
const PER_TURN_MAX = 128;
const REQUESTS = 3000;
/** As long as those of a small client, so that a packet has fewer than may wait. */
const HOST = 'Host: h\r\nX-Padding: 0123456789012345678901234567890123456789\r\n';

let node: FakeNode;
beforeAll(async () => {
  // A quarter of what may wait at a time may wait in line.
  node = await startFakeNode({ streamsMax: 256 });
  await node.engine.put(Buffer.from('k'), Buffer.from('value'), 600_000, 'one');
});
afterAll(() => node.close());

/** The most answers that were made between two turns, while `work` was done. */
async function mostAnswersPerTurn(work: () => Promise<void>): Promise<number> {
  const end = jest.spyOn(ServerResponse.prototype, 'end');
  let [most, before, isOver] = [0, 0, false];
  const look = (): void => {
    most = Math.max(most, end.mock.calls.length - before);
    before = end.mock.calls.length;
    if (!isOver) setImmediate(look);
  };
  look();
  await work();
  isOver = true;
  look();
  end.mockRestore();
  return most;
}

it.each([
  ['reads', `GET /data/k HTTP/1.1\r\n${HOST}\r\n`, 200],
  ['reads with a body', `GET /data/k HTTP/1.1\r\n${HOST}Content-Length: 1\r\n\r\nx`, 200],
  ['reads of nothing', `GET /data/none HTTP/1.1\r\n${HOST}\r\n`, 404],
  ['requests for a path that is not there', `GET /nowhere HTTP/1.1\r\n${HOST}\r\n`, 404],
  ['probes', `GET /health/live HTTP/1.1\r\n${HOST}\r\n`, 200],
  ['writes', `PUT /data/written HTTP/1.1\r\n${HOST}Content-Length: 1\r\n\r\nx`, 201],
  ['writes that are refused', `PUT /data/k?ttl=0 HTTP/1.1\r\n${HOST}Content-Length: 1\r\n\r\nx`, 400],
])('%s are answered a few in a turn, and all of them', async (_what, one, status) => {
  const connection = await ByteConnection.open(node.port);
  const most = await mostAnswersPerTurn(async () => {
    await connection.write(one.repeat(REQUESTS));
    await until(() => statusesOf(connection.answer).length >= REQUESTS || connection.closed, 'all answers');
  });
  expect(statusesOf(connection.answer)).toEqual(Array<number>(REQUESTS).fill(status));
  expect(most).toBeLessThanOrEqual(PER_TURN_MAX);
  connection.destroy();
});

it('reads that come behind one another on one connection wait side by side, however many', async () => {
  const count = 60;
  const look = jest.spyOn(node.engine, 'get');
  const connection = await ByteConnection.open(
    node.port,
    `GET /data/awaited?wait=20 HTTP/1.1\r\n${HOST}\r\n`.repeat(count),
  );
  await until(() => look.mock.calls.length >= count, 'all reads to have looked');
  await node.engine.put(Buffer.from('awaited'), Buffer.from('v'), 600_000, 'one');
  await until(() => statusesOf(connection.answer).filter((each) => each === 200).length === count, 'all');
  look.mockRestore();
  connection.destroy();
});
