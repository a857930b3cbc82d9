// Whoever asks at /gossip and is no peer gets a problem like everybody else, and the connection
// ends.
// On gossip alone: the door for links.
import type { NodeSettings } from '../../src/config/settings';
import { ByteConnection } from '../support/http/byte-connection';
import { type Network, startNetwork } from '../support/processes/network';
import { until } from '../support/basics/until';

let network: Network;
afterEach(() => network.stop());

const WEBSOCKET = [
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  `Sec-WebSocket-Key: ${'A'.repeat(22)}==`,
];

async function refusal(headers: readonly string[], changes: Partial<NodeSettings> = {}, method = 'GET') {
  network = await startNetwork(1, changes);
  const lines = [`${method} /gossip HTTP/1.1`, 'Host: h', 'Connection: Upgrade', ...headers, '', ''];
  const connection = await ByteConnection.open(network.nodes[0].listenPort ?? 0, lines.join('\r\n'));
  await until(() => connection.closed, 'the connection to end');
  const [head, body] = connection.answer.split('\r\n\r\n');
  const named = Object.fromEntries(
    head
      .split('\r\n')
      .slice(1)
      .map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
  ) as Record<string, string>;
  expect(named).toMatchObject({
    'content-type': 'application/problem+json',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  });
  const problem = JSON.parse(body) as { status: number; code: string; detail: string; type: string };
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${problem.status} `));
  expect(problem).toMatchObject({
    type: `urn:repram:problem:${problem.code}`,
    detail: expect.stringMatching(/\.$/) as string,
  });
  return { status: problem.status, code: problem.code, headers: named };
}

it.each<[string, string[], Partial<NodeSettings>, number, string]>([
  ['a browser', [...WEBSOCKET, 'Origin: https://example.org'], {}, 403, 'peer-refused'],
  ['a proxy', [...WEBSOCKET, 'X-Forwarded-For: 203.0.113.1'], {}, 403, 'peer-refused'],
  ['encryption without a secret', ['Upgrade: repram-tls'], {}, 426, 'upgrade-required'],
  [
    'another version of the WebSocket',
    ['Upgrade: websocket', 'Sec-WebSocket-Version: 7'],
    {},
    400,
    'request-invalid',
  ],
  ['no key of a WebSocket', ['Upgrade: websocket', 'Sec-WebSocket-Version: 13'], {}, 400, 'request-invalid'],
])('answers %s', async (_what, headers, changes, status, code) => {
  expect(await refusal(headers, changes)).toMatchObject({ status, code });
});

it('answers a method that opens no WebSocket', async () => {
  expect(await refusal(WEBSOCKET, {}, 'POST')).toMatchObject({ status: 400, code: 'request-invalid' });
});

it('names what is spoken instead', async () => {
  const { headers } = await refusal(['Upgrade: repram-tls']);
  expect(headers.upgrade).toBe('websocket');
});

it('says of a draining node that it will be another one, and when', async () => {
  network = await startNetwork(1);
  const { runtime } = network.nodes[0];
  jest.spyOn(runtime.links, 'handleUpgrade').mockImplementation((_request, socket) => {
    runtime.links.refuse(socket, { reason: 'leaving', detail: 'Gone.', spoken: '' });
  });
  const lines = ['GET /gossip HTTP/1.1', 'Host: h', 'Connection: Upgrade', ...WEBSOCKET, '', ''];
  const connection = await ByteConnection.open(network.nodes[0].listenPort ?? 0, lines.join('\r\n'));
  await until(() => connection.closed, 'the connection to end');
  expect(connection.answer).toMatch(/^HTTP\/1\.1 503 [^]*\r\nRetry-After: 1\r\n[^]*"code":"draining"/);
});
