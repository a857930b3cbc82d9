// Nodes are killed, hung and restarted one at a time and without an end while clients write:
// nothing acknowledged is lost.
import { TIMING } from '../../src/core/base/settings';
import { isReady, put, read, untilMesh, viewOf } from '../support/http/calls';
import { Cluster } from '../support/processes/cluster';
import { Launched } from '../support/processes/launched';
import { WriteLoad } from '../support/processes/write-load';
import { PeersWatch } from '../support/processes/peers-watch';
import { missing, untilSame } from '../support/processes/sameness';
import { seededPrng } from '../support/basics/seeded';
import { until } from '../support/basics/until';

const KILLS = 6;
const HANGS = 3;
const WRITES_BETWEEN = 50;
/**
 * Who stood still for a second asks before it answers; what it was to do next may have been due
 * half a second later.
 */
const OUTDATED_AFTER_MS = TIMING.outdatedAfterMs + 500;

describe('a network of three under load', () => {
  const cluster = new Cluster();
  const prng = seededPrng();
  let network: Launched;
  let load: WriteLoad;
  let watch: PeersWatch;

  beforeEach(async () => {
    network = await Launched.start(cluster);
    watch = new PeersWatch(network.ports);
    load = new WriteLoad(network.ports);
    await load.more(WRITES_BETWEEN);
  });

  afterEach(async () => {
    await watch.stop([]);
    await load.stop();
    await cluster.cleanUp();
  });

  /** Every write answered 201 is on every node, by root and by GET. */
  async function expectNothingLost(): Promise<void> {
    const acknowledged = await load.stop();
    await untilMesh(network.ports);
    expect(await untilSame(network.ports)).toBeGreaterThanOrEqual(acknowledged.size);
    expect(await missing(network.ports, acknowledged)).toEqual([]);
    process.stdout.write(`${acknowledged.size} acknowledged, answers ${[...load.statuses].join(' ')}\n`);
  }

  it(`loses nothing acknowledged while ${KILLS} random nodes are killed with SIGKILL one after another`, async () => {
    const ids = await untilMesh(network.ports);
    for (let kill = 0; kill < KILLS; kill += 1) {
      const port = prng.pick(network.ports);
      await network.end(port, 'SIGKILL');
      await until(() => isReady(port), `${port} is ready again`, 60_000);
      ids.push((await viewOf(port)).node_id);
      await load.more(WRITES_BETWEEN);
    }
    await expectNothingLost();
    expect(await watch.stop(ids)).toEqual([]);
    expect(network.launcher.events('node-restarting', { reason: 'signal SIGKILL' })).toHaveLength(KILLS);
    expect(load.count(500)).toBe(0);
  });

  it('loses nothing acknowledged while nodes are killed that another did not keep up with, each when all are ready', async () => {
    await load.stop();
    for (let kill = 0; kill < KILLS; kill += 1) {
      const place = prng.below(3);
      const [sleeper, victim] = [network.ports[place], network.ports[(place + 1 + prng.below(2)) % 3]];
      network.signal(sleeper, 'SIGSTOP');
      const during = new WriteLoad(
        network.ports.filter((port) => port !== sleeper),
        `kill ${kill}`,
      );
      await during.more(WRITES_BETWEEN);
      const ended = network.end(victim, 'SIGKILL');
      network.signal(sleeper, 'SIGCONT');
      await ended;
      for (const [key, value] of await during.stop()) load.acknowledged.set(key, value);
      for (const port of network.ports) await until(() => isReady(port), `${port} is ready again`, 60_000);
    }
    await expectNothingLost();
  });

  it('gives nothing that was replaced, on a node that stood still while another wrote and died', async () => {
    await load.stop();
    for (let round = 0; round < HANGS; round += 1) {
      await untilMesh(network.ports);
      const [sleeper, writer] = [network.ports[round % 3], network.ports[(round + 1) % 3]];
      await put(writer, 'told', `${round} before`);
      await until(async () => (await read(sleeper, 'told')) === `200 ${round} before`, 'it is told before');
      const stoppedAt = Date.now();
      network.signal(sleeper, 'SIGSTOP');
      await until(
        () => Date.now() - stoppedAt >= OUTDATED_AFTER_MS,
        'it stands still long enough to notice',
        30_000,
      );
      expect((await put(writer, 'told', `${round} after`)).status).toBe(201);
      await network.end(writer, 'SIGKILL');
      const reading = Promise.all(Array.from({ length: 5 }, () => read(sleeper, 'told')));
      network.signal(sleeper, 'SIGCONT');
      expect(new Set(await reading)).toEqual(new Set([`200 ${round} after`]));
    }
  });

  it('loses nothing acknowledged while every node is drained and restarted in turn', async () => {
    for (const port of network.ports) {
      await network.end(port, 'SIGTERM');
      await until(() => isReady(port), `${port} is ready again`, 60_000);
      await load.more(WRITES_BETWEEN);
    }
    await expectNothingLost();
    expect(network.launcher.events('node-restarting', { reason: 'exit code 0' })).toHaveLength(3);
    expect(network.launcher.events('member-dead')).toEqual([]);
    expect(load.count(500)).toBe(0);
  });

  it('goes on acknowledging while a node hangs, suspects it, and has it back complete when it resumes', async () => {
    const ids = await untilMesh(network.ports);
    for (let hang = 0; hang < HANGS; hang += 1) {
      const place = prng.below(3);
      const [port, id] = [network.ports[place], ids[place]];
      const others = network.ports.filter((other) => other !== port);
      const suspicions = (): unknown[] =>
        network.launcher.events('member-suspect', { peer_id: id }).map((line) => line.node);
      const before = suspicions().length;
      network.signal(port, 'SIGSTOP');
      const during = new WriteLoad(others, `hang ${hang}`);
      await until(() => new Set(suspicions().slice(before)).size === 2, 'both others suspect it', 30_000);
      await during.more(WRITES_BETWEEN);
      network.signal(port, 'SIGCONT');
      expect(await untilMesh(network.ports)).toEqual(ids);
      const written = await during.stop();
      await until(async () => (await missing([port], written)).length === 0, 'it has what it missed', 30_000);
    }
    await expectNothingLost();
    expect(network.launcher.events('node-restarting')).toEqual([]);
  });
});
