// Answers that wait for the one before them on a connection, when that connection ends. Nothing
// goes on for them, and nothing is held.
import { startFakeNode, type FakeNode } from '../support/fakes/fake-node';
import { ByteConnection } from '../support/http/byte-connection';
import { parseMetrics, type Samples } from '../support/http/prometheus';
import { until } from '../support/basics/until';

const COUNT = 20;
/** Of the reads that wait, a quarter may wait in line. */
const STREAMS_MAX = 8 * COUNT;
const KEYS = 2000;
/** The reads would end by themselves after 25 s. */
const BEFORE_THEIR_TIME_MS = 12_000;

let node: FakeNode;
beforeEach(async () => {
  node = await startFakeNode({ streamsMax: STREAMS_MAX });
  for (let i = 0; i < KEYS; i += 1)
    await node.engine.put(Buffer.from(`key-${i}`), Buffer.from('v'), 600_000, 'one');
});
afterEach(() => node.close());

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: h\r\n\r\n`;
const metrics = async (): Promise<Samples> => parseMetrics(await (await fetch(`${node.url}/metrics`)).text());
const held = (samples: Samples, holder: string): number =>
  samples.get(`repram_held_bytes{holder="${holder}"}`) ?? NaN;

/** The first of them keeps all others waiting. */
async function pipeline(first: string, path: string): Promise<ByteConnection> {
  const connection = await ByteConnection.open(node.port, get(first) + get(path).repeat(COUNT));
  await until(async () => held(await metrics(), 'requests') > 0, 'requests that wait in line');
  return connection;
}

it('begins no stream behind another one', async () => {
  const connection = await pipeline('/events', '/events?since=start&values=1');
  expect((await metrics()).get('repram_event_streams')).toBe(1);
  connection.socket.resetAndDestroy();
  await until(async () => (await metrics()).get('repram_event_streams') === 0, 'its end');
});

it('begins a stream once what is in front of it is answered', async () => {
  const connection = await ByteConnection.open(node.port, get('/data/key-1') + get('/events?types=put'));
  await until(() => connection.answer.includes('retry: '), 'the stream');
  await node.engine.put(Buffer.from('told'), Buffer.from('v'), 600_000, 'one');
  await until(() => connection.answer.includes('"key":"told"'), 'an event');
  connection.destroy();
});

it.each(['/keys', '/keys?limit=1000', '/scan', '/v1/keys'])('lets go of the lists of %s', async (path) => {
  const connection = await pipeline('/events', path);
  await until(async () => held(await metrics(), 'listings') > 0, 'a list that is made');
  connection.socket.resetAndDestroy();
  await until(async () => held(await metrics(), 'listings') === 0, 'nothing to be held');
  expect((await fetch(`${node.url}/keys`)).status).toBe(200);
});

it('ends the reads that wait for a key', async () => {
  const connection = await pipeline('/events', '/data/absent?wait=25');
  await until(async () => (await metrics()).get('repram_waiting_reads') === COUNT, 'the readers');
  connection.socket.resetAndDestroy();
  await until(
    async () => (await metrics()).get('repram_waiting_reads') === 0,
    'their end',
    BEFORE_THEIR_TIME_MS,
  );
});

it('one connection does not take all places of reads that wait', async () => {
  const connection = await ByteConnection.open(
    node.port,
    get('/data/absent?wait=25').repeat(3 * STREAMS_MAX),
  );
  await until(
    async () => ((await metrics()).get('repram_rejected_requests_total{code="busy",status="503"}') ?? 0) > 0,
    'refusals',
  );
  expect((await metrics()).get('repram_waiting_reads')).toBe(STREAMS_MAX / 4);
  const other = await fetch(`${node.url}/data/absent?wait=1`);
  expect(other.status).toBe(404);
  connection.destroy();
});
