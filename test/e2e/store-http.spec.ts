// What clients are promised over HTTP holds whatever keeps the values: the nodes themselves, one
// server, a primary with replicas, or a Cluster. The same tests for all of them, at two nodes.
// With servers of its own: in each way in which they may be set up.
import { parseStoreUrl } from '../../src/config/store-address';
import { until } from '../support/basics/until';
import { call, get, put, read } from '../support/http/calls';
import { EventReader } from '../support/http/event-reader';
import { type Network, startNetwork } from '../support/processes/network';
import { SERVER_KINDS, type Servers } from '../support/redis/kinds';
import { describeWithRedis } from '../support/redis/with-redis';
import { newClusterName } from '../support/redis/store-engine';

const NOBODY: Servers = { url: '', stop: () => Promise.resolve() };

class Scene {
  private servers: Servers = NOBODY;
  private started: Network | null = null;

  async start(start: () => Promise<Servers>): Promise<void> {
    this.servers = await start();
    const store = parseStoreUrl(this.servers.url);
    this.started = await startNetwork(2, { store, cluster: newClusterName(), ttlMinSeconds: 1 });
  }

  async stop(): Promise<void> {
    await this.started?.stop();
    await this.servers.stop();
  }

  port(at: number): number {
    return Number(this.started?.nodes[at].listenPort);
  }
}

describe('values in the nodes themselves', () => {
  describeHttp(() => Promise.resolve(NOBODY));
});

describeWithRedis.each(SERVER_KINDS)('values on %s', (_name, start) => {
  describeHttp(start);
});

function describeHttp(start: () => Promise<Servers>): void {
  const scene = new Scene();
  beforeAll(() => scene.start(start));
  afterAll(() => scene.stop());
  for (const section of [readsAndWrites, keepsRules, listsAndWaits, tellsOfChanges, saysHowItIs])
    section(scene);
}

function readsAndWrites(scene: Scene): void {
  it('reads at every node what was written at one, with all that is told of it', async () => {
    const written = await put(scene.port(0), 'k/with slash', 'value', { ttl: 600 });
    expect([written.status, written.headers['x-ttl']]).toEqual([201, '600']);
    expect(written.headers['x-repram-acks']).toMatch(/^[1-3]\/[1-3]$/);
    for (const at of [0, 1]) {
      const { status, headers, body } = await get(scene.port(at), 'k/with slash');
      expect([status, body.toString()]).toEqual([200, 'value']);
      expect(headers['x-repram-version']).toBe(written.headers['x-repram-version']);
      expect(headers.etag).toBe(`"${String(written.headers['x-repram-version'])}"`);
      expect(headers['x-original-ttl']).toBe('600');
      expect(Number(headers['x-remaining-ttl'])).toBeGreaterThan(590);
    }
  });

  it('tells of a value by HEAD what GET tells, without the value', async () => {
    await put(scene.port(0), 'headed', '12345');
    const whole = await get(scene.port(1), 'headed');
    const { status, headers, body } = await call(scene.port(1), '/data/headed', { method: 'HEAD' });
    expect([status, headers['content-length'], body.length]).toEqual([200, '5', 0]);
    expect(headers.etag).toBe(whole.headers.etag);
  });

  it('keeps bytes and keys of any kind, empty ones and large ones', async () => {
    const large = Buffer.alloc(3 * 1024 * 1024, 7);
    for (const [key, value] of [
      ['🌱/{tag}', Buffer.from([0, 255, 10, 13])],
      ['empty', Buffer.alloc(0)],
      ['large', large],
    ] as const) {
      expect((await put(scene.port(0), key, value)).status).toBe(201);
      const { status, body } = await get(scene.port(1), key);
      expect([status, body.equals(value)]).toEqual([200, true]);
    }
  });
}

function keepsRules(scene: Scene): void {
  it('brings times to live within the bounds, and forgets on time', async () => {
    const long = await put(scene.port(0), 'long', 'v', { ttl: 10_000_000 });
    expect(long.headers['x-ttl']).toBe('86400');
    await put(scene.port(0), 'short', 'v', { ttl: 1 });
    await until(async () => (await get(scene.port(1), 'short')).status === 404, 'the value to be over');
    const { body } = await call(scene.port(1), '/keys?prefix=short');
    expect(JSON.parse(body.toString())).toMatchObject({ keys: [] });
  });

  it('judges conditions at the node that is asked by what was written at the other', async () => {
    const { headers } = await put(scene.port(0), 'guarded', 'one');
    const guarded = (at: number, name: string, tag: string) =>
      call(scene.port(at), '/data/guarded', { method: 'PUT', headers: { [name]: tag }, body: 'two' });
    const etag = `"${String(headers['x-repram-version'])}"`;
    await until(
      async () => (await get(scene.port(1), 'guarded')).headers.etag === etag,
      'the write is there',
    );
    expect((await guarded(1, 'if-none-match', '*')).status).toBe(412);
    expect((await guarded(1, 'if-match', etag)).status).toBe(201);
    await until(
      async () => (await read(scene.port(0), 'guarded')) === '200 two',
      'the second write is there',
    );
    expect((await guarded(0, 'if-match', etag)).status).toBe(412);
    const changed = await get(scene.port(0), 'guarded', { headers: { 'if-none-match': etag } });
    expect(changed.status).toBe(200);
  });
}

function listsAndWaits(scene: Scene): void {
  it('lists keys in bytewise order, page by page', async () => {
    const names = Array.from({ length: 30 }, (_, at) => `page/${String(at).padStart(2, '0')}`);
    const all = [...names, 'page/é', 'page/🌱', 'page/\ue000'];
    for (const name of all) await put(scene.port(0), name, 'v');
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body } = await call(scene.port(1), `/keys?prefix=page/&limit=7${cursor}`);
      const page = JSON.parse(body.toString()) as { keys: string[]; next_cursor?: string };
      seen.push(...page.keys);
      cursor = page.next_cursor === undefined ? null : `&cursor=${encodeURIComponent(page.next_cursor)}`;
    }
    expect(seen).toEqual(all.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
  });

  it('wakes a reader that waits at the other node', async () => {
    const waiting = call(scene.port(1), '/data/awaited?wait=20', { limitMs: 25_000 });
    await put(scene.port(0), 'awaited', 'here');
    expect((await waiting).body.toString()).toBe('here');
  });
}

function tellsOfChanges(scene: Scene): void {
  it('tells of writes and ends at every node, and goes on at another one without a gap', async () => {
    const first = await EventReader.open(scene.port(0), '?prefix=told/&values=1');
    await until(() => first.lastId !== '', 'the stream has a position');
    const { headers } = await put(scene.port(1), 'told/a', 'text', { ttl: 1 });
    const [told] = await first.untilHas('put');
    const version = headers['x-repram-version'];
    expect(told).toMatchObject({ key: 'told/a', version, ttl_seconds: 1, size: 4, value: 'text' });
    expect(await first.untilHas('expire')).toEqual([{ key: 'told/a', version }]);
    const position = first.lastId;
    first.close();
    await put(scene.port(0), 'told/b', 'missed');
    const second = await EventReader.open(scene.port(1), '?prefix=told/', position);
    await second.untilHas('caught-up');
    await put(scene.port(0), 'told/c', 'live');
    await second.untilHas('put', 2);
    expect(second.of('put').map(({ key }) => key)).toEqual(['told/b', 'told/c']);
    second.close();
  });

  it('tells a reader from the start all that is readable', async () => {
    for (const name of ['x', 'y', 'z']) await put(scene.port(0), `started/${name}`, name);
    const reader = await EventReader.open(scene.port(1), '?prefix=started/&since=start');
    await reader.untilHas('caught-up');
    expect(reader.of('put').map(({ key }) => key)).toEqual(
      expect.arrayContaining(['started/x', 'started/y', 'started/z']),
    );
    reader.close();
  });

  it('tells a reader whose position is of no such network to list anew', async () => {
    const reader = await EventReader.open(scene.port(1), '?prefix=strange/', 'AAAA');
    expect(await reader.untilHas('resync')).toEqual([{ reason: 'position-unknown' }]);
    reader.close();
  });
}

function saysHowItIs(scene: Scene): void {
  it('says in its status what holds the values, and that it is ready', async () => {
    const { body } = await call(scene.port(0), '/status');
    const status = JSON.parse(body.toString()) as { engine: Record<string, unknown>; state: string };
    expect(status.state).toBe('ready');
    expect(status.engine).toMatchObject({ is_reachable: true });
    expect((await call(scene.port(0), '/health/ready')).status).toBe(200);
    const peers = JSON.parse((await call(scene.port(0), '/peers')).body.toString()) as { peers: unknown[] };
    expect(peers.peers).toHaveLength(1);
  });
}
