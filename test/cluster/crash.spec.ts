// Nodes that die, hang or are paused: the others notice, the launcher replaces them, and what comes
// back is complete before it calls itself ready.
import { get, isReady, portsFrom, put, read, untilMesh, viewOf } from '../support/http/calls';
import { Cluster } from '../support/processes/cluster';
import { inParallel } from '../support/basics/in-parallel';
import { PeersWatch } from '../support/processes/peers-watch';
import { portRange } from '../support/processes/ports';
import type { TestProcess } from '../support/processes/test-process';
import { until } from '../support/basics/until';

interface Network {
  readonly launcher: TestProcess;
  readonly ports: number[];
  readonly ids: string[];
}

describe('a network of three under a launcher', () => {
  const cluster = new Cluster();

  afterEach(() => cluster.cleanUp());

  async function formed(env: Record<string, string> = {}): Promise<Network> {
    const base = await portRange(10);
    const launcher = cluster.startLauncher({ base, env });
    const ports = portsFrom(base, 3);
    return { launcher, ports, ids: await untilMesh(ports) };
  }

  function pidOf({ launcher }: Network, port: number): number {
    return Number(launcher.events('node-port-claimed', { port }).at(-1)?.pid);
  }

  async function write(place: number, keys: readonly string[]): Promise<number[]> {
    return (await inParallel(keys, 10, (key) => put(place, key, `of ${key}`, { ttl: ttlOf(key) }))).map(
      (answer) => answer.status,
    );
  }

  async function untilGone(place: number, id: string): Promise<void> {
    await until(async () => {
      const shown = (await viewOf(place)).peers.find((peer) => peer.id === id);
      return shown === undefined || shown.state === 'dead';
    }, `${place} shows ${id} as gone`);
  }

  it('restarts a killed node, which takes its port again and is ready only with every key and its life', async () => {
    const network = await formed();
    const { launcher, ports, ids } = network;
    const keys = portsFrom(1, 300).map((number) => `key ${number}`);
    await write(ports[0], keys);
    const watch = new PeersWatch(ports);
    process.kill(pidOf(network, ports[1]), 'SIGKILL');
    await Promise.all([untilGone(ports[0], ids[1]), untilGone(ports[2], ids[1])]);
    await until(() => isReady(ports[1]), 'the node is ready again', 30_000);

    const restored = await Promise.all(keys.map((key) => get(ports[1], key)));
    const kept = await Promise.all(keys.map((key) => get(ports[0], key)));
    const life = (answer: (typeof kept)[number]): number => Number(answer.headers['x-remaining-ttl']);
    for (const [position, key] of keys.entries()) {
      expect(restored[position].body.toString()).toBe(`of ${key}`);
      expect(restored[position].headers['x-original-ttl']).toBe(String(ttlOf(key)));
      expect(restored[position].headers.etag).toBe(kept[position].headers.etag);
      expect(Math.abs(life(restored[position]) - life(kept[position]))).toBeLessThanOrEqual(2);
    }
    const after = await untilMesh(ports);
    expect(await watch.stop([...ids, ...after])).toEqual([]);
    expect(watch.looks).toBeGreaterThan(20);
    expect(after[1]).not.toBe(ids[1]);
    expect(launcher.events('node-restarting')).toMatchObject([{ indexes: [2], reason: 'signal SIGKILL' }]);
    expect(launcher.events('synced', { node: 'flux-node-2' }).at(-1)).toMatchObject({ keys: 300 });
  });

  it('survives the loss of every node in turn without losing a key', async () => {
    const network = await formed();
    const keys = portsFrom(1, 50).map((number) => `key ${number}`);
    await write(network.ports[0], keys);
    for (const port of network.ports) {
      const pid = pidOf(network, port);
      process.kill(pid, 'SIGKILL');
      await until(() => !network.launcher.survivors().includes(pid), 'it is dead');
      await untilMesh(network.ports);
    }
    for (const port of network.ports) {
      const texts = await Promise.all(keys.map((key) => read(port, key)));
      expect(texts).toEqual(keys.map((key) => `200 of ${key}`));
    }
  });

  it('replaces a node that hangs for longer than allowed', async () => {
    const network = await formed({ REPRAM_HUNG_AFTER_MS: '3000' });
    const { launcher, ports, ids } = network;
    await write(ports[0], ['before']);
    const hung = pidOf(network, ports[2]);
    const watch = new PeersWatch(ports.slice(0, 2));
    process.kill(hung, 'SIGSTOP');
    await Promise.all([untilGone(ports[0], ids[2]), untilGone(ports[1], ids[2])]);
    expect(await write(ports[1], ['during'])).toEqual([201]);
    await until(() => launcher.events('node-hung').length > 0, 'the launcher finds it hung');
    const after = await untilMesh(ports);
    expect(await watch.stop([...ids, ...after])).toEqual([]);
    expect(launcher.survivors()).not.toContain(hung);
    expect(launcher.events('node-hung')).toMatchObject([{ indexes: [3], pid: hung }]);
    expect(launcher.events('node-restarting')).toMatchObject([{ indexes: [3], reason: 'hung' }]);
    for (const key of ['before', 'during']) expect(await read(ports[2], key)).toBe(`200 of ${key}`);
  });

  it('lets nodes wake up that fell silent all together, and replaces only one of them', async () => {
    const network = await formed({ REPRAM_HUNG_AFTER_MS: '3000' });
    const { launcher, ports } = network;
    const keys = portsFrom(1, 50).map((number) => `key ${number}`);
    await write(ports[0], keys);
    const pids = ports.map((port) => pidOf(network, port));
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    await until(() => launcher.events('node-port-claimed').length >= 4, 'one is replaced', 30_000);
    const [hung] = launcher.events('node-hung').map((line) => line.pid as number);
    for (const pid of pids) if (pid !== hung) process.kill(pid, 'SIGCONT');
    await untilMesh(ports, 60_000);
    for (const port of ports) {
      await until(async () => {
        const texts = await Promise.all(keys.map((key) => read(port, key)));
        return texts.every((text, position) => text === `200 of ${keys[position]}`);
      }, `all keys are at ${port}`);
    }
    expect(launcher.events('node-hung')).toMatchObject([{ pid: hung }]);
  });

  it('takes back a node that was paused for a while, with what was written meanwhile', async () => {
    const network = await formed();
    const { launcher, ports, ids } = network;
    const keys = portsFrom(1, 50).map((number) => `key ${number}`);
    const pid = pidOf(network, ports[2]);
    const watch = new PeersWatch(ports.slice(0, 2));
    const since = performance.now();
    process.kill(pid, 'SIGSTOP');
    await Promise.all([untilGone(ports[0], ids[2]), untilGone(ports[1], ids[2])]);
    expect(new Set(await write(ports[0], keys))).toEqual(new Set([201]));
    await until(() => performance.now() - since > 4000, 'the pause is over');
    process.kill(pid, 'SIGCONT');

    expect(await untilMesh(ports)).toEqual(ids);
    expect(await watch.stop(ids)).toEqual([]);
    await until(async () => {
      const texts = await Promise.all(keys.map((key) => read(ports[2], key)));
      return texts.every((text, position) => text === `200 of ${keys[position]}`);
    }, 'the paused node has what was written meanwhile');
    expect(launcher.events('node-restarting')).toEqual([]);
    const heard = launcher.events('member-suspect', { peer_id: ids[2] }).map((line) => line.node);
    expect(heard).toEqual(expect.arrayContaining(['flux-node-1', 'flux-node-2']));
    expect(launcher.events('was-paused', { node: 'flux-node-3' })).toHaveLength(1);
  });
});

/** 600 to 899 seconds, another one for each key. */
function ttlOf(key: string): number {
  return 600 + (Number(/\d+/.exec(key)?.[0] ?? 0) % 300);
}
