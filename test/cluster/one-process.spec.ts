// REPRAM_ISOLATION=none: one child process hosts all nodes. What holds for three processes holds
// here as well.
import { portsFrom, put, read, untilMesh, viewOf } from '../support/http/calls';
import { Cluster } from '../support/processes/cluster';
import { PeersWatch } from '../support/processes/peers-watch';
import { portRange } from '../support/processes/ports';
import type { TestProcess } from '../support/processes/test-process';
import { until } from '../support/basics/until';

describe('three nodes in one process', () => {
  const cluster = new Cluster();
  let base = 0;
  let launcher: TestProcess;
  let ports: number[] = [];
  let ids: string[] = [];

  beforeEach(async () => {
    base = await portRange(10);
    ports = portsFrom(base, 3);
    launcher = cluster.startLauncher({
      base,
      env: { REPRAM_ISOLATION: 'none', REPRAM_HUNG_AFTER_MS: '5000' },
    });
    ids = await untilMesh(ports);
  });

  afterEach(() => cluster.cleanUp());

  const pid = (): number => Number(launcher.events('node-started').at(-1)?.pid);

  it('form one network, in which each keeps a copy of its own', async () => {
    expect(launcher.survivors().sort()).toEqual([launcher.pid, pid()].sort());
    await until(() => launcher.events('network-formed').length >= 4, 'nodes and launcher tell it');
    expect(launcher.events('port-claimed').map((line) => line.node)).toHaveLength(3);
    const answer = await put(ports[0], 'test', 'three times');
    expect(answer.headers['x-repram-acks']).toBe('3/3');
    for (const port of ports) expect(await read(port, 'test')).toBe('200 three times');
    expect(launcher.otherOutput).toEqual([]);
    expect(launcher.errors).toBe('');
  });

  it('come back on their ports when their process is killed, with what other processes hold', async () => {
    const guest = cluster.startNode({ base, name: 'guest' });
    const all = [...ports, base + 3];
    const before = await untilMesh(all);
    await put(ports[0], 'kept', 'by the guest');
    const watch = new PeersWatch(all);
    const killed = pid();
    process.kill(killed, 'SIGKILL');
    await until(async () => {
      const { peers } = await viewOf(base + 3);
      return peers.every((peer) => !ids.includes(peer.id) || peer.state === 'dead');
    }, 'the guest shows all three as gone');
    const after = await untilMesh(all);
    expect(await watch.stop([...before, ...after])).toEqual([]);
    expect(after.at(-1)).toBe(before.at(-1));
    for (const port of all) expect(await read(port, 'kept')).toBe('200 by the guest');
    expect(launcher.events('node-restarting')).toMatchObject([
      { indexes: [1, 2, 3], reason: 'signal SIGKILL' },
    ]);
    expect(guest.events('member-dead')).toHaveLength(3);
  });

  it('are replaced together when their process hangs, and form one network again', async () => {
    const hung = pid();
    process.kill(hung, 'SIGSTOP');
    await until(() => launcher.events('node-hung').length > 0, 'the launcher finds it hung', 30_000);
    const after = await untilMesh(ports);
    expect(after.filter((id) => ids.includes(id))).toEqual([]);
    expect(launcher.survivors()).not.toContain(hung);
    expect(launcher.events('node-restarting')).toMatchObject([{ indexes: [1, 2, 3], reason: 'hung' }]);
    expect((await put(ports[0], 'after', 'all')).headers['x-repram-acks']).toBe('3/3');
  });

  it.each([
    ['SIGTERM to the launcher', () => launcher.signal('SIGTERM')],
    ['Ctrl-C to the process group', () => launcher.signalGroup('SIGINT')],
  ])('end with exit code 0 after %s', async (_what, end) => {
    end();
    await until(() => launcher.events('stopped').length > 0, 'the launcher has stopped');
    expect(await launcher.exited).toEqual({ code: 0, signal: null });
    expect(launcher.events('node-stopped')).toHaveLength(3);
    expect(launcher.events('node-exited')).toMatchObject([{ reason: 'exit code 0' }]);
    expect(launcher.survivors()).toEqual([]);
  });

  it('leave no process behind when the launcher is killed with SIGKILL', async () => {
    launcher.signal('SIGKILL');
    await until(() => launcher.survivors().length === 0, 'every node is gone');
  });
});
