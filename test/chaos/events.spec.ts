// Readers of changes follow nodes that are killed, and go on at others: none misses anything.
import { isReady, put, untilMesh } from '../support/http/calls';
import { Cluster } from '../support/processes/cluster';
import { Launched } from '../support/processes/launched';
import { EventReader } from '../support/http/event-reader';
import { seededPrng } from '../support/basics/seeded';
import { until } from '../support/basics/until';

const KILLS = 4;
const READERS = 6;
const WRITES_BETWEEN = 60;
const KEYS = 40;

/** What one reader was told, over all its connections. */
class Follower {
  /** Of each key the newest version, and whether it is over. */
  readonly told = new Map<string, { readonly version: string; readonly isOver: boolean }>();
  readonly problems: string[] = [];
  resyncs = 0;
  resumes = 0;
  private reader: EventReader | null = null;
  private lastId = '';
  private heard = 0;

  /** Takes in what has come, and goes elsewhere when its node has gone. */
  async follow(port: number): Promise<void> {
    if (this.reader !== null && !this.reader.isOver) {
      this.take(this.reader);
      return;
    }
    if (this.reader !== null) this.take(this.reader);
    const query = this.lastId === '' ? '?types=put,expire&since=start' : '?types=put,expire';
    const next = await EventReader.open(port, query, this.lastId).catch(() => null);
    if (next?.response.statusCode !== 200) {
      next?.close();
      return;
    }
    if (this.lastId !== '') this.resumes += 1;
    this.reader = next;
    this.heard = 0;
  }

  hangUp(): void {
    if (this.reader !== null) this.take(this.reader);
    this.reader?.close();
  }

  close(): void {
    this.reader?.close();
  }

  private take(reader: EventReader): void {
    for (; this.heard < reader.events.length; this.heard += 1) {
      const { type, data } = reader.events[this.heard];
      if (type === 'resync') {
        this.resyncs += 1;
        this.told.clear();
        this.lastId = '';
        reader.close();
        return;
      }
      if (type !== 'put' && type !== 'expire') continue;
      const [key, version] = [String(data.key), String(data.version)];
      const before = this.told.get(key);
      if (before !== undefined && isOlder(version, before.version))
        this.problems.push(`${version} of ${key} after ${before.version}`);
      this.told.set(key, { version, isOver: type === 'expire' });
    }
    this.lastId = reader.lastId;
  }
}

function isOlder(a: string, b: string): boolean {
  const [stampA, originA] = a.split('-');
  const [stampB, originB] = b.split('-');
  const order = Number.parseInt(stampA, 16) - Number.parseInt(stampB, 16);
  return order < 0 || (order === 0 && originA < originB);
}

describe('readers of changes in a network of three', () => {
  const cluster = new Cluster();
  const prng = seededPrng();
  const followers = Array.from({ length: READERS }, () => new Follower());

  afterEach(async () => {
    for (const follower of followers) follower.close();
    await cluster.cleanUp();
  });

  it(`are told of everything while ${KILLS} nodes are killed and readers hang up`, async () => {
    const network = await Launched.start(cluster, { env: { REPRAM_MIN_TTL: '1' } });
    const written = new Map<string, string>();
    const followAll = async (): Promise<void> => {
      await Promise.all(followers.map((each) => each.follow(prng.pick(network.ports))));
    };
    await followAll();
    for (let kill = 0; kill < KILLS; kill += 1) {
      for (let i = 0; i < WRITES_BETWEEN; i += 1) {
        const key = `k${prng.below(KEYS)}`;
        const ttl = prng.chance(0.2) ? 1 : 600;
        const answer = await put(prng.pick(network.ports), key, `${kill}-${i}`, { ttl });
        if (answer.status === 201) written.set(key, String(answer.headers['x-repram-version']));
        else written.delete(key);
        if (prng.chance(0.05)) prng.pick(followers).hangUp();
        await followAll();
      }
      const port = prng.pick(network.ports);
      await network.end(port, 'SIGKILL');
      await until(
        async () => {
          await followAll();
          return isReady(port);
        },
        `${port} is ready again`,
        60_000,
      );
    }
    await untilMesh(network.ports);
    const isTold = async (): Promise<boolean> => {
      await followAll();
      return followers.every(({ told }) =>
        [...written].every(([key, version]) => told.get(key)?.version === version),
      );
    };
    await until(isTold, 'every reader to know the newest version of every key', 30_000);
    expect(followers.flatMap(({ problems }) => problems)).toEqual([]);
    expect(followers.reduce((sum, { resumes }) => sum + resumes, 0)).toBeGreaterThan(READERS);
    const resyncs = followers.reduce((sum, each) => sum + each.resyncs, 0);
    process.stdout.write(`${written.size} keys, ${resyncs} resyncs\n`);
  });
});
