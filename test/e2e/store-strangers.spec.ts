// What a node does where its address leads to no server that it can use: one that answers without
// end, one that never answers, one that is no Redis, one that refuses what the address asks for. It
// is given up, within bounds, and everybody is told why.
// With servers of its own: they are none, or they refuse.
import { parseStoreUrl } from '../../src/config/store-address';
import { createNode, type RunningNode } from '../../src/create-node';
import { until } from '../support/basics/until';
import { recordingLog, testSettings, type LogLine } from '../support/fakes/fake-node';
import { call, put } from '../support/http/calls';
import { portRange } from '../support/processes/ports';
import { type Behaviour, FakeServer, flood, HELLO_ANSWER, helloAnswer } from '../support/redis/fake-server';
import { RedisServer } from '../support/redis/redis-server';
import { newClusterName } from '../support/redis/store-engine';
import { describeWithRedis } from '../support/redis/with-redis';

const TIMEOUT_MS = 300;
/** What kernel and stream may hold of a connection that nobody reads any more. */
const UNREAD_BYTES_MAX = 24 * 1024 * 1024;
const SECRET = 'sesame-0pen';

const started: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of started.splice(0).reverse()) await each.stop();
});

async function fake(behaviour: Behaviour): Promise<FakeServer> {
  const each = await FakeServer.start(behaviour);
  started.push(each);
  return each;
}

interface Told {
  readonly node: RunningNode;
  readonly lines: readonly LogLine[];
}

async function node(url: string): Promise<Told> {
  const { log, lines } = recordingLog();
  const place = { basePort: await portRange(1), maxPorts: 1, nodeCount: 1 };
  const store = parseStoreUrl(url);
  const settings = { store, cluster: newClusterName(), storeTimeoutMs: TIMEOUT_MS, ...place };
  const each = await createNode(testSettings(settings), { log });
  started.push(each);
  return { node: each, lines };
}

/** What the one line of the log says, and whoever asks is told as well. */
async function problemOf({ node: { listenPort }, lines }: Told): Promise<string> {
  const port = Number(listenPort);
  await until(() => lines.some(({ event }) => event === 'store-away'), 'the log tells');
  const told = lines.filter(({ event }) => event.startsWith('store'));
  expect(told).toHaveLength(1);
  const { problem } = told[0].fields as { readonly problem: string };
  const ready = await call(port, '/health/ready');
  expect(ready.status).toBe(503);
  expect((await put(port, 'k', 'v')).status).toBe(503);
  const shown = [JSON.stringify(lines), ready.body.toString(), (await call(port, '/status')).body.toString()];
  for (const text of shown) {
    expect(text).toContain(JSON.stringify(problem).slice(1, -1));
    expect(text).not.toContain(SECRET);
  }
  return problem;
}

/** Each of a few connections is given up, and the node lives. */
async function expectGivenUp(behaviour: Behaviour): Promise<Told> {
  const server = await fake(behaviour);
  const told = await node(`redis://127.0.0.1:${server.port}`);
  await until(() => server.connections > 3, 'connections are given up, and others made');
  expect((await call(Number(told.node.listenPort), '/health/live')).status).toBe(200);
  return told;
}

const FLOODS: readonly (readonly [what: string, begin: string, again: string])[] = [
  ['a line', '+', 'x'],
  ['a refusal', '-ERR ', 'x'],
  ['a text of 2 GB', '$1999999999\r\n', 'y'],
  ['a list of 2,000,000,000', '*2000000000\r\n', ':1\r\n'],
  ['a list that holds a list', '', '*1\r\n'],
  ['answers to nothing', '', ':1\r\n'],
];

describe('a server that answers without end', () => {
  it.each(FLOODS)('is given up before much was read, at its first answer: %s', async (_, begin, again) => {
    let sent = 0;
    let most = 0;
    await expectGivenUp((socket, asked) => {
      if (asked.length > 0) return;
      sent = 0;
      flood(socket, begin, again, (bytes) => (most = Math.max(most, (sent += bytes))));
    });
    expect(most).toBeLessThan(2 * UNREAD_BYTES_MAX);
  });

  it.each(FLOODS)('is given up before much was read, once it is known: %s', async (_, begin, again) => {
    let most = 0;
    await expectGivenUp((socket, asked) => {
      if (asked.includes('HELLO')) socket.write(HELLO_ANSWER);
      else if (asked.length > 0) {
        let sent = 0;
        flood(socket, begin, again, (bytes) => (most = Math.max(most, (sent += bytes))));
      }
    });
    expect(most).toBeLessThan(UNREAD_BYTES_MAX);
  });
});

describe('a server that does not answer', () => {
  it('is given up where it says nothing at all', async () => {
    expect(await problemOf(await expectGivenUp(() => undefined))).toMatch(
      `no answer within ${TIMEOUT_MS} ms`,
    );
  });

  it('is given up where it begins an answer, and goes on bit by bit', async () => {
    const trickles = new Set<NodeJS.Timeout>();
    const told = await expectGivenUp((socket, asked) => {
      if (asked.length > 0) return;
      const trickle = setInterval(() => socket.write('+'), 20);
      trickles.add(trickle);
      socket.on('close', () => clearInterval(trickle));
    });
    expect(await problemOf(told)).toMatch(`no answer within ${TIMEOUT_MS} ms`);
  });

  it('is given up where it is silent after its first answer', async () => {
    const told = await expectGivenUp((socket, asked) => {
      if (asked.includes('HELLO')) socket.write(HELLO_ANSWER);
    });
    expect(await problemOf(told)).toMatch(`no answer within ${TIMEOUT_MS} ms`);
  });

  it('is given up where it takes a script, and says nothing to it', async () => {
    const told = await expectGivenUp((socket, asked) => {
      if (asked.includes('HELLO')) socket.write(HELLO_ANSWER);
      else if (asked.includes('EVALSHA'))
        socket.write('-NOSCRIPT none\r\n'.repeat(asked.toString('latin1').split('EVALSHA').length - 1));
    });
    expect(await problemOf(told)).toMatch(`no answer within ${TIMEOUT_MS} ms`);
  });

  it('is given up where it takes the connection and says nothing of TLS', async () => {
    const server = await fake(() => undefined);
    const told = await node(`rediss://127.0.0.1:${server.port}`);
    expect(await problemOf(told)).toMatch(/no TLS within 1000 ms/);
    await until(() => server.connections > 2, 'it is tried again');
  });
});

describe('what is no server for a node', () => {
  const answering =
    (answer: string | Buffer): Behaviour =>
    (socket, asked) => {
      if (asked.length > 0) socket.write(answer);
    };

  it.each<[string, Behaviour, RegExp]>([
    [
      'HTTP',
      answering('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'),
      /neither Redis nor Valkey: it speaks HTTP/,
    ],
    ['TLS', answering(Buffer.from([0x15, 3, 1, 0, 2, 2, 70])), /speaks TLS: its address begins with rediss:/],
    ['SSH', (socket, asked) => asked.length === 0 && socket.write('SSH-2.0-x\r\n'), /it speaks SSH/],
    ['something else', answering('ERROR\r\n'), /neither Redis nor Valkey: its answer begins with "ERROR"/],
    ['mail', answering('+OK ready\r\n'), /neither Redis nor Valkey: it does not know HELLO/],
    ['what it hears', (socket, asked) => asked.length > 0 && socket.write(asked), /neither Redis nor Valkey/],
    ['nothing, and closes', (socket) => socket.end(), /closed the connection without an answer/],
    [
      'as Redis 5 did',
      answering(
        `-ERR unknown command \`HELLO\`, with args beginning with: \`2\`, \`AUTH\`, \`u\`, \`${SECRET}\`, \r\n`,
      ),
      /does not know HELLO: Redis 6.2 or Valkey 7.2 is needed/,
    ],
    ['as Redis 6.0', answering(helloAnswer({ version: '6.0.16', mode: 'standalone' })), /release 6.0.16/],
    ['as a Sentinel', answering(helloAnswer({ version: '7.2.0', mode: 'sentinel' })), /is a Sentinel/],
  ])('is named by what it speaks: %s', async (_, behaviour, why) => {
    const server = await fake(behaviour);
    const told = await node(`redis://u:${SECRET}@127.0.0.1:${server.port}`);
    expect(await problemOf(told)).toMatch(why);
  });
});

describeWithRedis('a server that refuses what the address asks for', () => {
  async function redis(...options: readonly string[]): Promise<RedisServer> {
    const each = await RedisServer.start(await portRange(1), ...options);
    started.push(each);
    return each;
  }

  it('is away where it has no such database, and gets no key in another', async () => {
    const server = await redis();
    const told = await node(`redis://127.0.0.1:${server.port}/99`);
    expect(await problemOf(told)).toMatch(/database 99 is refused: ERR/);
    expect(server.call('INFO', 'keyspace')).not.toContain('db');
  });

  it('is away where the user may choose no database, and the user is not named', async () => {
    const server = await redis();
    server.call('ACL', 'SETUSER', SECRET, 'on', '>pw', '~*', '+@all', '-select');
    const told = await node(`redis://${SECRET}:pw@127.0.0.1:${server.port}/3`);
    expect(await problemOf(told)).toMatch(/database 3 is refused: NOPERM/);
    expect(server.call('INFO', 'keyspace')).not.toContain('db');
  });

  it('is away where the address is that of a Cluster and the server is alone', async () => {
    const server = await redis();
    const told = await node(`redis-cluster://127.0.0.1:${server.port}`);
    expect(await problemOf(told)).toMatch(
      `127.0.0.1:${server.port}: ERR This instance has cluster support disabled`,
    );
  });
});
