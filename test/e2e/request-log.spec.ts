// Which requests arrive, for an operator who asks for it by the level of the log.
import type { NodeSettings } from '../../src/config/settings';
import { until } from '../support/basics/until';
import { startFakeNode, type FakeNode, type LogLine } from '../support/fakes/fake-node';
import { ByteConnection, exchange, statusesOf } from '../support/http/byte-connection';

let node: FakeNode;
const EVENTS = ['request-arrived', 'request-answered', 'request-broken'];

async function start(settings: Partial<NodeSettings>): Promise<void> {
  node = await startFakeNode(settings);
}

afterEach(() => node.close());

function linesOf(...events: string[]): LogLine[] {
  return node.lines.filter(({ event }) => events.includes(event));
}

const request = (line: string, ...fields: string[]): string =>
  [`${line} HTTP/1.1`, 'Host: h', ...fields, '', ''].join('\r\n');
const PUT = `${request('PUT /data/a%2Fb%20%C3%BC?ttl=600', 'Content-Length: 5')}value`;
const GET = request('GET /v1/data/absent', 'X-Forwarded-For: 192.0.2.1');

/** Sends each once the one before it is answered. */
async function sendInTurn(...requests: string[]): Promise<void> {
  const connection = await ByteConnection.open(node.port);
  for (const [at, each] of requests.entries()) {
    await connection.write(each);
    await until(() => statusesOf(connection.answer).length > at, `an answer to ${each}`);
  }
  connection.destroy();
}

const duration = expect.any(Number) as number;
const CLIENT = '127.0.0.1';
const PUT_FACTS = { method: 'PUT', route: '/data/{key}', key: 'a/b ü', query: 'ttl=600', client: CLIENT };
const GET_FACTS = {
  method: 'GET',
  route: '/v1/data/{key}',
  key: 'absent',
  client: CLIENT,
  forwarded_for: '192.0.2.1',
};

describe.each(['on', 'off'] as const)('with the data lane %s', (dataLane) => {
  it('a line of level debug tells of each request what it was, how it ended and how long it took', async () => {
    await start({ logLevel: 'debug', dataLane });
    // The second and the third are plain requests, which no parser reads.
    await sendInTurn(GET, GET, PUT, request('GET /keys?prefix=a'), request('DELETE /data/a'));
    await until(() => linesOf(...EVENTS).filter(({ level }) => level === 'debug').length === 5, 'five lines');
    const answered = (facts: object, status: number): LogLine => {
      const fields = { ...facts, status, duration_ms: duration };
      return { level: 'debug', event: 'request-answered', fields };
    };
    expect(linesOf('request-answered')).toEqual([
      answered(GET_FACTS, 404),
      answered(GET_FACTS, 404),
      answered(PUT_FACTS, 201),
      answered({ method: 'GET', route: '/keys', query: 'prefix=a', client: CLIENT }, 200),
      answered({ method: 'DELETE', route: '/data/{key}', key: 'a', client: CLIENT }, 405),
    ]);
  });

  it('a line of level trace tells of a request before it is answered', async () => {
    await start({ logLevel: 'trace', dataLane });
    const connection = await ByteConnection.open(node.port, request('GET /data/k?wait=20'));
    await until(() => linesOf('request-arrived').length === 1, 'a line');
    const facts = { method: 'GET', route: '/data/{key}', key: 'k', query: 'wait=20', client: CLIENT };
    expect(linesOf(...EVENTS)).toEqual([{ level: 'trace', event: 'request-arrived', fields: facts }]);
    connection.destroy();
    await until(() => linesOf('request-answered').length === 1, 'a line');
    expect(linesOf('request-answered')[0].fields).toEqual({ ...facts, status: null, duration_ms: duration });
  });

  it.each(['info', 'warn'] as const)('the level %s has none of these lines', async (logLevel) => {
    await start({ logLevel, dataLane });
    await sendInTurn(GET, GET, PUT);
    await exchange(node.port, 'rubbish\r\n\r\n');
    expect(linesOf(...EVENTS)).toEqual([]);
  });
});

it('what is no request has a line too', async () => {
  await start({ logLevel: 'debug' });
  expect(statusesOf(await exchange(node.port, 'rubbish\r\n\r\n'))).toEqual([400]);
  expect(statusesOf(await exchange(node.port, request('CONNECT a:1')))).toEqual([405]);
  expect(linesOf('request-broken')).toEqual([
    {
      level: 'debug',
      event: 'request-broken',
      fields: { client: CLIENT, code: 'request-invalid', detail: expect.any(String) as string },
    },
    {
      level: 'debug',
      event: 'request-broken',
      fields: { client: CLIENT, code: 'method-not-allowed', detail: expect.any(String) as string },
    },
  ]);
});

it('a long target is cut, and what is no text is shown as it came', async () => {
  await start({ logLevel: 'debug' });
  await sendInTurn(request(`GET /${'p'.repeat(5000)}?${'q'.repeat(5000)}`), request('GET /data/%FF'));
  await until(() => linesOf('request-answered').length === 2, 'two lines');
  const [long, broken] = linesOf('request-answered').map(({ fields }) => fields as Record<string, string>);
  expect([long.route.length, long.query.length]).toEqual([1024, 1024]);
  expect(broken.key).toBe('%FF');
});

it('no line has a value or a header in it', async () => {
  await start({ logLevel: 'trace' });
  const secret = 'authorization: Bearer hidden';
  await sendInTurn(
    request('GET /data/absent', secret),
    `${request('PUT /data/k', secret, 'Content-Length: 6')}hidden`,
    request('GET /data/k', secret),
  );
  await until(() => linesOf('request-answered').length === 3, 'three lines');
  expect(JSON.stringify(node.lines)).not.toContain('hidden');
});
