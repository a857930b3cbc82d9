// Many writes at once and many keys at once: every node is complete, by listing and by GET on every
// port.
import { call, isReady, portsFrom, untilMesh, viewOf } from '../support/http/calls';
import type { Place } from '../support/http/calls';
import { Cluster } from '../support/processes/cluster';
import { Launched } from '../support/processes/launched';
import { putAll, readAll } from '../support/http/pipeline';
import type { Write } from '../support/http/pipeline';
import { missing, statusOf, untilSame } from '../support/processes/sameness';
import { until } from '../support/basics/until';

const JOINER_KEYS = 100_000;
const BURST = 2000;
/**
 * Ten clients of 200 each: as much as one client may send at once under the default limit of 100/s.
 */
const CLIENTS = portsFrom(1, 10).map((number) => `127.0.0.${number}`);
const MANY_NODES = 16;
const WRITES_OF_EACH = 3000;

const writes = (name: string, count: number): Write[] =>
  portsFrom(0, count).map((number): Write => [`${name} ${number}`, `value ${number} of ${name}`]);

const keysOf = (all: readonly Write[]): string[] => all.map(([key]) => key);

/** Sorted. Asks again when this client has used up its share of requests. */
async function listing(place: Place): Promise<string[]> {
  const text = await until(async () => {
    const { status, body } = await call(place, '/keys', { limitMs: 60_000 });
    return status === 200 ? body.toString() : '';
  }, `${place} lists its keys`);
  return (JSON.parse(text) as { keys: string[] }).keys.sort();
}

/** How many answers there were of each kind. */
function tally(answers: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const answer of answers) counts[answer] = (counts[answer] ?? 0) + 1;
  return counts;
}

describe('all nodes are complete', () => {
  const cluster = new Cluster();

  afterEach(() => cluster.cleanUp());

  it(`after a burst of ${BURST} writes from ten clients against the default limits`, async () => {
    const { ports } = await Launched.start(cluster, { env: { REPRAM_RATE_LIMIT: '' } });
    const burst = writes('burst', BURST);
    const startedMs = performance.now();
    const answers = await putAll(ports[0], burst, CLIENTS);
    const tookMs = Math.round(performance.now() - startedMs);
    process.stdout.write(`burst: ${JSON.stringify(tally(answers))} in ${tookMs} ms\n`);
    expect(tally(answers)).toEqual({ '201 OK': BURST });
    const { config } = JSON.parse((await call(ports[1], '/status')).body.toString()) as {
      config: { rate_limit_per_second: number };
    };
    expect(config.rate_limit_per_second).toBe(100);
    expect(await untilSame(ports)).toBe(BURST);
    for (const port of ports) expect(await listing(port)).toEqual(keysOf(burst).sort());
  });

  it(`when ${BURST} writes of one client are cut down by its limit: what was acknowledged, and no more`, async () => {
    const { ports } = await Launched.start(cluster, { env: { REPRAM_RATE_LIMIT: '' } });
    const burst = writes('burst', BURST);
    const answers = await putAll(ports[0], burst);
    const acknowledged = burst.filter((_, position) => answers[position] === '201 OK');
    const refused = answers.filter((answer) => answer.startsWith('429 ')).length;
    expect(acknowledged.length + refused).toBe(BURST);
    expect(acknowledged.length).toBeGreaterThanOrEqual(200);
    expect(refused).toBeGreaterThan(0);
    expect(await untilSame(ports)).toBe(acknowledged.length);
    for (const port of ports) expect(await listing(port)).toEqual(keysOf(acknowledged).sort());
  });

  it(`as soon as a joiner of a network with ${JOINER_KEYS} keys calls itself ready`, async () => {
    const { base, ports } = await Launched.start(cluster);
    const all = writes('stock', JOINER_KEYS);
    expect(tally(await putAll(ports[0], all))).toEqual({ '201 OK': JOINER_KEYS });
    const joining = base + 3;
    const joiner = cluster.startNode({ base, index: 4, name: 'joiner' });
    await until(() => isReady(joining), 'the joiner is ready', 60_000);
    expect((await statusOf(joining)).storage.keys).toBe(JOINER_KEYS);
    expect(tally((await readAll(joining, keysOf(all))).map((answer) => answer.slice(0, 3)))).toEqual({
      '200': JOINER_KEYS,
    });
    expect(await untilSame([...ports, joining])).toBe(JOINER_KEYS);
    const [synced] = joiner.events('synced');
    expect(synced.keys).toBe(JOINER_KEYS);
    process.stdout.write(`joiner: ${JOINER_KEYS} keys in ${String(synced.duration_ms)} ms\n`);
  });

  it(`on ${MANY_NODES} nodes that make ${WRITES_OF_EACH} writes each at the same time`, async () => {
    // One process for all: sixteen would share two cores among them for the better part of a
    // minute.
    const env = { REPRAM_ISOLATION: 'none', MAX_PORTS: String(MANY_NODES) };
    const { ports } = await Launched.start(cluster, { nodes: MANY_NODES, env });
    const mine = ports.map((port) => writes(`of ${port}`, WRITES_OF_EACH));
    const answers = await Promise.all(ports.map((port, position) => putAll(port, mine[position])));
    process.stdout.write(`${MANY_NODES} nodes: ${JSON.stringify(tally(answers.flat()))}\n`);
    expect(answers.flat().filter((answer) => !/^20[12] /.test(answer))).toEqual([]);
    await untilMesh(ports);
    expect(await untilSame(ports)).toBe(MANY_NODES * WRITES_OF_EACH);
    const wanted = keysOf(mine.flat()).sort();
    for (const port of ports) expect(await listing(port)).toEqual(wanted);
    const some = new Map(mine.flatMap((each) => each.filter((_, number) => number % 100 === 0)));
    expect(await missing(ports, some)).toEqual([]);
    expect((await viewOf(ports[0])).peers).toHaveLength(MANY_NODES - 1);
  });
});
