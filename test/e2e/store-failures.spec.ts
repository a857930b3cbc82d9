// What clients are answered while the servers that hold the values are away, hang, are full or take
// no writes, and that all of it ends by itself.
import { parseStoreUrl } from '../../src/config/store-address';
import { createNode, type RunningNode } from '../../src/create-node';
import { until } from '../support/basics/until';
import { recordingLog, testSettings, type LogLine } from '../support/fakes/fake-node';
import { call, get, put, read } from '../support/http/calls';
import { portRange } from '../support/processes/ports';
import { RedisServer } from '../support/redis/redis-server';
import { describeWithRedis } from '../support/redis/with-redis';
import { newClusterName } from '../support/redis/store-engine';

const TIMEOUT_MS = 500;

describeWithRedis('while the servers of the values fail', () => {
  let storePort: number;
  let node: RunningNode;
  let lines: LogLine[];
  let server: RedisServer | null = null;
  const port = (): number => Number(node.listenPort);
  const code = async (answer: ReturnType<typeof call>): Promise<unknown> => {
    const { status, headers, body } = await answer;
    const { code: name } = JSON.parse(body.toString()) as { code: string };
    return [status, name, headers['retry-after']];
  };
  const AWAY = [503, 'store-away', '1'];
  const events = (): string[] => lines.map(({ event }) => event).filter((event) => event.startsWith('store'));
  const isReady = async (): Promise<boolean> => (await call(port(), '/health/ready')).status === 200;

  beforeEach(async () => {
    [storePort] = [await portRange(1)];
    const recording = recordingLog();
    lines = recording.lines;
    const settings = testSettings({
      store: parseStoreUrl(`redis://127.0.0.1:${storePort}`),
      cluster: newClusterName(),
      basePort: await portRange(1),
      maxPorts: 1,
      nodeCount: 1,
      storeTimeoutMs: TIMEOUT_MS,
    });
    node = await createNode(settings, { log: recording.log });
  });
  afterEach(async () => {
    await node.stop();
    await server?.stop();
    server = null;
  });

  it('answers 503 where they were never there, and goes on by itself when they come', async () => {
    expect(await code(put(port(), 'k', 'v'))).toEqual(AWAY);
    expect(await code(get(port(), 'k'))).toEqual(AWAY);
    expect(await code(call(port(), '/keys'))).toEqual(AWAY);
    expect((await call(port(), '/health/ready')).status).toBe(503);
    expect((await call(port(), '/health/live')).status).toBe(200);
    await until(() => events().includes('store-away'), 'the log tells of it');
    server = await RedisServer.start(storePort);
    await until(isReady, 'the node is ready');
    expect((await put(port(), 'k', 'v')).status).toBe(201);
    expect(events()).toEqual(['store-away', 'store-reached']);
  });

  it('answers 503 when they are lost, at once after a while, and tells each transition once', async () => {
    server = await RedisServer.start(storePort);
    await until(isReady, 'the node is ready');
    await put(port(), 'k', 'v');
    await server.stop();
    expect(await code(put(port(), 'k', 'w'))).toEqual(AWAY);
    await until(async () => !(await isReady()), 'the circuit is open');
    expect(await code(get(port(), 'k'))).toEqual(AWAY);
    const { body } = await call(port(), '/status');
    expect(JSON.parse(body.toString())).toMatchObject({ engine: { is_reachable: false, away_buckets: 64 } });
    server = await RedisServer.start(storePort);
    await until(isReady, 'the circuit is closed');
    expect((await put(port(), 'k', 'x')).status).toBe(201);
    expect(events()).toEqual(['store-reached', 'store-away', 'store-reached']);
  });

  it('says no 201 for a write that a server hung over, and goes on when it answers again', async () => {
    server = await RedisServer.start(storePort);
    await until(isReady, 'the node is ready');
    server.signal('SIGSTOP');
    expect(await code(put(port(), 'k', 'v'))).toEqual(AWAY);
    expect(await code(get(port(), 'k'))).toEqual(AWAY);
    server.signal('SIGCONT');
    await until(async () => (await put(port(), 'k', 'later')).status === 201, 'writes are taken');
    expect(await read(port(), 'k')).toBe('200 later');
  });

  it('answers 507 when they are full, and reads go on', async () => {
    server = await RedisServer.start(storePort, '--maxmemory-policy', 'noeviction');
    await until(isReady, 'the node is ready');
    await put(port(), 'k', 'v');
    server.call('CONFIG', 'SET', 'maxmemory', '1');
    expect((await code(put(port(), 'k', 'w'))) as unknown[]).toEqual([507, 'storage-full', undefined]);
    expect(await read(port(), 'k')).toBe('200 v');
    server.call('CONFIG', 'SET', 'maxmemory', '0');
    expect((await put(port(), 'k', 'w')).status).toBe(201);
  });

  it('answers 503 where they take no writes, and reads go on', async () => {
    server = await RedisServer.start(storePort);
    await until(isReady, 'the node is ready');
    await put(port(), 'k', 'v');
    server.call('CONFIG', 'SET', 'min-replicas-to-write', '1');
    expect(await code(put(port(), 'k', 'w'))).toEqual(AWAY);
    expect(await read(port(), 'k')).toBe('200 v');
    server.call('CONFIG', 'SET', 'min-replicas-to-write', '0');
    await until(async () => (await put(port(), 'k', 'w')).status === 201, 'writes are taken');
  });

  it('warns of servers that may throw values away', async () => {
    server = await RedisServer.start(storePort, '--maxmemory-policy', 'allkeys-lru');
    await until(() => events().includes('store-evicts'), 'the log tells of it');
  });
});
