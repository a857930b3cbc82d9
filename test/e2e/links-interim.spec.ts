// Interim answers (1xx) in front of the upgrade that a dialer asked for: a few are passed over, and
// whoever sends them without end is given up. Over real sockets.
// On gossip alone: links.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { until } from '../support/basics/until';
import { LinkEnd, type EndOptions } from './links-end';

const INTERIM = 'HTTP/1.1 102 Processing\r\n\r\n';
/** Of one dial: as many as src/adapters/interim-answers.ts lets pass. */
const PASSED = 16;
const SECRET = 'both know it';
/** Far more than a test takes: what is given up is given up for something else. */
const LIMIT_MS = 600_000;

const ends: LinkEnd[] = [];
const servers: Server[] = [];
const sockets = new Set<Socket>();

async function end(digit: string, options: EndOptions): Promise<LinkEnd> {
  const made = await LinkEnd.start(digit, { greetingLimitMs: LIMIT_MS, ...options });
  ends.push(made);
  return made;
}

/** Answers on loopback, in the way that `answer` says, when something was asked. */
async function answering(answer: (socket: Socket, asked: Buffer) => void): Promise<{ port: number }> {
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('data', (asked: Buffer) => answer(socket, asked));
  });
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port };
}

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  await Promise.all(ends.splice(0).map((each) => each.stop()));
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

function flood(socket: Socket): void {
  while (socket.writable) {
    if (socket.write(INTERIM.repeat(100))) continue;
    socket.once('drain', () => flood(socket));
    return;
  }
}

const KINDS: readonly (readonly [string, EndOptions])[] = [
  ['a WebSocket', {}],
  ['encryption', { secret: SECRET, host: '127.0.0.2' }],
];

describe.each(KINDS)('a dialer that asks for %s', (_, options) => {
  it('gives up whoever sends interim answers without end', async () => {
    const dialer = await end('a', options);
    const { port } = await answering((socket) => flood(socket));
    dialer.links.dial({ address: '127.0.0.1', port });
    expect((await dialer.first('dial-failed')).failure).toBe('failed');
    await until(() => [...sockets].every((socket) => socket.destroyed), 'the connection is closed');
  });

  it('passes over as many as proxies may send, and gives up at one more', async () => {
    const [dialer, listener] = [await end('a', options), await end('b', { secret: options.secret ?? null })];
    let count = PASSED + 1;
    const { port } = await answering((socket, asked) => {
      socket.write(INTERIM.repeat(count));
      const behind = connect(listener.endpoint.port, '127.0.0.1');
      sockets.add(behind);
      behind.on('error', () => undefined).write(asked);
      socket.pipe(behind).pipe(socket);
    });
    dialer.links.dial({ address: '127.0.0.1', port });
    expect((await dialer.first('dial-failed')).failure).toBe('failed');
    count = PASSED;
    dialer.links.dial({ address: '127.0.0.1', port });
    expect((await dialer.first('link-up')).identity.id).toBe(listener.identity.id);
  });
});
