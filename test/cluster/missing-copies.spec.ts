// Writes while nodes hang or are gone: the quorum decides between 201 and 202, and a hung peer
// holds nobody up twice.
import { call, get, isReady, portsFrom, put, read, untilMesh, viewOf } from '../support/http/calls';
import { Cluster } from '../support/processes/cluster';
import { portRange } from '../support/processes/ports';
import type { TestProcess } from '../support/processes/test-process';
import { until } from '../support/basics/until';

describe('three node processes without a launcher', () => {
  const cluster = new Cluster();
  let base = 0;
  let nodes: TestProcess[] = [];
  let ports: number[] = [];
  let ids: string[] = [];

  beforeEach(async () => {
    base = await portRange(10);
    ports = portsFrom(base, 3);
    nodes = [1, 2, 3].map((index) => cluster.startNode({ base, index }));
    ids = await untilMesh(ports);
  });

  afterEach(() => cluster.cleanUp());

  it('acknowledge 200 writes in a row while a peer hangs, which is waited for once', async () => {
    nodes[2].signal('SIGSTOP');
    const slow: string[] = [];
    for (let number = 0; number < 200; number += 1) {
      const { status, headers } = await put(ports[0], `key ${number}`, 'x');
      if (status !== 201) slow.push(`${number}: ${status}`);
      expect(headers['x-repram-acks']).toBe('2/3');
    }
    expect(slow).toEqual([]);
    const lagging = nodes[0].events('peer-lagging').filter((line) => line.peer_id === ids[2]);
    expect(lagging).toHaveLength(1);
    nodes[2].signal('SIGCONT');
    expect(await untilMesh(ports)).toEqual(ids);
    await until(async () => {
      const answers = await Promise.all(portsFrom(0, 200).map((number) => get(ports[2], `key ${number}`)));
      return answers.every((answer) => answer.status === 200);
    }, 'the peer has everything written while it hung');
  });

  it('answer 202 when the quorum is gone, keep the value, and hand it on to who comes back', async () => {
    for (const node of nodes.slice(1)) node.killAll();
    await until(
      async () => (await viewOf(ports[0])).peers.every((peer) => peer.state === 'dead'),
      'two are dead',
    );
    for (const key of ['one', 'two', 'three']) {
      const { status, headers, body } = await put(ports[0], key, `of ${key}`);
      expect([status, headers['x-repram-acks'], body.toString()]).toEqual([202, '1/3', 'Accepted']);
      expect(await read(ports[0], key)).toBe(`200 of ${key}`);
    }
    expect((await put(ports[0], 'mine', 'here', { headers: { 'x-ttl': '400' } })).status).toBe(202);
    expect(await isReady(ports[0])).toBe(true);
    await until(() => nodes[0].events('quorum-missed').length > 0, 'it says that the quorum is missing');
    expect(nodes[0].events('quorum-missed')).toMatchObject([{ level: 'warn', acks: 1, needed: 2 }]);

    cluster.startNode({ base, index: 2 });
    await until(
      async () => (await read(ports[1], 'three').catch(() => '')) === '200 of three',
      'it is handed on',
    );
    await until(() => isReady(ports[1]), 'the new node is ready');
    for (const key of ['one', 'two', 'three']) expect(await read(ports[1], key)).toBe(`200 of ${key}`);
    await until(
      async () => (await put(ports[0], 'again', 'safe')).status === 201,
      'two nodes are a quorum again',
    );
    await until(() => nodes[0].events('quorum-met-again').length >= 1, 'it says so');
  });

  it('keep acknowledging with one of them gone, and say by ?w=all that one copy is missing', async () => {
    nodes[1].killAll();
    await until(
      async () => (await viewOf(ports[0])).peers.some((peer) => peer.state === 'dead'),
      'one is dead',
    );
    expect((await put(ports[0], 'safe', 'on two')).status).toBe(201);
    expect(await read(ports[2], 'safe')).toBe('200 on two');
    const all = await call(ports[0], '/data/safe?ttl=600&w=all', { method: 'PUT', body: 'on all' });
    expect([all.status, all.headers['x-repram-acks']]).toEqual([202, '2/3']);
  });
});
