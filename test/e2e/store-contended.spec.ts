// A write with a condition is judged by what a node has read, and done if that is still so. Here
// others write the key each time between the two.
// With servers of its own: what a node sends to it is held up.
import { parseStoreUrl } from '../../src/config/store-address';
import { createNode, type RunningNode } from '../../src/create-node';
import { until } from '../support/basics/until';
import { bytes } from '../support/fakes/engine-subject';
import { testSettings } from '../support/fakes/fake-node';
import { call, get, put, read } from '../support/http/calls';
import { portRange } from '../support/processes/ports';
import { RedisServer } from '../support/redis/redis-server';
import { ServerWay } from '../support/redis/server-way';
import { newClusterName, openTestStore, type StoreUnderTest } from '../support/redis/store-engine';
import { describeWithRedis } from '../support/redis/with-redis';

class Scene {
  private server: RedisServer | null = null;
  private node: RunningNode | null = null;
  private other: StoreUnderTest | null = null;
  private way: ServerWay | null = null;
  private writes = 0;

  async start(): Promise<void> {
    const first = await portRange(3);
    const cluster = newClusterName();
    this.server = await RedisServer.start(first);
    this.way = await ServerWay.start(first + 1, first);
    const other = openTestStore(`redis://127.0.0.1:${first}`, { cluster });
    const store = parseStoreUrl(`redis://127.0.0.1:${first + 1}`);
    const place = { basePort: first + 2, maxPorts: 1, nodeCount: 1 };
    const node = await createNode(testSettings({ store, cluster, ...place }));
    [this.other, this.node] = [other, node];
    const isReady = (): boolean => [node, other].every(({ engine }) => engine.state() === 'ready');
    await until(isReady, 'both reach the server');
  }

  async stop(): Promise<void> {
    await this.node?.stop();
    this.other?.close();
    await this.way?.stop();
    await this.server?.stop();
  }

  get port(): number {
    return Number(this.node?.listenPort);
  }

  /** Before anything of the node arrives at the server, so many times. */
  overtaken(times: number): void {
    let left = times;
    if (this.way === null) throw new Error('there is no way yet');
    this.way.before = async () => {
      left -= 1;
      if (left >= 0) await this.overtake();
    };
  }

  /** Another node, whose writes are not held up, writes the key. */
  private async overtake(): Promise<void> {
    this.writes += 1;
    const value = bytes(`other ${this.writes}`);
    const outcome = await this.other?.engine.put(bytes('k'), value, 600_000, 'one');
    if (outcome?.kind !== 'held') throw new Error(`the other one could not write: ${outcome?.kind}`);
  }
}

describeWithRedis('a write with a condition that others keep overtaking', () => {
  const scene = new Scene();
  beforeAll(() => scene.start());
  afterAll(() => scene.stop());
  beforeEach(async () => {
    await put(scene.port, 'k', 'first');
  });
  afterEach(() => scene.overtaken(0));

  const guarded = (name: string, tag: string): ReturnType<typeof call> =>
    call(scene.port, '/data/k', { method: 'PUT', headers: { [name]: tag }, body: 'mine' });

  it('is answered 503 busy and when to come back, stores nothing, and is done when they stop', async () => {
    scene.overtaken(Infinity);
    const refused = await guarded('if-match', '*');
    expect([refused.status, refused.headers['retry-after']]).toEqual([503, '1']);
    expect(JSON.parse(refused.body.toString())).toMatchObject({
      code: 'busy',
      detail: expect.stringContaining('Others write this key all the time') as string,
    });
    scene.overtaken(0);
    expect(await read(scene.port, 'k')).toMatch(/^200 other \d+$/);
    expect((await guarded('if-match', '*')).status).toBe(201);
    expect(await read(scene.port, 'k')).toBe('200 mine');
  });

  it('is done after a few who overtake it, where its condition still holds', async () => {
    scene.overtaken(5);
    expect((await guarded('if-match', '*')).status).toBe(201);
    expect(await read(scene.port, 'k')).toBe('200 mine');
  });

  it('is answered 412 with the version that is there, where it was about the one before', async () => {
    const { etag = '' } = (await get(scene.port, 'k')).headers;
    scene.overtaken(Infinity);
    const unmet = await guarded('if-match', etag);
    expect(unmet.status).toBe(412);
    expect(unmet.headers.etag).not.toBe(etag);
  });
});
