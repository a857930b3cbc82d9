// One command, three nodes, one network: what a person gets from the launcher, and what the log
// tells of it.
import { spawnSync } from 'node:child_process';
import { Agent } from 'node:http';
import { call, get, isReady, portsFrom, put, untilMesh, viewOf } from '../support/http/calls';
import { Cluster } from '../support/processes/cluster';
import { portRange } from '../support/processes/ports';
import type { TestProcess } from '../support/processes/test-process';
import { until } from '../support/basics/until';

const NAMES = ['flux-node-1', 'flux-node-2', 'flux-node-3'];

describe('three nodes from one command', () => {
  const cluster = new Cluster();
  let launcher: TestProcess;
  let ports: number[] = [];
  let ids: string[] = [];

  beforeAll(async () => {
    const base = await portRange(10);
    ports = portsFrom(base, 3);
    launcher = cluster.startLauncher({ base });
    ids = await untilMesh(ports);
  });

  afterAll(() => cluster.cleanUp());

  it('claim the first three ports of the range in the order of their names', async () => {
    const names = await Promise.all(
      ports.map(async (port) => {
        const health = JSON.parse((await call(port, '/health')).body.toString()) as { name: string };
        return health.name;
      }),
    );
    expect(names).toEqual(NAMES);
  });

  it('show exactly the two others, alive and on this machine', async () => {
    for (const [position, port] of ports.entries()) {
      const { node_id: self, peers } = await viewOf(port);
      expect(self).toBe(ids[position]);
      const others = ports.flatMap((other, at) => {
        if (other === port) return [];
        return [{ id: ids[at], name: NAMES[at], address: '127.0.0.1', port: other, state: 'alive' }];
      });
      expect([...peers].sort((a, b) => a.port - b.port)).toMatchObject(others);
      expect(peers).toHaveLength(2);
    }
  });

  it('answer /health, /health/live and /health/ready with 200', async () => {
    for (const port of ports) {
      expect(JSON.parse((await call(port, '/health')).body.toString())).toMatchObject({
        status: 'ok',
        active_peers: 2,
      });
      expect((await call(port, '/health/live')).status).toBe(200);
      expect(await isReady(port)).toBe(true);
    }
  });

  it('let the launcher say once that the network has formed, with the ports', async () => {
    const formed = (): unknown[] => launcher.lines.filter((line) => 'ports' in line && line.nodes !== 3);
    await until(() => formed().length > 0, 'the launcher tells it');
    expect(launcher.events('network-formed').filter((line) => line.node === undefined)).toHaveLength(1);
    expect(formed()).toMatchObject([{ event: 'network-formed', ports }]);
  });

  it('log one line per transition: port claimed, each peer joined, synced, network formed', async () => {
    await until(() => launcher.events('network-formed').length >= 4, 'nodes and launcher tell it');
    for (const [position, node] of NAMES.entries()) {
      expect(launcher.events('port-claimed', { node })).toMatchObject([
        { port: ports[position], skipped: [] },
      ]);
      const joined = launcher.events('peer-joined', { node }).map((line) => line.peer_id);
      expect(joined.sort()).toEqual(ids.filter((id) => id !== ids[position]).sort());
      expect(launcher.events('synced', { node })).toMatchObject([{ keys: 0 }]);
      expect(launcher.events('network-formed', { node })).toMatchObject([{ members: 3 }]);
    }
  });

  it('write nothing but lines of the log, and nothing to standard error', () => {
    expect(launcher.otherOutput).toEqual([]);
    expect(launcher.errors).toBe('');
  });

  it("run the plan's own commands on localhost", () => {
    const curl = (...args: string[]): string => {
      const { status, stdout, stderr } = spawnSync('curl', ['-s', '-S', ...args], { encoding: 'utf8' });
      return status === 0 ? stdout : `curl ended with ${status ?? 'nothing'}: ${stderr}`;
    };
    for (const port of ports) expect(curl(`http://localhost:${port}/health`)).toContain('"status":"ok"');
    expect((JSON.parse(curl(`http://localhost:${ports[0]}/peers`)) as { peers: [] }).peers).toHaveLength(2);
    expect(curl('-X', 'PUT', '-d', 'test', `localhost:${ports[0]}/data/test?ttl=600`)).toBe('OK');
    for (const port of ports) expect(curl(`localhost:${port}/data/test`)).toBe('test');
  });

  it('make 1,000 of 1,000 values readable on each other port as soon as they are acknowledged', async () => {
    const agent = new Agent({ keepAlive: true });
    const misses: string[] = [];
    for (let number = 0; number < 1000; number += 1) {
      const { status } = await put(ports[0], `n/${number}`, `value ${number}`, { agent });
      if (status !== 201) misses.push(`PUT ${number}: ${status}`);
      const answers = await Promise.all(ports.slice(1).map((port) => get(port, `n/${number}`, { agent })));
      for (const answer of answers) {
        if (answer.body.toString() !== `value ${number}`) misses.push(`GET ${number}: ${answer.status}`);
      }
    }
    agent.destroy();
    expect(misses).toEqual([]);
  });
});
