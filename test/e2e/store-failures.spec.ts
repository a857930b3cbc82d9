// What clients are answered while the servers that hold the values are away, hang, are full or take
// no writes, and that all of it ends by itself.
// With servers of its own: they fail.
import { parseStoreUrl } from '../../src/config/store-address';
import { createNode, type RunningNode } from '../../src/create-node';
import type { DataEngine } from '../../src/runtime/data-engine';
import { until } from '../support/basics/until';
import { bytes } from '../support/fakes/engine-subject';
import { recordingLog, testSettings, type LogLine } from '../support/fakes/fake-node';
import { call, get, put, read } from '../support/http/calls';
import { portRange } from '../support/processes/ports';
import { RedisServer } from '../support/redis/redis-server';
import { describeWithRedis } from '../support/redis/with-redis';
import { ServerWay } from '../support/redis/server-way';
import { newClusterName, openTestStore } from '../support/redis/store-engine';

const TIMEOUT_MS = 500;
/** Commands that may wait for one server. */
const WAITING_MAX = 16_384;

/** Looks of the node at its server, each of which tidies; and reads meanwhile at most. */
const [LOOKS, READS_MAX] = [3, 5000];

const AWAY = [503, 'store-away', '1'];

async function codeOf(answer: ReturnType<typeof call>): Promise<unknown[]> {
  const { status, headers, body } = await answer;
  const { code } = JSON.parse(body.toString()) as { code: string };
  return [status, code, headers['retry-after']];
}

/** A node, and a server that it knows of before it is there. */
class Scene {
  cluster = '';
  private storePort = 0;
  private node: RunningNode | null = null;
  private lines: LogLine[] = [];
  private server: RedisServer | null = null;

  async begin(storeTimeoutMs = TIMEOUT_MS): Promise<void> {
    this.storePort = await portRange(1);
    const { log, lines } = recordingLog();
    this.lines = lines;
    this.cluster = newClusterName();
    const settings = testSettings({
      store: parseStoreUrl(`redis://127.0.0.1:${this.storePort}`),
      cluster: this.cluster,
      basePort: await portRange(1),
      maxPorts: 1,
      nodeCount: 1,
      storeTimeoutMs,
    });
    this.node = await createNode(settings, { log });
  }

  async end(): Promise<void> {
    await this.node?.stop();
    await this.server?.stop();
    this.server = null;
  }

  async serve(...options: readonly string[]): Promise<RedisServer> {
    this.server = await RedisServer.start(this.storePort, ...options);
    return this.server;
  }

  get engine(): DataEngine {
    if (this.node === null) throw new Error('there is no node yet');
    return this.node.engine;
  }

  get port(): number {
    return Number(this.node?.listenPort);
  }

  /** What the log told of the servers. */
  events(): string[] {
    return this.lines.map(({ event }) => event).filter((event) => event.startsWith('store'));
  }

  readonly isReady = async (): Promise<boolean> => (await call(this.port, '/health/ready')).status === 200;
}

describeWithRedis('while the servers of the values fail', () => {
  const scene = new Scene();
  beforeEach(() => scene.begin());
  afterEach(() => scene.end());
  areAway(scene);
  refuseWrites(scene);
});

describeWithRedis('servers that take no writes', () => {
  const scene = new Scene();
  beforeEach(() => scene.begin());
  afterEach(() => scene.end());
  takeNoWrites(scene);
});

describeWithRedis('while more is asked than may wait for a server', () => {
  const scene = new Scene();
  beforeEach(() => scene.begin(20_000));
  afterEach(() => scene.end());

  it('answers 503 busy to all that is too much at once, and nothing else', async () => {
    const server = await scene.serve();
    await until(scene.isReady, 'the node is ready');
    server.signal('SIGSTOP');
    const pile: unknown[] = [];
    for (let each = 0; each < WAITING_MAX; each += 1)
      pile.push(scene.engine.put(bytes('k'), bytes('v'), 60_000, 'one'), scene.engine.get(bytes('k')));
    const head = { 'if-match': '*' };
    const answers = await Promise.all([
      codeOf(put(scene.port, 'k', 'w')),
      codeOf(call(scene.port, '/data/k', { method: 'PUT', headers: head, body: 'w' })),
      codeOf(get(scene.port, 'k')),
      codeOf(call(scene.port, '/data/k?wait=0')),
      codeOf(call(scene.port, '/keys')),
      codeOf(call(scene.port, '/keys?limit=5')),
    ]);
    expect(answers).toEqual(answers.map(() => [503, 'busy', '1']));
    server.signal('SIGCONT');
    await Promise.all(pile);
    await until(async () => (await put(scene.port, 'k', 'later')).status === 201, 'writes are taken');
  });
});

function areAway(scene: Scene): void {
  it('answers 503 where they were never there, and goes on by itself when they come', async () => {
    expect(await codeOf(put(scene.port, 'k', 'v'))).toEqual(AWAY);
    expect(await codeOf(get(scene.port, 'k'))).toEqual(AWAY);
    expect(await codeOf(call(scene.port, '/keys'))).toEqual(AWAY);
    expect((await call(scene.port, '/health/ready')).status).toBe(503);
    expect((await call(scene.port, '/health/live')).status).toBe(200);
    await until(() => scene.events().includes('store-away'), 'the log tells of it');
    await scene.serve();
    await until(scene.isReady, 'the node is ready');
    expect((await put(scene.port, 'k', 'v')).status).toBe(201);
    // Each reason is told once, and there may be several.
    expect(new Set(scene.events().slice(0, -1))).toEqual(new Set(['store-away']));
    expect(scene.events().at(-1)).toBe('store-reached');
  });

  it('answers 503 when they are lost, at once after a while, and tells each transition once', async () => {
    const server = await scene.serve();
    await until(scene.isReady, 'the node is ready');
    await put(scene.port, 'k', 'v');
    await server.stop();
    expect(await codeOf(put(scene.port, 'k', 'w'))).toEqual(AWAY);
    await until(async () => !(await scene.isReady()), 'the circuit is open');
    expect(await codeOf(get(scene.port, 'k'))).toEqual(AWAY);
    const { body } = await call(scene.port, '/status');
    expect(JSON.parse(body.toString())).toMatchObject({ engine: { is_reachable: false, away_buckets: 1 } });
    await scene.serve();
    await until(scene.isReady, 'the circuit is closed');
    expect((await put(scene.port, 'k', 'x')).status).toBe(201);
    // A busy machine may find it away before it is first reached.
    expect(scene.events().slice(-3)).toEqual(['store-reached', 'store-away', 'store-reached']);
  });

  it('says no 201 for a write that a server hung over, and goes on when it answers again', async () => {
    const server = await scene.serve();
    await until(scene.isReady, 'the node is ready');
    server.signal('SIGSTOP');
    expect(await codeOf(put(scene.port, 'k', 'v'))).toEqual(AWAY);
    expect(await codeOf(get(scene.port, 'k'))).toEqual(AWAY);
    server.signal('SIGCONT');
    await until(async () => (await put(scene.port, 'k', 'later')).status === 201, 'writes are taken');
    expect(await read(scene.port, 'k')).toBe('200 later');
  });
}

describeWithRedis('a server whose answers trickle', () => {
  it('is given up by no node, however long the last of them takes', async () => {
    const ports = await portRange(2);
    const server = await RedisServer.start(ports);
    const way = await ServerWay.start(ports + 1, ports);
    const url = `redis://127.0.0.1:${ports + 1}`;
    const { engine, lines, close } = openTestStore(url, { storeTimeoutMs: TIMEOUT_MS });
    await until(() => engine.state() === 'ready', 'the engine reaches it');
    await engine.put(bytes('first'), bytes('v'), 60_000, 'one');
    way.isSlow = true;
    const writes = Array.from({ length: 600 }, (_, at) =>
      engine.put(bytes(`k${at}`), bytes('v'), 60_000, 'one'),
    );
    const kinds = (await Promise.all(writes)).map(({ kind }) => kind);
    expect([...new Set(kinds)]).toEqual(['held']);
    expect(lines.filter(({ event }) => event === 'store-away')).toEqual([]);
    close();
    await way.stop();
    await server.stop();
  });
});

/** A live value, one that ends soon, and nobody who tidied for a minute. */
async function prepared(scene: Scene): Promise<RedisServer> {
  const server = await scene.serve();
  await until(scene.isReady, 'the node is ready');
  await put(scene.port, 'live', 'v');
  await scene.engine.put(bytes('ending'), bytes('v'), 1000, 'one');
  server.call('HDEL', `${scene.cluster}:{0}:1:meta`, 'kept');
  return server;
}

/** Several looks come by, and the value is due in one of them. */
async function expectReads(scene: Scene, server: RedisServer): Promise<void> {
  const looks = (): number =>
    Number(/cmdstat_time:calls=(\d+)/.exec(server.call('INFO', 'commandstats'))?.[1] ?? 0);
  await until(async () => (await get(scene.port, 'ending')).status === 404, 'a value has ended');
  const before = looks();
  for (let each = 0; looks() < before + LOOKS && each < READS_MAX; each += 1) {
    expect(await read(scene.port, 'live')).toBe('200 v');
    expect((await call(scene.port, '/keys')).body.toString()).toBe('{"keys":["live"]}');
    expect(await scene.isReady()).toBe(true);
  }
}

function takeNoWrites(scene: Scene): void {
  it.each([
    [
      'too few replicas',
      ['CONFIG', 'SET', 'min-replicas-to-write', '1'],
      ['CONFIG', 'SET', 'min-replicas-to-write', '0'],
    ],
    ['a replica that was a primary', ['REPLICAOF', '127.0.0.1', '1'], ['REPLICAOF', 'NO', 'ONE']],
  ])('for %s are read on, also when values end, and say what they lack', async (_, begin, end) => {
    const server = await prepared(scene);
    server.call(...begin);
    const answer = await put(scene.port, 'live', 'w');
    expect([answer.status, JSON.parse(answer.body.toString())]).toMatchObject([
      503,
      { code: 'store-away', detail: expect.stringContaining('nothing was stored') as string },
    ]);
    await expectReads(scene, server);
    await until(() => scene.events().includes('store-refuses-writes'), 'the log tells of it');
    expect(scene.engine.about()).toMatchObject({
      isReachable: true,
      problem: expect.stringMatching(/takes no writes: .*(READONLY|NOREPLICAS)/) as string,
    });
    expect(await codeOf(put(scene.port, 'live', 'w'))).toEqual(AWAY);
    server.call(...end);
    await until(async () => (await put(scene.port, 'live', 'w')).status === 201, 'writes are taken');
    await until(() => scene.events().includes('store-takes-writes'), 'the log tells of it');
    expect(scene.engine.about()).toMatchObject({ problem: null });
    expect(scene.events()).not.toContain('store-away');
  });

  it('for want of room are read on, also when values end, and writes are answered 507', async () => {
    const server = await prepared(scene);
    server.call('CONFIG', 'SET', 'maxmemory', '1');
    await expectReads(scene, server);
    expect(await codeOf(put(scene.port, 'live', 'w'))).toEqual([507, 'storage-full', undefined]);
    server.call('CONFIG', 'SET', 'maxmemory', '0');
    expect((await put(scene.port, 'live', 'w')).status).toBe(201);
  });
}

function refuseWrites(scene: Scene): void {
  it('answers 507 when they are full, and reads go on', async () => {
    const server = await scene.serve('--maxmemory-policy', 'noeviction');
    await until(scene.isReady, 'the node is ready');
    await put(scene.port, 'k', 'v');
    server.call('CONFIG', 'SET', 'maxmemory', '1');
    expect(await codeOf(put(scene.port, 'k', 'w'))).toEqual([507, 'storage-full', undefined]);
    expect(await read(scene.port, 'k')).toBe('200 v');
    server.call('CONFIG', 'SET', 'maxmemory', '0');
    expect((await put(scene.port, 'k', 'w')).status).toBe(201);
  });

  it('warns of servers that may throw values away', async () => {
    await scene.serve('--maxmemory-policy', 'allkeys-lru');
    await until(() => scene.events().includes('store-evicts'), 'the log tells of it');
  });
}
