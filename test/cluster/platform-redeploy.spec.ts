// Three hosts of the platform behind mapped ports, with a secret from a file, while the platform deploys them anew.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isReady, untilMesh } from '../support/calls';
import type { Environment } from '../support/cluster';
import { Load } from '../support/load';
import { keysAt, PlatformCluster, PORTS } from '../support/platform-cluster';
import { HOSTS, PlatformHosts } from '../support/platform-hosts';
import { until } from '../support/until';

const problem = PlatformHosts.problem();
if (problem !== null) process.stdout.write(`Skipped: no network namespaces here (${problem})\n`);
const possible = problem === null ? it : it.skip;

const hostPort = (port: number): number => port + 30_000;

const ADVERTISED: Environment = {
  REPRAM_ADVERTISE_PORTS: PORTS.map((port) => `${port}:${hostPort(port)}`).join(','),
};

describe('nodes that other hosts reach at other ports', () => {
  const directory = mkdtempSync(join(tmpdir(), 'repram-'));
  let nodes: PlatformCluster;
  let env: Environment;

  beforeEach(async () => {
    nodes = await PlatformCluster.prepare();
    const pairs = PORTS.map((port): [number, number] => [hostPort(port), port]);
    for (const host of HOSTS) await nodes.hosts.mapPorts(nodes.cluster, host, pairs);
    const file = join(directory, 'secret');
    writeFileSync(file, 'correct horse battery staple\n');
    env = { REPRAM_BIND_ADDRESS: '127.0.0.1', REPRAM_CLUSTER_SECRET_FILE: file };
  });

  afterEach(() => nodes.remove());
  afterAll(() => rmSync(directory, { recursive: true }));

  possible('learn them from the specification of the application', async () => {
    const { platform } = nodes.hosts;
    platform.components = [{ name: 'a', ports: PORTS.map(hostPort), containerPorts: PORTS }];
    await nodes.form(env);
    for (const host of HOSTS) await nodes.expectReplication(nodes.places(host)[2], `from ${host}`);
    expect(JSON.stringify(nodes.launcher('a').lines)).not.toContain('battery');
  });

  possible('are not ready before they hold what the others hold, though the platform is slow', async () => {
    await nodes.form({ ...env, ...ADVERTISED });
    const keys = Array.from({ length: 20 }, (_, i) => `key ${i}`);
    for (const key of keys) await nodes.expectReplication(nodes.places('b')[0], key);
    await nodes.stop('a');
    nodes.hosts.platform.delayMs = 2000;
    nodes.launch('a', { ...env, ...ADVERTISED });
    for (const place of nodes.places('a')) {
      await until(() => isReady(place), 'the node is ready', 60_000);
      expect((await keysAt(place)).sort()).toEqual([...keys].sort());
    }
  });

  possible('are deployed anew host by host under load, then two at once, and lose nothing', async () => {
    env = { ...env, ...ADVERTISED };
    await nodes.form(env);
    const load = new Load(nodes.everywhere());
    load.start();
    await until(() => load.acknowledged.length > 100, 'the load is under way', 60_000);
    for (const host of HOSTS) {
      await nodes.stop(host);
      nodes.launch(host, env);
      await untilMesh(nodes.everywhere(), 120_000);
    }
    await load.stop();
    expect(load.acknowledged.length).toBeGreaterThan(200);
    await nodes.expectKeys(load.acknowledged, nodes.everywhere());
    await Promise.all([nodes.stop('a'), nodes.stop('b')]);
    await nodes.expectKeys(load.acknowledged, nodes.places('c'));
    for (const host of ['a', 'b'] as const) nodes.launch(host, env);
    await untilMesh(nodes.everywhere(), 120_000);
    await nodes.expectKeys(load.acknowledged, nodes.everywhere());
  });
});
