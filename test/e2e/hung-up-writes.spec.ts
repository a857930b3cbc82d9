// Writes of clients that hung up before the node came to read them, when they said that they would
// stay (X-Repram-Connected).
import { connect } from 'node:net';
import { startFakeNode, type FakeNode } from '../support/fakes/fake-node';

let node: FakeNode;
beforeAll(async () => {
  node = await startFakeNode();
});
afterAll(() => node.close());

const BODY = 'v'.repeat(70_000);
const ATTENDED = 'X-Repram-Connected: required\r\n';

/** Sends it, closes this half of the connection, and reads what comes back. */
function halfClosed(request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port: node.port, host: '127.0.0.1', allowHalfOpen: true });
    const parts: Buffer[] = [];
    socket.on('data', (part: Buffer) => parts.push(part));
    socket.on('error', reject).on('end', () => resolve(Buffer.concat(parts).toString('latin1')));
    socket.end(request);
  });
}

const put = (key: string, fields: string, body = 'v'): string =>
  `PUT /data/${key} HTTP/1.1\r\nHost: h\r\n${fields}Content-Length: ${body.length}\r\n\r\n${body}`;

const read = async (key: string): Promise<number> => (await fetch(`${node.url}/data/${key}`)).status;

it.each([
  ['small', 'v', ''],
  ['large', BODY, ''],
  ['conditional', 'v', 'If-None-Match: *\r\n'],
  ['routed', 'v', 'Expect: 100-continue\r\n'],
])('are not done: %s', async (key, body, fields) => {
  const text = await halfClosed(put(key, ATTENDED + fields, body));
  expect(text).toMatch(/HTTP\/1\.1 412 [^]*"code":"precondition-failed"/);
  expect(await read(key)).toBe(404);
});

it('are done where the client did not say that it stays', async () => {
  expect(await halfClosed(put('plain', ''))).toMatch(/^HTTP\/1\.1 201/);
  expect(await read('plain')).toBe(200);
});

it('are done where the client stays, one behind the other on one connection', async () => {
  for (const key of ['first', 'second']) {
    const headers = { 'X-Repram-Connected': 'required' };
    const { status } = await fetch(`${node.url}/data/${key}`, { method: 'PUT', headers, body: BODY });
    expect(status).toBe(201);
    expect(await read(key)).toBe(200);
  }
});

it('are refused where the header says something that is not known', async () => {
  const headers = { 'X-Repram-Connected': 'maybe' };
  const answer = await fetch(`${node.url}/data/strange`, { method: 'PUT', headers, body: 'v' });
  expect([answer.status, await answer.json()]).toEqual([
    400,
    expect.objectContaining({ code: 'precondition-invalid', detail: expect.stringContaining('maybe') }),
  ]);
});
