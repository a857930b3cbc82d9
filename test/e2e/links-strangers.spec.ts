// What a node does with those who are no peers of it, or stop behaving like one: over real sockets.
// On gossip alone: links.
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { WebSocket } from 'ws';
import { DialerHandshake } from '../../src/adapters/greeting-handshake';
import { isPeerUpgrade } from '../../src/adapters/peer-socket';
import { encodeHello, GREETING_BYTES_MIN } from '../../src/core/wire/greeting';
import { LIMITS } from '../../src/core/base/limits';
import { until } from '../support/basics/until';
import { sealedFrame } from '../support/core/sealed-frame';
import { forwardingProxy } from '../support/peers/way-between';
import { connectTo, greetAs, link, LinkEnd, type EndOptions } from './links-end';

const ends: LinkEnd[] = [];

async function end(digit: string, options: EndOptions = {}): Promise<LinkEnd> {
  const made = await LinkEnd.start(digit, options);
  ends.push(made);
  return made;
}

afterEach(async () => {
  await Promise.all(ends.splice(0).map((each) => each.stop()));
});

/** The first line a server answers to raw bytes. */
async function statusOf(target: Pick<LinkEnd, 'endpoint'>, head: string): Promise<string> {
  const socket = connect(target.endpoint.port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write(head);
  let answer = '';
  socket.on('data', (data) => (answer += data.toString()));
  await once(socket, 'close');
  return answer.split('\r\n')[0];
}

const upgrade = (path: string, ...headers: string[]): string =>
  [
    `GET ${path} HTTP/1.1`,
    'Host: x',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ...headers,
    '\r\n',
  ].join('\r\n');

/**
 * No caller on this machine has a public address, so this one request is made up; its socket is a
 * real stream.
 */
function pretend(caller: { remoteAddress: string; remotePort: number }): {
  request: IncomingMessage;
  socket: PassThrough;
  answer: () => Promise<string>;
} {
  const socket = new PassThrough();
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  const request = { url: '/gossip', headers: {}, socket: caller } as unknown as IncomingMessage;
  return {
    request,
    socket,
    answer: async () => {
      await once(socket, 'close');
      return Buffer.concat(chunks).toString();
    },
  };
}

const reasonsLogged = (target: LinkEnd): unknown[] =>
  target.logged.map((line) => (line.fields as { reason?: string }).reason);

describe('who is no member of the cluster', () => {
  it.each([
    ['another secret', 'one', 'another'],
    ['no secret', 'one', null],
    ['a secret where none is', null, 'one'],
  ])('with %s is rejected, counted, and logged once at both ends', async (_title, listeners, dialers) => {
    const [a, b] = [await end('a', { secret: dialers }), await end('b', { secret: listeners })];
    for (let round = 1; round <= 3; round += 1) {
      a.links.dial(b.endpoint);
      await until(() => a.of('dial-failed').length >= round, 'the dial is answered');
      await until(() => b.links.counters().failedProof === round, 'the listener counts it');
    }
    expect(a.of('dial-failed').every((input) => input.failure === 'rejected')).toBe(true);
    expect(reasonsLogged(a)).toEqual(['other-secret']);
    expect(reasonsLogged(b)).toEqual(['other-secret']);
    expect(b.inputs).toHaveLength(0);
  });

  it('of another cluster is rejected and logged once', async () => {
    const [a, b] = [await end('a'), await end('b', { cluster: 'another' })];
    for (let round = 1; round <= 2; round += 1) {
      a.links.dial(b.endpoint);
      await until(() => a.of('dial-failed').length >= round, 'the dial is answered');
    }
    expect(a.of('dial-failed')[0].failure).toBe('rejected');
    expect(reasonsLogged(b)).toEqual(['other-cluster']);
    expect(b.inputs).toHaveLength(0);
  });

  it.each([
    ['in servers', true],
    ['by itself', false],
  ])(
    'holds its values %s, where the other does not, makes no link, and is told why',
    async (_how, inServers) => {
      const [a, b] = [
        await end('a', { valuesInServers: inServers }),
        await end('b', { valuesInServers: !inServers }),
      ];
      for (let round = 1; round <= 2; round += 1) {
        a.links.dial(b.endpoint);
        await until(() => a.of('dial-failed').length >= round, 'the dial is answered');
      }
      expect(a.of('dial-failed')[0].failure).toBe('rejected');
      expect(reasonsLogged(b)).toEqual(['other-engine']);
      expect(b.inputs).toHaveLength(0);
    },
  );

  it('or does not know its own port yet, is asked again, and nobody complains', async () => {
    const [a, b] = [await end('a'), await end('b')];
    const { endpoint } = b;
    Object.assign(b.identity, { listenPort: 0, advertisedPort: 0 });
    a.links.dial(endpoint);
    expect(await a.first('dial-failed')).toMatchObject({ failure: 'failed' });
    expect([...a.logged, ...b.logged]).toEqual([]);
    expect(await statusOf({ endpoint }, upgrade('/gossip'))).toMatch(/ 503 /);
    Object.assign(b.identity, { listenPort: endpoint.port, advertisedPort: endpoint.port });
    a.links.dial(endpoint);
    expect((await a.first('link-up')).identity.id).toBe(b.identity.id);
  });

  it('or is the node itself, makes no link', async () => {
    const a = await end('a');
    a.links.dial(a.endpoint);
    expect((await a.first('dial-failed')).failure).toBe('self');
    expect(a.of('link-up')).toHaveLength(0);
    expect(a.logged).toHaveLength(0);
  });
});

describe('an upgrade', () => {
  it('with an Origin is refused and counted', async () => {
    const b = await end('b');
    const status = await statusOf(b, upgrade('/gossip', 'Origin: https://example.org'));
    expect(status).toBe('HTTP/1.1 403 Forbidden');
    expect(await statusOf(b, upgrade('/gossip', 'origin: null'))).toBe('HTTP/1.1 403 Forbidden');
    expect(b.links.counters()).toMatchObject({ refusedOrigin: 2, refusedByPolicy: 0 });
    expect(b.logged).toHaveLength(1);
  });

  it.each([
    ['/gossip', 'websocket', true],
    ['/gossip?x', 'WebSocket', true],
    ['/gossip', 'REPRAM-TLS', true],
    ['/gossip', 'h2c', false],
    ['/gossip', 'h2c, websocket', false],
    ['/gossip', undefined, false],
    ['/gossipx', 'websocket', false],
    ['/data/x', 'websocket', false],
  ])('at %s to %s is one of a peer: %s', (url, upgrade, expected) => {
    expect(isPeerUpgrade({ url, headers: { upgrade } } as IncomingMessage)).toBe(expected);
  });

  it.each([
    'X-Forwarded-For: 203.0.113.7',
    'X-Forwarded-Proto: https',
    'Forwarded: for=203.0.113.7',
    'Via: 1.1 proxy',
    'X-Real-IP: 203.0.113.7',
    'CF-Connecting-IP: 203.0.113.7',
    'True-Client-IP: 203.0.113.7',
    'X-Client-IP: 203.0.113.7',
    'X-Cluster-Client-IP: 203.0.113.7',
    'Fly-Client-IP: 203.0.113.7',
    'X-Header-Of-A-Proxy-Not-Yet-Written: 1',
  ])(
    'that a proxy passed on with %s is refused without a secret, counted, and logged once',
    async (header) => {
      const b = await end('b');
      const request = upgrade('/gossip', 'X-Repram-Cluster: repram', header);
      for (let round = 1; round <= 2; round += 1)
        expect(await statusOf(b, request)).toBe('HTTP/1.1 403 Forbidden');
      expect(b.links.counters()).toMatchObject({ refusedForwarded: 2, refusedByPolicy: 0 });
      expect(reasonsLogged(b)).toEqual(['forwarded']);
    },
  );

  it('that a proxy passed on becomes a link where both ends have the secret, and only there', async () => {
    const secret = 'both know it';
    const b = await end('b', { secret });
    expect(await statusOf(b, upgrade('/gossip', 'X-Forwarded-For: 203.0.113.7'))).toBe(
      'HTTP/1.1 426 Upgrade Required',
    );
    const proxy = await forwardingProxy(b.endpoint);
    const host = '127.0.0.2';
    const [stranger, peer] = [await end('c', { host, secret: 'a guess' }), await end('d', { host, secret })];
    for (const each of [stranger, peer]) each.links.dial(proxy.endpoint);
    expect((await stranger.first('dial-failed')).failure).toBe('rejected');
    expect((await peer.first('link-up')).identity.id).toBe(b.identity.id);
    expect(b.of('link-up').map(({ identity }) => identity.id)).toEqual([peer.identity.id]);
    await proxy.close();
  });

  it('from a public address is refused without a secret, counted, and logged once', async () => {
    const b = await end('b');
    const asked = { remoteAddress: '::ffff:203.0.113.7', remotePort: 5 };
    for (let round = 0; round < 2; round += 1) {
      const { request, socket, answer } = pretend(asked);
      b.links.handleUpgrade(request, socket, Buffer.alloc(0));
      expect((await answer()).split('\r\n')[0]).toBe('HTTP/1.1 403 Forbidden');
    }
    expect(b.links.counters().refusedByPolicy).toBe(2);
    expect(b.logged).toHaveLength(1);
    expect(b.logged[0].fields).toMatchObject({ address: '203.0.113.7', reason: 'policy' });
  });

  it.each([null, 'a secret'])(
    'takes the place of the stranger that waits longest, so that a peer always gets in (secret: %s)',
    async (secret) => {
      const limits = { unproven: { total: 3, perAddress: 3 }, greetingLimitMs: 60_000 };
      const b = await end('b', { ...limits, secret });
      const gone: number[] = [];
      const strangers: WebSocket[] = [];
      for (let at = 0; at < 4; at += 1) {
        const stranger = await connectTo(b);
        strangers.push(stranger.on('close', () => gone.push(at)));
        stranger.send(encodeHello({ ...b.identity, id: 'e'.repeat(16) }, new Uint8Array(16)));
      }
      await until(() => gone.length >= 1, 'the oldest gave way');
      const a = await end('a', { secret });
      await link(a, b);
      await until(() => gone.length >= 2, 'the next one gave way to the peer');
      expect(gone).toEqual([0, 1]);
      for (const stranger of strangers) stranger.terminate();
    },
  );

  it('that became a link no longer counts as unproven', async () => {
    const b = await end('b', { unproven: { total: 1, perAddress: 1 } });
    const peers = [await greetAs('c', b)];
    await until(() => b.of('link-up').length >= 1, 'the first link');
    peers.push(await greetAs('d', b));
    await until(() => b.of('link-up').length >= 2, 'the second link');
    for (const { socket } of peers) socket.terminate();
  });
});

describe('a greeting', () => {
  it('that stops half-way is dropped after its limit, whether or not it began', async () => {
    const b = await end('b', { greetingLimitMs: 150 });
    const [silent, half] = [await connectTo(b), await connectTo(b)];
    const startMs = performance.now();
    half.send(encodeHello({ ...b.identity, id: 'c'.repeat(16) }, new Uint8Array(16)));
    await Promise.all([once(silent, 'close'), once(half, 'close')]);
    expect(performance.now() - startMs).toBeGreaterThan(100);
    expect(b.inputs).toHaveLength(0);
  });

  it('never answers an unproven caller with more bytes than it sent', async () => {
    const b = await end('b', { secret: 's' });
    const socket = await connectTo(b);
    const { opening } = new DialerHandshake({
      identity: { ...b.identity, id: 'c'.repeat(16) },
      key: null,
      channel: null,
    });
    socket.send(opening);
    const [welcome] = (await once(socket, 'message')) as [Buffer];
    expect(welcome.length).toBeLessThanOrEqual(GREETING_BYTES_MIN);
    expect(opening).toHaveLength(GREETING_BYTES_MIN);
    socket.terminate();
  });

  it('of junk, text or oversized messages closes the socket and throws nothing', async () => {
    const b = await end('b');
    const messages = [
      ...fc.sample(fc.uint8Array({ maxLength: 2000 }), 20).map((bytes) => Buffer.from(bytes)),
      'text',
      Buffer.alloc(LIMITS.frameBytesMax + 100),
    ];
    for (const message of messages) {
      const socket = await connectTo(b);
      socket.send(message);
      await once(socket, 'close');
    }
    expect(b.links.counters().invalidFrames).toBe(messages.length);
    expect(b.logged).toHaveLength(1);
    const [a] = [await end('a')];
    await link(a, b);
  });

  it('of bytes that are no WebSocket frames closes the socket', async () => {
    const b = await end('b');
    const socket = connect(b.endpoint.port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write(upgrade('/gossip'));
    await once(socket, 'data');
    socket.write(Buffer.alloc(64, 0xff));
    socket.resume();
    await once(socket, 'close');
    expect(b.links.counters().invalidFrames).toBe(1);
  });
});

describe('a linked peer', () => {
  it.each([
    ['repeats a frame', (seal: Sealing): Buffer[] => twice(seal(Buffer.from('x')))],
    ['flips a bit', (seal: Sealing): Buffer[] => [seal(Buffer.from('x')), flipped(seal(Buffer.from('y')))]],
    ['skips a frame', (seal: Sealing): Buffer[] => [seal(Buffer.from('x')), skip(seal)]],
    ['sends a frame without seal', (seal: Sealing): Buffer[] => [seal(Buffer.from('x')), Buffer.from('y')]],
  ])('that %s is closed, and nothing after its last good frame is delivered', async (_title, misbehave) => {
    const b = await end('b', { secret: 's' });
    const { socket, seal } = await greetAs('a', b, 's');
    if (seal === null) throw new Error('no seal');
    for (const frame of misbehave((bytes) => sealedFrame(seal, bytes))) socket.send(frame);
    socket.send(sealedFrame(seal, Buffer.from('z')));
    await b.first('link-down');
    expect(b.texts()).toEqual(['x']);
    expect(b.links.counters()).toMatchObject({ invalidFrames: 1, links: 0 });
    expect(b.logged.map((line) => line.event)).toEqual(['link-invalid']);
  });

  it.each([
    ['a frame above the limit', Buffer.alloc(LIMITS.frameBytesMax + 25)],
    ['text', 'text'],
  ])('that sends %s is closed', async (_title, message) => {
    const b = await end('b');
    const { socket } = await greetAs('a', b);
    socket.send(message);
    await b.first('link-down');
    expect(b.of('frame')).toHaveLength(0);
    expect(b.of('link-down')).toHaveLength(1);
    expect(b.links.counters().invalidFrames).toBe(1);
    expect(socket.readyState).not.toBe(WebSocket.OPEN);
  });
});

type Sealing = (bytes: Buffer) => Buffer;

const twice = (frame: Buffer): Buffer[] => [frame, frame];

function skip(seal: Sealing): Buffer {
  seal(Buffer.from('lost'));
  return seal(Buffer.from('y'));
}

function flipped(frame: Buffer): Buffer {
  frame[frame.length - 1] ^= 1;
  return frame;
}
