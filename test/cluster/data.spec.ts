// Values on three nodes: any key, any size, the same bytes and version on every port.
import { randomBytes } from 'node:crypto';
import { call, get, portsFrom, put, untilMesh } from '../support/http/calls';
import type { Answer } from '../support/http/calls';
import { Cluster } from '../support/processes/cluster';
import { inParallel } from '../support/basics/in-parallel';
import { portRange } from '../support/processes/ports';
import { until } from '../support/basics/until';

const LARGEST = 10 * 1024 * 1024;

describe('a value that three nodes keep', () => {
  const cluster = new Cluster();
  let ports: number[] = [];

  beforeAll(async () => {
    const base = await portRange(10);
    ports = portsFrom(base, 3);
    cluster.startLauncher({ base });
    await untilMesh(ports);
  });

  afterAll(() => cluster.cleanUp());

  it.each([
    ['with raw slashes', 'slash/in/the/key', 'slash/in/the/key'],
    ['with encoded slashes', 'slash%2Fin%2Fthe%2Fkey', 'slash/in/the/key'],
    ['beyond ASCII', '%F0%9F%8C%B1/%C3%BC%20x', '🌱/ü x'],
    ['of signs that URLs use themselves', '%00%25%3F%23', '\0%?#'],
    ['that looks like a path', '..%2F..%2Fetc%2Fpasswd', '../../etc/passwd'],
    ['of 900 bytes', encodeURIComponent('日本語'.repeat(100)), '日本語'.repeat(100)],
  ])('under a key %s is the same by GET and HEAD on every port', async (_what, target, key) => {
    const written = await call(ports[1], `/data/${target}?ttl=600`, { method: 'PUT', body: `of ${target}` });
    expect(written.status).toBe(201);
    for (const port of ports) {
      const got = await get(port, key);
      expect(got.body.toString()).toBe(`of ${target}`);
      expect(got.headers).toMatchObject({
        'x-repram-version': written.headers['x-repram-version'],
        'x-original-ttl': '600',
        'content-length': String(Buffer.byteLength(`of ${target}`)),
      });
      const head = await call(port, `/data/${encodeURIComponent(key)}`, { method: 'HEAD' });
      expect(head.status).toBe(200);
      expect(head.body).toHaveLength(0);
      expect(head.headers.etag).toBe(got.headers.etag);
      expect(head.headers['content-length']).toBe(got.headers['content-length']);
      expect((await call(port, '/keys')).body.toString()).toContain(JSON.stringify(key));
    }
  });

  it.each([
    ['without a body', undefined],
    ['with an empty body', ''],
    ['with an empty chunked body', []],
  ])('is empty when it was put %s', async (how, body) => {
    expect((await put(ports[0], `empty ${how}`, body)).status).toBe(201);
    for (const port of ports) {
      const got = await get(port, `empty ${how}`);
      expect([got.status, got.body.length, got.headers['content-length']]).toEqual([200, 0, '0']);
    }
  });

  it.each([
    ['one byte', 1, false],
    ['a megabyte in chunks', 1024 * 1024, true],
    ['the largest size', LARGEST, false],
    ['the largest size in chunks', LARGEST, true],
  ])('of %s arrives byte for byte on every port', async (what, length, chunked) => {
    const value = randomBytes(length);
    const body = chunked ? pieces(value, 100_000) : value;
    const written = await put(ports[2], what, body, { limitMs: 30_000 });
    expect([201, 202]).toContain(written.status);
    for (const port of ports) {
      await until(async () => (await get(port, what)).body.equals(value), `${port} has all of it`, 30_000);
    }
  });

  it('is refused above the largest size, and the old value stays', async () => {
    await put(ports[0], 'limited', 'old');
    const tooMuch = Buffer.alloc(LARGEST + 1);
    for (const body of [tooMuch, pieces(tooMuch, 100_000)]) {
      const refused = await put(ports[0], 'limited', body, { limitMs: 30_000 });
      expect(refused.status).toBe(413);
      expect(JSON.parse(refused.body.toString())).toMatchObject({ code: 'value-too-large' });
    }
    for (const port of ports) expect((await get(port, 'limited')).body.toString()).toBe('old');
  });

  it('has one life, raised, lowered or refused by the same rules on every port', async () => {
    for (const { port, ttl, inEffect } of [
      { port: ports[0], ttl: 1, inEffect: '300' },
      { port: ports[1], ttl: 100_000, inEffect: '86400' },
      { port: ports[2], ttl: 600.2, inEffect: '601' },
    ]) {
      expect((await put(port, `ttl ${ttl}`, 'x', { ttl })).headers['x-ttl']).toBe(inEffect);
      for (const other of ports) {
        const { headers } = await get(other, `ttl ${ttl}`);
        expect(headers['x-original-ttl']).toBe(inEffect);
        expect(Number(inEffect) - Number(headers['x-remaining-ttl'])).toBeLessThan(30);
      }
    }
    expect((await put(ports[0], 'ttl 0', 'x', { ttl: 0 })).status).toBe(400);
    for (const port of ports) expect((await get(port, 'ttl 0')).status).toBe(404);
  });

  it('ends equal on all nodes when 300 keys are overwritten at once through three ports', async () => {
    const keys = portsFrom(1, 300).map((number) => `contested ${number}`);
    const writes = keys.flatMap((key) => ports.map((port) => ({ key, port })));
    const answers = await inParallel(writes, 60, ({ key, port }) => put(port, key, `${key} by ${port}`));
    expect(answers.filter(({ status }) => status !== 201 && status !== 202)).toEqual([]);
    const outcome = ({ headers, body }: Answer): string =>
      `${String(headers['x-repram-version'])} ${body.toString()}`;
    await until(async () => {
      const held = await Promise.all(
        ports.map((port) => inParallel(keys, 20, async (key) => outcome(await get(port, key)))),
      );
      return held.every((texts) => texts.join() === held[0].join() && !texts.join().includes('undefined'));
    }, 'all nodes hold the same versions');
    const newest = new Map<string, string>();
    for (const [position, { key }] of writes.entries()) {
      const version = String(answers[position].headers['x-repram-version']);
      if (version > (newest.get(key) ?? '')) newest.set(key, version);
    }
    for (const [key, version] of newest)
      expect((await get(ports[0], key)).headers['x-repram-version']).toBe(version);
  });
});

function pieces(value: Buffer, bytes: number): Buffer[] {
  const count = Math.ceil(value.length / bytes);
  return Array.from({ length: count }, (_, index) => value.subarray(index * bytes, (index + 1) * bytes));
}
