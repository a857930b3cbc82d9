import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import type { Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cluster } from '../processes/cluster';
import { LinkProxy } from './link-proxy';
import { portRange } from '../processes/ports';
import { until } from '../basics/until';

/** Each host is an address of loopback. */
const HOSTS = {
  a: { seenAt: '127.0.7.1', isAt: '127.0.0.1' },
  b: { seenAt: '127.0.7.2', isAt: '127.0.0.2' },
};

describe('the proxy between hosts', () => {
  const cluster = new Cluster();
  const directory = mkdtempSync(join(tmpdir(), 'repram-'));
  let proxy: LinkProxy;
  let server: Server;
  let port = 0;
  /** What arrived at b, and at a, and b's ends of the connections. */
  let atB = '';
  let atA = '';
  const ends: Socket[] = [];

  beforeAll(async () => {
    port = await portRange(1);
    server = createServer((socket) => {
      ends.push(socket.on('error', () => undefined));
      socket.on('data', (bytes) => (atB += String(bytes)));
    });
    await new Promise<void>((resolve) => server.listen(port, HOSTS.b.isAt, resolve));
    proxy = await LinkProxy.start(cluster, join(directory, 'control'), HOSTS, [port]);
  });

  beforeEach(() => {
    [atA, atB] = ['', ''];
  });

  afterAll(async () => {
    for (const end of ends) end.destroy();
    server.close();
    await cluster.cleanUp();
    rmSync(directory, { recursive: true });
  });

  /** From a to b, once b has it. */
  async function connected(): Promise<{ a: Socket; b: Socket }> {
    const before = ends.length;
    const a = connect({ port, host: HOSTS.b.seenAt, localAddress: HOSTS.a.isAt });
    a.on('error', () => undefined).on('data', (bytes) => (atA += String(bytes)));
    ends.push(a);
    await until(() => ends.length > before + 1, 'b is reached');
    const b = ends.at(-1) as Socket;
    return { a, b };
  }

  /** What b says arrives at a: time enough for what a had said before to arrive at b. */
  async function aTurnOf(b: Socket, text: string): Promise<void> {
    b.write(text);
    await until(() => atA.endsWith(text), 'a hears b');
  }

  it('passes bytes both ways, and the end', async () => {
    const { a, b } = await connected();
    a.write('to b');
    b.write('to a');
    await until(() => atB === 'to b' && atA === 'to a', 'both have it');
    a.end();
    await until(() => b.readableEnded, 'b hears the end');
  });

  it('delays in order', async () => {
    const { a } = await connected();
    await proxy.order('a', 'b', { delayMs: 200 });
    const since = performance.now();
    a.write('slow ');
    await proxy.order('a', 'b', { delayMs: 0 });
    a.write('fast');
    await until(() => atB === 'slow fast', 'it arrives');
    expect(performance.now() - since).toBeGreaterThanOrEqual(190);
  });

  it('swallows bytes of one direction for good, and closes nothing', async () => {
    const { a, b } = await connected();
    await proxy.order('a', 'b', { swallow: true });
    a.write('lost');
    await aTurnOf(b, 'first');
    await proxy.order('a', 'b', { swallow: false });
    a.write('lost too');
    await aTurnOf(b, 'second');
    const fresh = await connected();
    fresh.a.write('fresh');
    await until(() => atB !== '', 'a new connection is whole');
    expect([atB, a.destroyed, b.destroyed]).toEqual(['fresh', false, false]);
  });

  it('holds bytes back while stalled, and loses none', async () => {
    const { a, b } = await connected();
    await proxy.order('a', 'b', { stall: true });
    a.write('late');
    await aTurnOf(b, 'meanwhile');
    expect(atB).toBe('');
    await proxy.order('a', 'b', { stall: false });
    await until(() => atB === 'late', 'it arrives');
  });

  it('cuts connections', async () => {
    const { a, b } = await connected();
    await proxy.order('a', 'b', { cut: true });
    await until(() => a.destroyed && b.destroyed, 'both ends are gone');
  });
});
