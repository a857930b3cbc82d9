// Three hosts whose only way to each other is a bad network: connections are slow, cut again and
// again, stalled, or left half open by something in between that forgot them.
import { call, put, read, untilMesh, viewOf, type Place } from '../support/http/calls';
import { contest, HubNetwork } from '../support/hosts/hub-network';
import { HubHosts } from '../support/hosts/hub-hosts';
import type { LinkProxy } from '../support/hosts/link-proxy';
import { WriteLoad } from '../support/processes/write-load';
import { possibleWith } from '../support/basics/possible';
import { seededPrng } from '../support/basics/seeded';
import { until } from '../support/basics/until';

const PAIRS = ['ab', 'bc', 'ac'].map(([one, other]) => [one, other] as const);
const DELAY_MS = 40;
const WHOLE = { delayMs: 0, stall: false, swallow: false };
const CUTS = 12;

const problem = HubHosts.problem();
const possible = possibleWith('network namespaces', problem);

describe('three hosts', () => {
  const network = new HubNetwork();
  const prng = seededPrng();
  let proxy: LinkProxy;
  let load: WriteLoad;

  beforeAll(async () => {
    if (problem === null) proxy = await network.startProxied();
  });

  afterEach(async () => {
    if (problem !== null) return;
    for (const [one, other] of PAIRS) await proxy.between(one, other, WHOLE);
    await load.stop();
  });

  afterAll(() => network.stop());

  async function begin(name: string): Promise<void> {
    load = new WriteLoad(network.everywhere(), name);
    await load.more(50);
  }

  /** Until each of `viewers` has heard from every node of `host` after this moment. */
  async function untilHeard(viewers: readonly Place[], host: string): Promise<void> {
    const since = Date.now();
    await until(
      async () => {
        const bodies = await Promise.all(viewers.map((place) => call(place, '/peers')));
        return bodies.every(({ body }) => {
          const { peers } = JSON.parse(body.toString()) as { peers: { name: string; last_seen: string }[] };
          const far = peers.filter(({ name }) => name.startsWith(host));
          return far.every(({ last_seen }) => Date.parse(last_seen) > since);
        });
      },
      `all have heard from ${host}`,
      60_000,
    );
  }

  possible('that are far apart acknowledge with 201 what is then readable everywhere', async () => {
    for (const [one, other] of PAIRS) await proxy.between(one, other, { delayMs: DELAY_MS });
    await begin('far');
    await load.more(200);
    const acknowledged = await load.stop();
    const since = performance.now();
    const all = { method: 'PUT', body: 'x' };
    expect((await call(network.on('a')[0], '/data/all?ttl=600&w=all', all)).status).toBe(201);
    expect(performance.now() - since).toBeGreaterThanOrEqual(2 * DELAY_MS - 5);
    await network.expectSame(acknowledged);
  });

  possible(`whose connections are cut ${CUTS} times are one network again and lost nothing`, async () => {
    await begin('cut');
    for (let cut = 0; cut < CUTS; cut += 1) {
      const [one, other] = prng.pick(PAIRS);
      await proxy.between(one, other, { cut: true });
      await load.more(prng.below(60));
    }
    await network.expectSame(await load.stop());
    expect(load.count(500)).toBe(0);
  });

  possible(
    'of which two have half-open links replace them, and lose nothing and nobody meanwhile',
    async () => {
      const [dead, lost] = [network.logged('member-dead'), network.logged('peer-link-lost')];
      await begin('half open');
      await proxy.between('a', 'b', { swallow: true });
      await load.more(50);
      await proxy.between('a', 'b', { swallow: false });
      await Promise.all([untilHeard(network.on('a'), 'b'), untilHeard(network.on('b'), 'a')]);
      await load.more(50);
      await network.expectSame(await load.stop());
      expect(network.logged('peer-link-lost')).toBeGreaterThan(lost);
      expect(network.logged('member-dead')).toBe(dead);
    },
  );

  possible(
    'of which one has only half-open links part from it, and hold the same when it has new ones',
    async () => {
      const ids = await untilMesh(network.everywhere());
      await begin('alone');
      for (const other of ['b', 'c']) await proxy.between('a', other, { swallow: true });
      const [a, b] = [network.on('a')[0], network.on('b')[0]];
      const deadOn = async (place: Place): Promise<number> =>
        (await viewOf(place)).peers.filter(({ state }) => state === 'dead').length;
      await until(async () => (await deadOn(a)) === 4 && (await deadOn(b)) === 2, 'they part', 60_000);
      expect((await put(a, 'of few', 'x')).status).toBe(202);
      expect((await put(b, 'of many', 'x')).status).toBe(201);
      const last = await contest('alone', 20, a, b);
      const acknowledged = await load.stop();
      for (const other of ['b', 'c']) await proxy.between('a', other, { swallow: false });
      await network.expectSame(acknowledged, last);
      expect(await untilMesh(network.everywhere())).toEqual(ids);
      for (const place of network.everywhere()) expect(await read(place, 'of few')).toBe('200 x');
    },
  );

  possible('of which one sends nothing for a while and then all of it lose nothing', async () => {
    await begin('stalled');
    for (const other of ['b', 'c']) await proxy.order('a', other, { stall: true });
    const since = performance.now();
    await until(() => performance.now() - since > 2000, 'the stall is over');
    for (const other of ['b', 'c']) await proxy.order('a', other, { stall: false });
    await load.more(50);
    await network.expectSame(await load.stop());
  });
});
