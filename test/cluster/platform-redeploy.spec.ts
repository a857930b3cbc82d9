// Three hosts of the platform behind mapped ports, with a secret from a file, while the platform
// deploys them anew.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isReady, untilMesh } from '../support/http/calls';
import type { Environment } from '../support/processes/cluster';
import { hostCases } from '../support/hosts/host-kinds';
import { Load } from '../support/processes/load';
import { NamespacePlatform } from '../support/platform/namespace-platform';
import { keysAt, PlatformCluster } from '../support/platform/platform-cluster';
import { HOSTS } from '../support/platform/platform-hosts';
import { until } from '../support/basics/until';

const CASES = hostCases(NamespacePlatform.problem());

describe.each(CASES)('nodes that other hosts reach at other ports ($kind)', ({ kind, usual }) => {
  const directory = mkdtempSync(join(tmpdir(), 'repram-'));
  let nodes: PlatformCluster;
  let env: Environment;
  let advertised: Environment;

  async function prepare(): Promise<void> {
    nodes = await PlatformCluster.prepare(kind);
    const { hosts } = nodes;
    await hosts.mapPorts(nodes.cluster);
    const file = join(directory, 'secret');
    writeFileSync(file, 'correct horse battery staple\n');
    env = { REPRAM_CLUSTER_SECRET_FILE: file };
    const pairs = hosts.ports.map((port) => `${port}:${hosts.hostPort(port)}`);
    advertised = { ...env, REPRAM_ADVERTISE_PORTS: pairs.join(',') };
  }

  afterAll(() => rmSync(directory, { recursive: true }));

  describe('and are not told', () => {
    beforeAll(prepare);
    afterAll(() => nodes.remove());

    usual('learn them from the specification of the application', async () => {
      const { platform, ports } = nodes.hosts;
      const hostPorts = ports.map((port) => nodes.hosts.hostPort(port));
      platform.components = [{ name: 'a', ports: hostPorts, containerPorts: ports }];
      await nodes.form(env);
      for (const host of HOSTS) await nodes.expectReplication(nodes.places(host)[2], `from ${host}`);
      expect(JSON.stringify(nodes.launcher('a').lines)).not.toContain('battery');
    });
  });

  describe('and are told', () => {
    beforeAll(async () => {
      await prepare();
      await nodes.form(advertised);
    });

    afterAll(() => nodes.remove());

    usual('are not ready before they hold what the others hold, though the platform is slow', async () => {
      const keys = Array.from({ length: 20 }, (_, i) => `key ${i}`);
      for (const key of keys) await nodes.expectReplication(nodes.places('b')[0], key);
      await nodes.stop('a');
      nodes.hosts.platform.delayMs = 2000;
      nodes.launch('a', advertised);
      for (const place of nodes.places('a')) {
        await until(() => isReady(place), 'the node is ready', 60_000);
        expect((await keysAt(place)).sort()).toEqual([...keys].sort());
      }
    });

    usual('are deployed anew host by host under load, then two at once, and lose nothing', async () => {
      nodes.hosts.platform.delayMs = 0;
      await untilMesh(nodes.everywhere(), 120_000);
      const load = new Load(nodes.everywhere());
      load.start();
      await until(() => load.acknowledged.length > 100, 'the load is under way', 60_000);
      for (const host of HOSTS) {
        await nodes.stop(host);
        nodes.launch(host, advertised);
        await untilMesh(nodes.everywhere(), 120_000);
      }
      await load.stop();
      expect(load.acknowledged.length).toBeGreaterThan(200);
      await nodes.expectKeys(load.acknowledged, nodes.everywhere());
      await Promise.all([nodes.stop('a'), nodes.stop('b')]);
      await nodes.expectKeys(load.acknowledged, nodes.places('c'));
      for (const host of ['a', 'b'] as const) nodes.launch(host, advertised);
      await untilMesh(nodes.everywhere(), 120_000);
      await nodes.expectKeys(load.acknowledged, nodes.everywhere());
    });
  });
});
