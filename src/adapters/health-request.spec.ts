// What answers, and how: real sockets on loopback.
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import {
  createServer as createNetServer,
  type AddressInfo,
  type Server as NetServer,
  type Socket,
} from 'node:net';
import { portRange } from '../../test/support/processes/ports';
import { requestHealth } from './health-request';
import { type Answerer, describeAnswerer, whoAnswers } from './who-answers';

const HOST = '127.0.0.1';
const LONG_MS = 30_000;
const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';

let server: Server;
let port: number;
let answer: (response: ServerResponse) => void;

beforeAll(async () => {
  server = createServer((_request, response) => answer(response)).listen(0, HOST);
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});
afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
});

const ask = (limitMs = LONG_MS, stop?: AbortSignal): ReturnType<typeof requestHealth> =>
  requestHealth({ address: HOST, port }, limitMs, stop);

/** A head, a part of a body, and then what `after` does. */
function begin(after: (response: ServerResponse) => void, head: Record<string, string> = {}): void {
  answer = (response) => {
    response.writeHead(200, head);
    response.write('{"node_id":', () => after(response));
  };
}

it('an answer comes with its status, its headers and what its body says', async () => {
  answer = (response) => response.writeHead(503, { 'X-Repram-Node': 'n' }).end('{"node_id":"a"}');
  expect(await ask()).toMatchObject({
    status: 503,
    headers: { 'x-repram-node': 'n' },
    health: { node_id: 'a' },
    cutBy: null,
  });
});

it('an answer that is no JSON says nothing', async () => {
  answer = (response) => response.end('<html>');
  expect(await ask()).toMatchObject({ status: 200, health: undefined, cutBy: null });
});

it('an answer that is too long, breaks off or never ends is told with its head', async () => {
  begin((response) => response.end('"'.repeat(70_000)));
  expect(await ask()).toMatchObject({ status: 200, health: undefined, cutBy: 'ERR_TOO_LONG' });
  begin((response) => response.destroy());
  expect(await ask()).toMatchObject({ status: 200, health: undefined, cutBy: 'ECONNRESET' });
  begin(() => undefined);
  expect(await ask(1500)).toMatchObject({ status: 200, health: undefined, cutBy: 'ETIMEDOUT' });
  expect(await whoAnswers(HOST, port, 1500)).toEqual({ kind: 'foreign', status: 200 });
});

it.each([
  ['interim answers without end', 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(1000), '', Infinity],
  ['a body in crumbs', CHUNKED, '1\r\n[\r\n'.repeat(1000), 5],
  ['chunks with long extensions', CHUNKED, `1;x=${'y'.repeat(1000)}\r\n[\r\n`, 100],
])('an answer of %s is given up', async (_, first, then, times) => {
  const flooding = createNetServer((socket) => {
    socket.on('error', () => undefined);
    socket.write(first);
    let left = times;
    const flood = (): void => {
      while (left > 0 && socket.writable) {
        left -= 1;
        if (!socket.write(then === '' ? first : then)) {
          socket.once('drain', flood);
          return;
        }
      }
      if (left === 0) socket.write('0\r\n\r\n');
    };
    socket.once('data', flood);
  }).listen(0, HOST);
  await once(flooding, 'listening');
  const asked = requestHealth({ address: HOST, port: (flooding.address() as AddressInfo).port }, 4000);
  const code = await asked.then(
    ({ cutBy }) => cutBy,
    (error: unknown) => (error as NodeJS.ErrnoException).code,
  );
  expect(code).toBe('ERR_TOO_LONG');
  flooding.close();
});

it.each([{ cluster: 'x'.repeat(60_000) }, { cluster: '\u001b[31m' }, { node_id: 'n'.repeat(60_000) }])(
  'who says of itself what no node does is another program: no log tells its words',
  async (words) => {
    answer = (response) =>
      response.end(JSON.stringify({ node_id: '0123456789abcdef', cluster: 'repram', ...words }));
    expect(await whoAnswers(HOST, port, 1500)).toEqual({ kind: 'foreign', status: 200 });
  },
);

it('a name that is too long is left out', async () => {
  const id = '0123456789abcdef';
  answer = (response) =>
    response.end(JSON.stringify({ node_id: id, cluster: 'repram', name: 'x'.repeat(60_000) }));
  expect(await whoAnswers(HOST, port, 1500)).toEqual({ kind: 'node', id, name: '', cluster: 'repram' });
});

it('a question that is stopped, or that nobody answers in time, is rejected with a code that says so', async () => {
  const stop = new AbortController();
  answer = () => stop.abort();
  await expect(ask(LONG_MS, stop.signal)).rejects.toMatchObject({ code: 'ERR_CANCELED' });
  answer = () => undefined;
  await expect(ask(50)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  expect(await whoAnswers(HOST, port, 50)).toEqual({ kind: 'silent' });
});

describe('who holds a port', () => {
  const open: NetServer[] = [];
  afterEach(() => {
    for (const each of open.splice(0)) each.close();
  });

  async function portOf(onConnection: (socket: Socket) => void): Promise<number> {
    const holder = createNetServer(onConnection).listen(0, HOST);
    open.push(holder);
    await once(holder, 'listening');
    return (holder.address() as AddressInfo).port;
  }

  it('is told apart by how it does not answer', async () => {
    const rude = await portOf((socket) => socket.end('SSH-2.0-x\r\n'));
    const closing = await portOf((socket) => socket.destroy());
    const free = await portRange(1);
    expect(await whoAnswers(HOST, rude, LONG_MS)).toEqual({ kind: 'mute' });
    expect(await whoAnswers(HOST, closing, LONG_MS)).toEqual({ kind: 'mute' });
    expect(await whoAnswers(HOST, free, LONG_MS)).toEqual({ kind: 'nobody' });
  });

  it.each<[Answerer, string]>([
    [{ kind: 'silent' }, 'a node that is still starting, or a program that speaks no HTTP'],
    [{ kind: 'mute' }, 'a program that does not answer HTTP'],
    [{ kind: 'nobody' }, 'held at another address'],
    [{ kind: 'unreachable', code: 'ENETDOWN' }, 'cannot reach itself (ENETDOWN)'],
  ])('is told of %j in words', (answerer, words) => {
    expect(describeAnswerer(answerer)).toContain(words);
  });
});
