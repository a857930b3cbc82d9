// Three hosts whose routes to each other are cut, in both directions or in one: each side goes on
// as far as it honestly can, and after the heal all hold the same, which is the last write of every
// key.
import { put, untilCounted, untilMesh, viewOf } from '../support/http/calls';
import type { Place } from '../support/http/calls';
import { contest, HubNetwork } from '../support/hosts/hub-network';
import { HubHosts } from '../support/hosts/hub-hosts';
import { possibleWith } from '../support/basics/possible';
import { WriteLoad } from '../support/processes/write-load';
import { missing } from '../support/processes/sameness';
import { until } from '../support/basics/until';

const CONTESTED = 50;

const problem = HubHosts.problem();
const possible = possibleWith('network namespaces', problem);

describe('three hosts', () => {
  const network = new HubNetwork();
  const { hosts } = network;

  beforeAll(async () => {
    if (problem === null) await network.startRouted();
  });

  afterEach(() => {
    if (problem === null) hosts.heal();
  });

  afterAll(() => network.stop());

  async function untilDead(places: readonly Place[], count: number): Promise<void> {
    await until(
      async () => {
        const views = await Promise.all(places.map(viewOf));
        return views.every(({ peers }) => peers.filter(({ state }) => state === 'dead').length === count);
      },
      `${places.length} nodes show ${count} others as dead`,
      60_000,
    );
  }

  possible(
    'cut in two both write, the majority with 201; healed they hold the last write of every key',
    async () => {
      const ids = await untilMesh(network.everywhere());
      await untilCounted(network.everywhere(), 3);
      for (const other of ['b', 'c']) {
        hosts.cut('a', other);
        hosts.cut(other, 'a');
      }
      await Promise.all([untilDead(network.on('a'), 4), untilDead(network.on('b', 'c'), 2)]);
      const [a, b] = [network.on('a')[0], network.on('b')[0]];
      expect((await put(a, 'of few', 'x')).status).toBe(202);
      expect((await put(b, 'of many', 'x')).status).toBe(201);
      const last = await contest('split', CONTESTED, a, b);
      hosts.heal();
      await network.expectSame(last, new Map([['of few', 'x']]), new Map([['of many', 'x']]));
      expect(await untilMesh(network.everywhere())).toEqual(ids);
    },
  );

  possible(
    'cut in one direction between two of them lose nobody and nothing: the third reaches both',
    async () => {
      const before = network.logged('member-dead');
      const load = new WriteLoad(network.everywhere(), 'one way');
      await load.more(100);
      hosts.cut('a', 'b');
      const [a, b] = [network.on('a')[0], network.on('b')[1]];
      const last = await contest('one-way', CONTESTED, a, b);
      await load.more(200);
      const acknowledged = await load.stop();
      await until(
        async () => (await missing(network.everywhere(), acknowledged)).length === 0,
        'what was acknowledged comes around by the third host while the route is still cut',
        60_000,
      );
      hosts.heal();
      await network.expectSame(acknowledged, last);
      expect(network.logged('member-dead')).toBe(before);
      expect(load.count(500)).toBe(0);
    },
  );

  possible('of which one can send and hear nothing, hold the same once it hears again', async () => {
    hosts.cut('b', 'a');
    hosts.cut('c', 'a');
    await untilDead(network.on('b', 'c'), 2);
    const [a, c] = [network.on('a')[1], network.on('c')[0]];
    const last = await contest('deaf', CONTESTED, a, c);
    hosts.heal();
    await network.expectSame(last);
  });
});
