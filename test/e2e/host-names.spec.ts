// DNS rebinding: a page of evil.example whose name suddenly leads to this machine. What its browser
// then sends is refused; programs, proxies and everybody who uses an address or a known name are
// served.
// Without an engine: the name in a request is judged in front of it.
import { startFakeNode, type FakeNode } from '../support/fakes/fake-node';
import { exchange, statusOf } from '../support/http/byte-connection';

const BROWSER = 'User-Agent: Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0';
const KEPT = 'Connection: keep-alive';

let node: FakeNode;
beforeAll(async () => {
  node = await startFakeNode({
    allowedHosts: ['board.example', '*.wild.example'],
    discoveryDomain: 'nodes.example',
    address: 'advertised.example',
  });
});
afterAll(() => node.close());

const ask = async (target: FakeNode, host: string, ...headers: string[]): Promise<string> =>
  exchange(target.port, ['GET /keys HTTP/1.1', `Host: ${host}`, ...headers, '\r\n'].join('\r\n'));

it.each([
  ['a browser', [BROWSER, KEPT]],
  ['a page that writes', ['Origin: http://evil.example:8081', KEPT]],
  ['a page that hides its browser', ['Sec-Fetch-Site: same-origin', KEPT]],
  ['a page that is linked', ['Referer: http://evil.example/', KEPT]],
  ['a page that poses as a proxy', [BROWSER, KEPT, 'X-Forwarded-For: 203.0.113.1', 'X-Real-IP: 203.0.113.1']],
])('refuses %s under a name it does not know', async (_who, headers) => {
  const answer = await ask(node, 'evil.example:8081', ...headers);
  expect(statusOf(answer)).toBe(421);
  expect(answer).toContain('"code":"host-refused"');
  expect(answer).toContain('REPRAM_ALLOWED_HOSTS');
});

it.each([
  ...[
    '127.0.0.1',
    '127.0.0.1:8081',
    '[::1]:8081',
    '192.168.1.7',
    'localhost',
    'localhost:8081',
    'LOCALHOST.',
  ],
  ...[
    'repram',
    'repram:8081',
    'node.local',
    'a.b.svc.cluster.local',
    'pi.lan',
    'x.internal',
    'board.localhost',
  ],
  ...[
    'faderepram.app.runonflux.io',
    'faderepram_38081.app.runonflux.io',
    'board.example',
    'Board.Example:443',
  ],
  ...['a.wild.example', 'a.b.wild.example', 'nodes.example', 'advertised.example', ''],
])('serves browsers under %j', async (host) => {
  expect(statusOf(await ask(node, host, BROWSER, KEPT))).toBe(200);
});

it.each([
  'evil.example',
  'wild.example',
  'notboard.example',
  'board.example.evil.example',
  'localhost.evil.example',
  'evil.app.runonflux.io.example',
  '127.0.0.1.evil.example',
])('does not take %s for a name it knows', async (host) => {
  expect(statusOf(await ask(node, host, BROWSER, KEPT))).toBe(421);
});

it.each([
  ['curl', ['User-Agent: curl/8.5.0', 'Accept: */*']],
  ['a program that keeps its connection', [KEPT, 'User-Agent: node', 'Accept: */*']],
  ['a proxy that closes, as nginx does', [BROWSER, 'Connection: close']],
  ['a proxy that says nothing of the connection, as Envoy and HAProxy do', [BROWSER]],
  ['a proxy that upgrades', [BROWSER, 'Connection: upgrade', 'Upgrade: websocket']],
])('serves %s under any name', async (_who, headers) => {
  expect(statusOf(await ask(node, 'anything.example', ...headers))).toBe(200);
});

it.each([
  ['the platform, where any domain may lead to the application', { appName: 'faderepram' }],
  ['a proxy that is trusted', { trustProxy: ['127.0.0.0/8'] }],
  ['any proxy, if all are trusted', { trustProxy: true }],
  ['whoever allows all names', { allowedHosts: ['*'] }],
])('serves browsers of any name behind %s', async (_what, changes) => {
  const open = await startFakeNode(changes);
  expect(statusOf(await ask(open, 'anything.example', BROWSER, KEPT))).toBe(200);
  await open.close();
});

it('lets other sites read and write values, and embed or show none', async () => {
  const url = `${node.url}/data/shown`;
  const foreign = { Origin: 'https://elsewhere.example' };
  const written = await fetch(url, { method: 'PUT', body: '<script>', headers: foreign });
  expect([written.status, written.headers.get('access-control-allow-origin')]).toEqual([201, '*']);
  const { headers } = await fetch(url, { headers: foreign });
  expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
  expect(headers.get('content-disposition')).toBe('attachment; filename="value.bin"');
});
