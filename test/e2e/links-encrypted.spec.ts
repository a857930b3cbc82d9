// Links between hosts where there is a secret: nobody in between hears, changes or repeats
// anything, and nobody talks either end out of encryption. Two addresses of loopback are two hosts
// (docs/adr/0026-hosts-on-loopback.md).
// On gossip alone: links.
import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { WebSocket, WebSocketServer } from 'ws';
import { DialerHandshake } from '../../src/adapters/greeting-handshake';
import { CHANNEL_TOKEN } from '../../src/adapters/secure-channel';
import { LIMITS } from '../../src/core/base/limits';
import { cheapKeys } from '../support/core/cluster-keys';
import { portRange } from '../support/processes/ports';
import { possibleWith } from '../support/basics/possible';
import { until } from '../support/basics/until';
import { slowWay, tap, type Direction, type Way } from '../support/peers/way-between';
import { link, LinkEnd, type EndOptions } from './links-end';

const possible = possibleWith('127.0.0.2', process.platform === 'linux' ? null : 'it takes an alias');

const SECRET = 'both hosts know it';
const MARKER = 'a value that nobody in between may read';
const ends: LinkEnd[] = [];
const ways: Way[] = [];

async function end(digit: string, host: string, options: EndOptions = {}): Promise<LinkEnd> {
  const made = await LinkEnd.start(digit, { secret: SECRET, host, ...options });
  ends.push(made);
  return made;
}

async function tapped(target: LinkEnd, change?: Parameters<typeof tap>[1]): Promise<Way> {
  const way = await tap(target.endpoint, change);
  ways.push(way);
  return way;
}

const UPGRADE = [
  'GET /gossip HTTP/1.1',
  'Host: x',
  'Connection: Upgrade',
  `Upgrade: ${CHANNEL_TOKEN}`,
  '\r\n',
].join('\r\n');

/** A caller from another host, as far as the 101. */
async function askForChannel(listener: LinkEnd, localAddress = '127.0.0.3', status = 101): Promise<Socket> {
  const { port, address: host } = listener.endpoint;
  const socket = connect({ port, host, localAddress });
  socket.on('error', () => undefined);
  socket.write(UPGRADE);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(answer.toString()).toContain(`HTTP/1.1 ${status} `);
  return socket;
}

/** Whatever else happens to it. */
function closed(socket: Socket): Promise<unknown> {
  return new Promise((resolve) => socket.once('close', resolve));
}

const reasonsLogged = (target: LinkEnd): unknown[] =>
  target.logged.map(({ fields }) => (fields as { reason?: string }).reason);

afterEach(async () => {
  await Promise.all(ends.splice(0).map((each) => each.stop()));
  await Promise.all(ways.splice(0).map((each) => each.close()));
});

describe('two hosts with one secret', () => {
  possible('link up, know each other, and exchange frames of every size in order', async () => {
    const [a, b] = [await end('a', '127.0.0.1'), await end('b', '127.0.0.2')];
    const ids = await link(a, b);
    expect((await a.first('link-up')).identity.id).toBe(b.identity.id);
    expect((await b.first('link-up')).identity.id).toBe(a.identity.id);
    const sent = Array.from({ length: 300 }, (_, at) => `${at}`.padEnd((at * 37) % 3000, '.'));
    for (const text of sent) {
      a.send(ids.out, text);
      b.send(ids.in, text);
    }
    const largest = Buffer.alloc(LIMITS.frameBytesMax, 7);
    a.links.send(ids.out, largest);
    await until(() => b.of('frame').length >= 301 && a.of('frame').length >= 300, 'all frames arrived');
    expect(b.texts().slice(0, 300)).toEqual(sent);
    expect(a.texts()).toEqual(sent);
    expect(largest.equals(b.of('frame')[300].bytes)).toBe(true);
    const flushed = (): number => a.of('link-flushed').reduce((sum, { bytes }) => sum + bytes, 0);
    const total = sent.join('').length + largest.length;
    await until(() => flushed() === total, 'all bytes are reported as flushed');
    for (let at = 0; at < 100; at += 1) a.send(ids.out, `last ${at}`);
    a.links.close(ids.out, 'replaced');
    await Promise.all([a.first('link-down'), b.first('link-down')]);
    expect(b.texts().at(-1)).toBe('last 99');
  });

  possible('let nobody in between read who they are or what they say', async () => {
    const [a, b] = [await end('a', '127.0.0.2'), await end('b', '127.0.0.1')];
    const heard: Record<Direction, Buffer[]> = { there: [], back: [] };
    const way = await tapped(b, (bytes, direction) => {
      heard[direction].push(bytes);
      return bytes;
    });
    a.links.dial(way.endpoint);
    const [out, inbound] = [await a.first('link-up'), await b.first('link-up')];
    a.send(out.linkId, MARKER);
    b.send(inbound.linkId, MARKER);
    await until(() => a.texts().length + b.texts().length >= 2, 'both have heard it');
    for (const bytes of [Buffer.concat(heard.there), Buffer.concat(heard.back)]) {
      expect(bytes.length).toBeGreaterThan(MARKER.length);
      for (const told of [MARKER, a.identity.name, b.identity.name, 'hostId', 'RPRM'])
        expect(bytes.includes(told)).toBe(false);
    }
  });

  possible('lose a link on which a byte was changed, and take in nothing after it', async () => {
    const [a, b] = [await end('a', '127.0.0.2'), await end('b', '127.0.0.1')];
    let tamper = false;
    const way = await tapped(b, (bytes, direction) => {
      if (tamper && direction === 'there') bytes[bytes.length - 1] ^= 1;
      return bytes;
    });
    a.links.dial(way.endpoint);
    const { linkId } = await a.first('link-up');
    a.send(linkId, 'sound');
    await until(() => b.texts().length >= 1, 'the sound one arrived');
    tamper = true;
    for (const text of ['changed', 'after it']) a.send(linkId, text);
    await Promise.all([a.first('link-down'), b.first('link-down')]);
    expect(b.texts()).toEqual(['sound']);
  });

  possible('gain nobody a link by a recording of one, nor by a node’s own words', async () => {
    const [a, b] = [await end('a', '127.0.0.2'), await end('b', '127.0.0.1')];
    const recorded: Buffer[] = [];
    const way = await tapped(b, (bytes, direction) => {
      if (direction === 'there') recorded.push(bytes);
      return bytes;
    });
    a.links.dial(way.endpoint);
    a.send((await a.first('link-up')).linkId, MARKER);
    await until(() => b.texts().length >= 1, 'the genuine link works');
    const replay = connect(b.endpoint.port, '127.0.0.1').on('error', () => undefined);
    replay.resume().write(Buffer.concat(recorded));
    await closed(replay);
    const back = await tapped(a);
    a.links.dial(back.endpoint);
    expect((await a.first('dial-failed')).failure).toBe('self');
    expect([b.of('link-up').length, a.of('link-up').length, b.texts().length]).toEqual([1, 1, 1]);
  });
});

describe('with a secret nobody talks a node out of encryption', () => {
  possible('as the one it dials: it says nothing of itself on a bare socket', async () => {
    const a = await end('a', '127.0.0.2');
    const asked: IncomingMessage[] = [];
    const said: Buffer[] = [];
    const server = createHttpServer();
    const webSockets = new WebSocketServer({ noServer: true });
    server.on('upgrade', (request, socket, head) => {
      asked.push(request);
      socket.on('data', (bytes: Buffer) => said.push(bytes)).on('error', () => undefined);
      if (asked.length > 1) {
        socket.end('HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\nContent-Length: 0\r\n\r\n');
        return;
      }
      request.headers['sec-websocket-key'] = 'dGhlIHNhbXBsZSBub25jZQ==';
      request.headers['sec-websocket-version'] = '13';
      request.headers.upgrade = 'websocket';
      webSockets.handleUpgrade(request, socket, head, () => undefined);
    });
    const port = await portRange(1);
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    for (const round of [1, 2]) {
      a.links.dial({ address: '127.0.0.1', port });
      await until(() => a.of('dial-failed').length >= round, 'the dial has failed');
    }
    expect(asked.map(({ headers }) => headers.upgrade)).toEqual(['websocket', CHANNEL_TOKEN]);
    expect(Buffer.concat(said)).toHaveLength(0);
    webSockets.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  possible('as the one that dials: on a bare socket not even the secret helps', async () => {
    const b = await end('b', '127.0.0.1');
    const options = { localAddress: '127.0.0.2' };
    const socket = new WebSocket(`ws://127.0.0.1:${b.endpoint.port}/gossip`, options);
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
    expect([response.statusCode, response.headers.upgrade]).toEqual([426, CHANNEL_TOKEN]);
    expect(b.links.counters().failedProof).toBe(1);
    expect(b.of('link-up')).toHaveLength(0);
    response.destroy();
  });

  possible('nor does a proof made for a bare socket count within a channel', async () => {
    const b = await end('b', '127.0.0.1');
    const socket = await askForChannel(b);
    const keys = cheapKeys(SECRET);
    if (keys === null) throw new Error('no keys');
    const secured = connectTls({
      socket,
      ciphers: 'ECDHE-PSK-CHACHA20-POLY1305',
      maxVersion: 'TLSv1.2',
      pskCallback: () => ({ psk: keys.channel, identity: 'repram' }),
      checkServerIdentity: () => undefined,
    });
    await once(secured, 'secureConnect');
    const peer = new WebSocket('ws://x/gossip', { createConnection: () => secured });
    await once(peer, 'open');
    const identity = { ...b.identity, id: 'c'.repeat(16) };
    const handshake = new DialerHandshake({ identity, key: keys.greeting, channel: null });
    peer.send(handshake.opening);
    const step = handshake.receive(((await once(peer, 'message')) as [Buffer])[0]);
    if (step.kind === 'reply') peer.send(step.frame);
    await once(peer, 'close');
    expect(b.of('link-up')).toHaveLength(0);
    expect(b.links.counters().failedProof).toBe(1);
  });
});

describe('hosts between which a round trip takes half of what a greeting may take on one host', () => {
  possible.each([[SECRET], [null]])('link up (secret: %s)', async (secret) => {
    const slow = { secret, greetingLimitMs: 1000 };
    const [a, b] = [await end('a', '127.0.0.2', slow), await end('b', '127.0.0.1', slow)];
    const way = await slowWay(b.endpoint, 250, '127.0.0.3');
    ways.push(way);
    a.links.dial(way.endpoint);
    await until(() => a.inputs.length > 0, 'the dial is answered');
    expect(a.inputs.map(({ kind }) => kind)).toEqual(['link-up']);
    await b.first('link-up');
  });
});

describe('hosts whose secrets differ', () => {
  possible.each([
    ['another secret', SECRET, 'a guess'],
    ['no secret', SECRET, null],
    ['a secret where none is', null, SECRET],
  ] as const)('%s: refused, counted, and logged once at both ends', async (_title, listeners, dialers) => {
    const a = await end('a', '127.0.0.2', { secret: dialers });
    const b = await end('b', '127.0.0.1', { secret: listeners });
    for (let round = 1; round <= 3; round += 1) {
      a.links.dial(b.endpoint);
      await until(() => a.of('dial-failed').length >= round, 'the dial is answered');
      await until(() => b.links.counters().failedProof === round, 'the listener counts it');
    }
    expect(a.of('dial-failed').every(({ failure }) => failure === 'rejected')).toBe(true);
    expect(reasonsLogged(a)).toEqual(['other-secret']);
    expect(reasonsLogged(b)).toEqual(['other-secret']);
    expect(b.inputs).toHaveLength(0);
  });
});

describe('a caller who asks for a channel and does not know the key', () => {
  possible('is closed on after junk, and dropped after a while when nothing comes', async () => {
    const b = await end('b', '127.0.0.1', { greetingLimitMs: 150 });
    const openings = [
      Buffer.from('GET / HTTP/1.1\r\n\r\n'),
      Buffer.alloc(70_000, 0xff),
      Buffer.from([0x16, 3, 1, 0xff, 0xff, 1, 0, 0]),
      Buffer.from([0x16, 3, 3, 0, 4, 1, 0, 0, 0]),
      Buffer.from([0x15, 3, 3, 0, 2, 2, 40]),
      Buffer.alloc(0),
    ];
    for (const opening of openings) {
      const socket = await askForChannel(b);
      socket.resume().write(opening);
      await closed(socket);
    }
    const early = connect({ port: b.endpoint.port, host: '127.0.0.1', localAddress: '127.0.0.3' });
    early.on('error', () => undefined).write(UPGRADE + 'and at once some junk');
    early.resume();
    await closed(early);
    const gone = await askForChannel(b);
    gone.resetAndDestroy();
    const halfOpen = await askForChannel(b);
    halfOpen.resume().end();
    await closed(halfOpen);
    const [a] = [await end('a', '127.0.0.2')];
    await link(a, b);
    expect(b.of('link-up')).toHaveLength(1);
    expect(reasonsLogged(b)).toEqual(expect.arrayContaining(['junk', 'timeout']));
  });

  possible('takes no place of whom the operator named, of the own host, or where a peer was', async () => {
    const unproven = { total: 2, perAddress: 1 };
    const limits = { unproven, greetingLimitMs: 60_000 };
    const b = await end('b', '127.0.0.1', { ...limits, configuredHosts: () => ['127.0.0.9'] });
    const peer = await end('a', '127.0.0.8');
    await link(peer, b);
    const gone: string[] = [];
    const neighbour = new WebSocket(`ws://127.0.0.1:${b.endpoint.port}/gossip`);
    await once(
      neighbour.on('close', () => gone.push('neighbour')),
      'open',
    );
    for (const host of [9, 8, 3, 4, 5, 6, 6]) {
      const caller = await askForChannel(b, `127.0.0.${host}`);
      caller.on('close', () => gone.push(`${host}`));
    }
    await until(() => gone.length >= 3, 'three strangers gave way');
    expect(gone).toEqual(['3', '4', '6']);
    neighbour.terminate();
  });

  possible('makes a node that dials it wait no longer than its limit, and throws nothing there', async () => {
    const a = await end('a', '127.0.0.2', { greetingLimitMs: 150 });
    const answers = [
      '',
      'HTTP/1.1 400 Bad Request\r\n\r\n',
      'HTTP/1.1 101 Switching Protocols\r\n\r\n',
      'junk\r\n\r\n',
    ];
    const agreed = `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${CHANNEL_TOKEN}\r\n\r\n`;
    for (const [at, answer] of [...answers, agreed, `${agreed}junk`].entries()) {
      const port = await portRange(1);
      const server = createHttpServer().on('upgrade', (_request, socket) => {
        socket.on('error', () => undefined).on('end', () => socket.destroy());
        socket.resume().write(answer);
      });
      await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
      a.links.dial({ address: '127.0.0.1', port });
      await until(() => a.of('dial-failed').length >= at + 1, `the dial that is answered ${answer}`);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
    expect(a.of('link-up')).toHaveLength(0);
  });
});
