// The end of the head of an answer is made once a second and used again. So the answers of a second
// are compared with those that Node.js makes by itself.
// Without an engine: no node is asked.
import { createServer, type RequestListener, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { write, type Answer } from '../../src/http/answer';
import { ProblemCounts } from '../../src/http/problem-counts';

const ANSWER: Answer = { status: 201, lines: 'x-one: 1\r\n', body: 'OK' };
const servers: Server[] = [];
let ours: number;
let nodes: number;

beforeAll(async () => {
  const counts = new ProblemCounts();
  ours = await listen((_request, response) => write(response, ANSWER, counts));
  nodes = await listen((_request, response) =>
    response.writeHead(201, ['x-one', '1', 'content-length', '2']).end('OK'),
  );
});
afterAll(() => {
  for (const server of servers) server.close().closeAllConnections();
});

async function listen(listener: RequestListener): Promise<number> {
  const server = createServer({ keepAliveTimeout: 90_000 }, listener);
  server.maxRequestsPerSocket = 3;
  // Nobody is told to go on.
  server.on('checkContinue', listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** All that comes back, until the server ends or half a connection is enough. */
async function answersTo(port: number, requests: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.end(requests);
  return (await text(socket)).replace(/^Date: .*$/gm, 'Date: -');
}

const plain = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';

it.each([
  ['of one connection, up to the last that it may have', plain.repeat(4)],
  ['to who wants the connection closed', 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'],
  ['to HTTP/1.0', 'GET / HTTP/1.0\r\n\r\n'],
  ['to HTTP/1.0 that keeps the connection', 'GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n'],
  ['to HEAD', 'HEAD / HTTP/1.1\r\nHost: x\r\n\r\n'],
  [
    'to an upload that waits',
    'PUT / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n',
  ],
])('answers are those of Node.js, the first of a second and the next ones: %s', async (_name, requests) => {
  const expected = await answersTo(nodes, requests);
  expect(expected).toContain('HTTP/1.1 201 Created');
  const got = [];
  for (let round = 0; round < 3; round += 1) got.push(await answersTo(ours, plain + requests));
  const first = await answersTo(nodes, plain + requests);
  expect(got).toEqual([first, first, first]);
});
