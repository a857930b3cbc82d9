// Requests that come on one connection before the earlier ones are answered (RFC 9112, 9.3.2). None
// is begun before the write in front of it is done. No write is begun before the reads in front of
// it are.
import { Victims } from '../support/processes/victims';
import { ByteConnection, statusesOf } from '../support/http/byte-connection';
import { putAll, requestAll } from '../support/http/pipeline';
import { Prng } from '../simulation/world/prng';
import { until } from '../support/basics/until';

let victims: Victims;
let network: Victims;
beforeAll(async () => {
  victims = await Victims.start(1);
  network = await Victims.start(3);
});
afterEach(() => victims.expectUnharmed());
afterAll(async () => {
  await victims.stop();
  await network.stop();
});

const OFFER = 'Connection: Upgrade\r\nUpgrade: foo\r\n';
const ABSENT = 'If-None-Match: *\r\n';
const PRESENT = 'If-Match: *\r\n';
const HOST = 'Host: h\r\n';
const CHUNKED = 'Transfer-Encoding: chunked\r\n';

const put = (key: string, value: string, headers = ''): string =>
  `PUT /data/${key} HTTP/1.1\r\n${HOST}${headers}Content-Length: ${value.length}\r\n\r\n${value}`;
const putChunked = (key: string, value: string, headers = ''): string =>
  `PUT /data/${key} HTTP/1.1\r\n${HOST}${headers}${CHUNKED}\r\n3\r\n${value}\r\n0\r\n\r\n`;
const get = (path: string, headers = ''): string => `GET ${path} HTTP/1.1\r\n${HOST}${headers}\r\n`;

let keys = 0;
const newKey = (): string => `ordered-${(keys += 1)}`;

/** All answers to `count` requests that are sent at once. */
async function answersTo(bytes: string, count: number, { port } = victims): Promise<string> {
  const connection = await ByteConnection.open(port, bytes);
  const finals = (): number[] => statusesOf(connection.answer).filter((status) => status !== 100);
  await until(() => finals().length >= count || connection.closed, 'all answers');
  connection.destroy();
  return connection.answer;
}

async function stored(key: string): Promise<string> {
  return (await fetch(victims.url(`/data/${key}`))).text();
}

it.each([
  ['plain', (key: string) => put(key, 'abc')],
  ['empty', (key: string) => put(key, '')],
  ['in chunks', (key: string) => putChunked(key, 'abc')],
  ['conditional', (key: string) => put(key, 'abc', ABSENT)],
  ['conditional and in chunks', (key: string) => putChunked(key, 'abc', ABSENT)],
  ['expecting 100', (key: string) => put(key, 'abc', 'Expect: 100-continue\r\n')],
  ['offering another protocol', (key: string) => put(key, 'abc', OFFER)],
  ['offering, in chunks', (key: string) => putChunked(key, 'abc', OFFER)],
  ['offering and conditional', (key: string) => put(key, 'abc', OFFER + ABSENT)],
  ['large', (key: string) => put(key, 'x'.repeat(200_000))],
])('reads and lists what the write in front stores: %s', async (_what, write) => {
  for (let round = 0; round < 3; round += 1) {
    const [read, listed] = [newKey(), newKey()];
    expect(statusesOf(await answersTo(write(read) + get(`/data/${read}`), 2)).slice(-2)).toEqual([201, 200]);
    const answer = await answersTo(write(listed) + get(`/keys?prefix=${listed}`), 2);
    expect(answer).toContain(`["${listed}"]`);
  }
});

const writes = {
  plain: put,
  chunked: putChunked,
  conditional: (key: string, value: string) => put(key, value, PRESENT),
  offering: (key: string, value: string) => put(key, value, OFFER),
  'offering and conditional': (key: string, value: string) => put(key, value, OFFER + PRESENT),
};
type Write = keyof typeof writes;
const names = Object.keys(writes) as Write[];
it.each(names.flatMap((first) => names.map((second): [Write, Write] => [first, second])))(
  'keeps the later of two writes: %s, then %s',
  async (first, second) => {
    for (let round = 0; round < 3; round += 1) {
      const key = newKey();
      await fetch(victims.url(`/data/${key}`), { method: 'PUT', body: 'before' });
      const answer = await answersTo(writes[first](key, 'one') + writes[second](key, 'two'), 2);
      expect(statusesOf(answer)).toEqual([201, 201]);
      expect(await stored(key)).toBe('two');
    }
  },
);

it('answers reads that wait for other nodes from before the write behind them', async () => {
  for (let round = 0; round < 5; round += 1) {
    const key = newKey();
    const bytes = get('/keys') + get(`/data/${key}`) + put(key, 'abc') + get(`/data/${key}`);
    expect(statusesOf(await answersTo(bytes, 4, network))).toEqual([200, 404, 201, 200]);
  }
});

it('does thousands of writes that come at once in their order', async () => {
  const key = newKey();
  const bytes = Array.from({ length: 2500 }, (_, i) => put(key, String(i))).join('');
  const answer = await answersTo(bytes + get(`/data/${key}`), 2501);
  expect(new Set(statusesOf(answer))).toEqual(new Set([201, 200]));
  expect(answer.endsWith('\r\n\r\n2499')).toBe(true);
});

it('gives each request its own answer, on connections that send the next ones meanwhile', async () => {
  const random = new Prng(1);
  const values = Array.from({ length: 200 }, (_, i): [string, string] => [`own-${i}`, `value ${i}`]);
  await putAll(network.port, values);
  const requests = Array.from({ length: 30_000 }, (_, i): [text: string, answer: string] => {
    const kind = random.between(0, 1);
    if (kind < 0.3) return [put(`other-${i % 1000}`, 'abc'), '201 OK'];
    if (kind < 0.4) return [put(newKey(), 'abc', `X-TTL: no-${i}.\r\n`), `no-${i}.`];
    const [key, value] = values[random.below(values.length)];
    return [get(`/data/${key}`), `200 ${value}`];
  });
  const texts = requests.map(([text]) => text);
  const answers = await requestAll(network.port, texts, { connections: 8, width: 12 });
  const isOwn = (answer: string, wanted: string): boolean =>
    answer === wanted || (answer.startsWith('400 ') && answer.includes(wanted));
  expect(requests.filter(([, wanted], i) => !isOwn(answers[i], wanted))).toEqual([]);
});

it('begins nothing behind a write whose client has gone', async () => {
  const [first, second] = [newKey(), newKey()];
  const connection = await ByteConnection.open(
    victims.port,
    put(first, 'abc', ABSENT + 'Connection: close\r\n') + put(second, 'abc'),
  );
  await until(() => connection.closed, 'the connection closes');
  expect(statusesOf(connection.answer)).toEqual([201]);
  expect((await fetch(victims.url(`/data/${second}`))).status).toBe(404);
});
