// A host of one node that starts anew while nobody hears it. What it held before is with a host
// that it cannot reach, so it must not say that there is nothing.
import { call, get, put, read, untilCounted, untilMesh } from '../support/http/calls';
import type { Place } from '../support/http/calls';
import { LoopbackPair } from '../support/hosts/loopback-pair';
import type { HostName } from '../support/hosts/two-hosts';
import { until } from '../support/basics/until';
import { Cluster } from '../support/processes/cluster';
import type { TestProcess } from '../support/processes/test-process';

/** A node that took nobody for there was ready before. */
const ASKED_FOR_SECONDS = 8;
const KEYS = Array.from({ length: 20 }, (_, i) => `key ${i}`);

const cluster = new Cluster();
const hosts = new LoopbackPair();
let [a, b]: TestProcess[] = [];
const at = (host: HostName): Place => hosts.place(host, hosts.ports[0]);

function launch(host: HostName, peer: HostName): TestProcess {
  const env = {
    REPRAM_NODE_ID: host,
    REPRAM_BIND_ADDRESS: hosts.bindAddressOf(host),
    REPRAM_PEERS: `${hosts.addressOf(peer)}:${hosts.ports[0]}`,
  };
  return cluster.startLauncher({ base: hosts.ports[0], nodes: 1, env });
}

beforeEach(async () => {
  await hosts.connect();
  [a, b] = [launch('a', 'b'), launch('b', 'a')];
  await untilMesh([at('a'), at('b')]);
  await untilCounted([at('a'), at('b')], 2);
  for (const key of KEYS) expect((await put(at('a'), key, `of ${key}`)).status).toBe(201);
});
afterEach(() => cluster.cleanUp());

async function uptimeOf(place: Place): Promise<number> {
  const { body } = await call(place, '/status');
  return (JSON.parse(body.toString()) as { uptime_seconds: number }).uptime_seconds;
}

/** What a node that just started answers for keys that it held before, for its first seconds. */
async function answersOfFirstSeconds(place: Place): Promise<Set<number>> {
  const statuses = new Set<number>();
  await until(
    async () => {
      for (const key of KEYS.slice(0, 3)) statuses.add((await get(place, key)).status);
      return (await uptimeOf(place)) >= ASKED_FOR_SECONDS;
    },
    'the new node has run for a while',
    60_000,
  );
  return statuses;
}

const restartNode = (): void => {
  process.kill(Number(a.events('node-started').at(-1)?.pid), 'SIGKILL');
};
const restartAll = (): void => {
  a.signalGroup('SIGKILL');
  a = launch('a', 'b');
};

it.each([
  ['a node whose launcher knew of the other host', restartNode],
  ['a launcher that is told where another host is', restartAll],
])('%s says 503 while that is silent, and gives what it held once it speaks', async (_what, restart) => {
  b.signalGroup('SIGSTOP');
  restart();
  expect(await answersOfFirstSeconds(at('a'))).toEqual(new Set([503]));
  b.signalGroup('SIGCONT');
  await until(
    async () => (await read(at('a'), KEYS[0])) === `200 of ${KEYS[0]}`,
    'the value is back',
    30_000,
  );
});

it('a node whose launcher knew of the other host says 503 while that refuses it, and takes writes', async () => {
  b.signalGroup('SIGKILL');
  await until(() => b.survivors().length === 0, 'the other host is gone');
  restartNode();
  expect(await answersOfFirstSeconds(at('a'))).toEqual(new Set([503]));
  expect((await put(at('a'), 'new', 'value')).status).toBe(202);
  expect(await read(at('a'), 'new')).toBe('200 value');
});
