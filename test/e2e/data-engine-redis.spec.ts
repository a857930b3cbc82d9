// The second engine is held to the same contract as the first: on one real server, on a primary
// with two replicas, and on a Cluster of six.
// With servers of its own: in each way in which they may be set up.
import { describeDataEngine } from '../support/fakes/data-engine-contract';
import { until } from '../support/basics/until';
import { SERVER_KINDS, type Servers } from '../support/redis/kinds';
import { describeWithRedis } from '../support/redis/with-redis';
import { openTestStore, PAGE_BYTES } from '../support/redis/store-engine';

describeWithRedis.each(SERVER_KINDS)('on %s', (name, start) => {
  let servers: Servers;
  beforeAll(async () => {
    servers = await start();
  });
  afterAll(() => servers.stop());

  it('lists many keys in pages of bounded bytes, each key once and in order', async () => {
    const { engine, close } = openTestStore(servers.url);
    await until(() => engine.state() === 'ready', 'the engine reaches its servers');
    const keys = Array.from({ length: 2000 }, (_, at) => `${String(at).padStart(5, '0')}${'x'.repeat(300)}`);
    const puts = keys.map((key) => engine.put(Buffer.from(key), Buffer.from('v'), 60_000, 'one'));
    expect((await Promise.all(puts)).every(({ kind }) => kind === 'held')).toBe(true);
    const pages: (readonly string[])[] = [];
    for (let cursor: string | null = ''; cursor !== null && pages.length < keys.length;) {
      const page: Awaited<ReturnType<typeof engine.list>> = await engine.list('', 0, cursor);
      pages.push(page.keys);
      cursor = page.nextCursor;
    }
    close();
    expect(Math.max(...pages.map((page) => page.join('').length))).toBeLessThan(PAGE_BYTES);
    expect(pages.flat()).toEqual(keys);
  });

  describeDataEngine(
    `the redis engine on ${name}`,
    async () => {
      const { engine, close } = openTestStore(servers.url);
      await until(() => engine.state() === 'ready', 'the engine reaches its servers');
      return { engine, close };
    },
    'elsewhere',
  );
});
