// Two ends of a peer link over real sockets: they link up, exchange frames in order, and part in
// good order.
// On gossip alone: links.
import { createServer, type Server } from 'node:net';
import { WebSocketServer } from 'ws';
import { createServer as createHttpServer } from 'node:http';
import { LIMITS } from '../../src/core/base/limits';
import { portRange } from '../support/processes/ports';
import { until } from '../support/basics/until';
import { greetAs, link, LinkEnd, type EndOptions } from './links-end';

const ends: LinkEnd[] = [];
const servers: Server[] = [];

async function end(digit: string, options: EndOptions = {}): Promise<LinkEnd> {
  const made = await LinkEnd.start(digit, options);
  ends.push(made);
  return made;
}

function listening<S extends Server>(server: S, port: number): Promise<S> {
  servers.push(server);
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(server)));
}

afterEach(async () => {
  await Promise.all(ends.splice(0).map((each) => each.stop()));
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

describe.each([
  ['without a secret', null],
  ['with a secret', 'the secret of this cluster'],
])('two ends %s', (_title, secret) => {
  it('link up and know each other by identity, direction and endpoint', async () => {
    const [a, b] = [await end('a', { secret }), await end('b', { secret })];
    await link(a, b);
    expect(await a.first('link-up')).toMatchObject({
      direction: 'outbound',
      endpoint: b.endpoint,
      identity: b.identity,
    });
    expect(await b.first('link-up')).toMatchObject({
      direction: 'inbound',
      endpoint: { address: '127.0.0.1' },
      identity: a.identity,
    });
    expect([a.links.counters().links, b.links.counters().links]).toEqual([1, 1]);
  });

  it('exchange frames in order both ways, of every size up to the limit', async () => {
    const [a, b] = [await end('a', { secret }), await end('b', { secret })];
    const ids = await link(a, b);
    const sent = Array.from({ length: 500 }, (_, at) => `${at}`.padEnd((at * 37) % 3000, '.'));
    for (const text of sent) {
      a.send(ids.out, text);
      b.send(ids.in, text);
    }
    const largest = Buffer.alloc(LIMITS.frameBytesMax, 7);
    a.links.send(ids.out, largest);
    await until(() => b.of('frame').length >= 501 && a.of('frame').length >= 500, 'all frames arrived');
    expect(b.texts().slice(0, 500)).toEqual(sent);
    expect(a.texts()).toEqual(sent);
    expect(largest.equals(b.of('frame')[500].bytes)).toBe(true);
  });

  it('send a frame in two pieces as one', async () => {
    const [a, b] = [await end('a', { secret }), await end('b', { secret })];
    const ids = await link(a, b);
    const sent = [0, 1, 100, 20_000, 65_536].map((bytes) => `head ${bytes} `.padEnd(30 + bytes, 'x'));
    for (const text of sent) {
      const bytes = Buffer.from(text);
      a.links.send(ids.out, bytes.subarray(0, 30), bytes.subarray(30));
      b.links.send(ids.in, bytes.subarray(0, 30), bytes.subarray(30));
    }
    await until(() => a.of('frame').length + b.of('frame').length === 2 * sent.length, 'all frames');
    expect([a.texts(), b.texts()]).toEqual([sent, sent]);
  });

  it('report every byte sent as flushed, many frames in few reports', async () => {
    const [a, b] = [await end('a', { secret }), await end('b', { secret })];
    const ids = await link(a, b);
    for (let at = 0; at < 100; at += 1) a.links.send(ids.out, Buffer.alloc(1000));
    const flushed = (): number => a.of('link-flushed').reduce((sum, input) => sum + input.bytes, 0);
    await until(() => flushed() === 100_000, 'all bytes flushed');
    expect(a.of('link-flushed').length).toBeLessThan(10);
    expect(a.of('link-flushed').every((input) => input.linkId === ids.out)).toBe(true);
  });

  it('deliver what was sent before a close, then one link-down at each end', async () => {
    const [a, b] = [await end('a', { secret }), await end('b', { secret })];
    const ids = await link(a, b);
    for (let at = 0; at < 200; at += 1) a.send(ids.out, `${at}`);
    a.links.close(ids.out, 'duplicate');
    a.send(ids.out, 'too late');
    await Promise.all([a.first('link-down'), b.first('link-down')]);
    expect(b.texts()).toEqual(Array.from({ length: 200 }, (_, at) => `${at}`));
    expect(b.inputs.at(-1)).toEqual({ kind: 'link-down', linkId: ids.in });
    expect([a.of('link-down').length, b.of('link-down').length]).toEqual([1, 1]);
    expect([a.links.counters().links, b.links.counters().links]).toEqual([0, 0]);
  });

  it('deliver what was under way to the end that closes', async () => {
    const [a, b] = [await end('a', { secret }), await end('b', { secret })];
    const ids = await link(a, b);
    for (let at = 0; at < 200; at += 1) b.send(ids.in, `${at}`);
    a.links.close(ids.out, 'replaced');
    await a.first('link-down');
    expect(a.texts()).toHaveLength(200);
  });

  it('keep the frames that follow the greeting at once', async () => {
    const b = await end('b', { secret });
    const a = await end('a', {
      secret,
      onInput: (input) => {
        if (input.kind !== 'link-up') return;
        for (let at = 0; at < 50; at += 1) a.send(input.linkId, `${at}`);
      },
    });
    await link(a, b);
    await until(() => b.texts().length >= 50, 'the early frames arrived');
    expect(b.inputs[0].kind).toBe('link-up');
  });
});

describe('a dial', () => {
  it('is refused exactly where nothing listens', async () => {
    const a = await end('a');
    const endpoint = { address: '127.0.0.1', port: await portRange(1) };
    a.links.dial(endpoint);
    expect(await a.first('dial-failed')).toEqual({ kind: 'dial-failed', endpoint, failure: 'refused' });
  });

  it('to the name of this machine works like one to its address', async () => {
    const [a, b] = [await end('a'), await end('b')];
    const endpoint = { address: 'localhost', port: b.endpoint.port };
    a.links.dial(endpoint);
    expect((await a.first('link-up')).endpoint).toEqual(endpoint);
  });

  it('fails at a server that is no node, and times out at one that says nothing', async () => {
    const a = await end('a', { greetingLimitMs: 200 });
    const [httpPort, mutePort, strangePort] = [await portRange(1), await portRange(1), await portRange(1)];
    await listening(
      createHttpServer((_request, response) => response.end()),
      httpPort,
    );
    await listening(
      createServer((socket) => {
        socket.on('error', () => {});
        socket.resume();
      }),
      mutePort,
    );
    const strange = await listening(createHttpServer(), strangePort);
    const webSockets = new WebSocketServer({ server: strange });
    webSockets.on('connection', (socket) => socket.send(Buffer.from('not a welcome')));
    for (const port of [httpPort, mutePort, strangePort]) a.links.dial({ address: '127.0.0.1', port });
    await until(() => a.of('dial-failed').length >= 3, 'all three dials failed');
    const failures = new Map(a.of('dial-failed').map((input) => [input.endpoint.port, input.failure]));
    expect(failures.get(httpPort)).toBe('failed');
    expect(failures.get(mutePort)).toBe('timeout');
    expect(failures.get(strangePort)).toBe('failed');
    webSockets.close();
  });

  it('to a public address is forbidden without a secret, before any packet is sent', async () => {
    const a = await end('a');
    a.links.dial({ address: '203.0.113.9', port: 18_081 });
    a.links.dial({ address: '2001:db8::9', port: 18_081 });
    expect(a.inputs).toHaveLength(0);
    await until(() => a.of('dial-failed').length >= 2, 'both are answered');
    expect(a.of('dial-failed').map((input) => input.failure)).toEqual(['forbidden', 'forbidden']);
  });

  it.each(['', 'a b', '127.0.0.1/x?', 'user@127.0.0.1', '[::1', '1.2.3.4.5', '::gg'])(
    'to the nonsense address %p fails and throws nothing',
    async (address) => {
      const a = await end('a');
      a.links.dial({ address, port: 18_081 });
      expect(['failed', 'forbidden']).toContain((await a.first('dial-failed')).failure);
    },
  );

  it('to one endpoint is under way only once', async () => {
    const [a, b] = [await end('a'), await end('b')];
    for (let at = 0; at < 5; at += 1) a.links.dial(b.endpoint);
    await link(a, b);
    a.send(1, 'the end');
    await until(() => b.texts().length >= 1, 'the link works');
    expect(a.of('link-up')).toHaveLength(1);
    expect(b.of('link-up')).toHaveLength(1);
  });

  it('never answers within the call', async () => {
    const a = await end('a');
    a.links.dial({ address: '8.8.8.8', port: 80 });
    a.links.dial({ address: 'no host', port: 80 });
    a.links.dial({ address: '127.0.0.1', port: 0 });
    expect(a.inputs).toHaveLength(0);
    await until(() => a.of('dial-failed').length >= 3, 'all are answered');
  });
});

describe('parting', () => {
  it('from an end that does not answer takes a second, not forever', async () => {
    const b = await end('b');
    const frozen = await greetAs('a', b);
    frozen.socket.pause();
    const startMs = performance.now();
    b.links.close((await b.first('link-up')).linkId, 'dead');
    await b.first('link-down');
    const tookMs = performance.now() - startMs;
    expect(tookMs).toBeGreaterThan(900);
    expect(tookMs).toBeLessThan(1500);
    frozen.socket.terminate();
  });

  it('by shutdown closes every link, gives up every dial and refuses what comes after', async () => {
    const [a, b, c] = [await end('a'), await end('b'), await end('c')];
    await link(a, b);
    const mutePort = await portRange(1);
    await listening(
      createServer((socket) => socket.on('error', () => {})),
      mutePort,
    );
    a.links.dial({ address: '127.0.0.1', port: mutePort });
    await a.links.shutdown();
    expect(a.of('link-down')).toHaveLength(1);
    await b.first('link-down');
    await a.first('dial-failed');
    a.links.dial(b.endpoint);
    c.links.dial(a.endpoint);
    expect((await c.first('dial-failed')).failure).toBe('failed');
    await until(() => a.of('dial-failed').length >= 2, 'a dial after the shutdown is answered');
  });

  it('because the other end vanished is told once', async () => {
    const b = await end('b');
    const vanishing = await greetAs('a', b);
    await b.first('link-up');
    vanishing.socket.terminate();
    await b.first('link-down');
    await b.stop();
    expect(b.of('link-down')).toHaveLength(1);
    ends.splice(ends.indexOf(b), 1);
  });
});
