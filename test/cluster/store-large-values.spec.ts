// Nodes in front of a server, under a limit of memory that leaves them little. Large values are
// read and written without pause: what came from the server for one answer makes room for the next.
import { possibleWith } from '../support/basics/possible';
import { until } from '../support/basics/until';
import { Cluster } from '../support/processes/cluster';
import { LimitedGroup, memoryGroupProblem } from '../support/processes/memory-groups';
import { portRange } from '../support/processes/ports';
import { RedisServer, SERVER_PROGRAM } from '../support/redis/redis-server';

const LARGE = Buffer.alloc(10 * 1_048_576, 7);
const CLIENTS = 24;
const VALUES = 4;
/** Together several times what the limit has. */
const ANSWERS = 250;
/** Each client ends after so many attempts, answered or not. */
const ATTEMPTS = 400;

const missing = SERVER_PROGRAM === null ? 'no redis-server or valkey-server' : memoryGroupProblem();
const possible = possibleWith('server, and control group with a memory limit', missing);

describe('large values of a server', () => {
  const cluster = new Cluster();
  let group: LimitedGroup | null = null;
  let server: RedisServer | null = null;

  afterEach(async () => {
    await cluster.cleanUp();
    await group?.remove();
    await server?.stop();
    group = server = null;
  });

  possible.each([
    ['512 MB, two nodes', 512, 2],
    ['1 GB, three nodes', 1024, 3],
  ])(
    'are read and written for as long as clients like, and end no node (%s)',
    async (_, limitMegabytes, nodes) => {
      server = await RedisServer.start(await portRange(1));
      group = LimitedGroup.create(`values-${nodes}`, limitMegabytes * 1_048_576);
      const base = await portRange(10);
      const env = { NODE_COUNT: String(nodes), MAX_PORTS: String(nodes) };
      const launcher = cluster.startLauncher({
        base,
        within: group.below('nodes'),
        env: { ...env, REPRAM_STORE_URL: `redis://127.0.0.1:${server.port}`, REPRAM_RATE_LIMIT: '0' },
      });
      await until(() => launcher.events('store-reached').length >= nodes, 'the nodes reach it', 60_000);
      for (let at = 0; at < VALUES; at += 1) expect(await once('PUT', base, at)).toBe(201);

      let answered = 0;
      const ask = async (client: number): Promise<void> => {
        for (let attempt = 0; attempt < ATTEMPTS && answered < ANSWERS; attempt += 1) {
          const at = client + attempt;
          const status = await once(at % 3 === 0 ? 'PUT' : 'GET', base + (at % nodes), at % VALUES);
          if (status === 200 || status === 201) answered += 1;
        }
      };
      await Promise.all(Array.from({ length: CLIENTS }, (_, client) => ask(client)));

      expect(launcher.events('node-exited')).toEqual([]);
      expect(answered).toBeGreaterThanOrEqual(ANSWERS);
    },
    180_000,
  );
});

/** 0 = the connection was cut: of those that hold most, the slowest one makes room. */
async function once(method: 'GET' | 'PUT', port: number, value: number): Promise<number> {
  const body = method === 'PUT' ? { body: LARGE } : {};
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/data/large-${value}`, { method, ...body });
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    return 0;
  }
}
