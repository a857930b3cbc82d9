// A machine that cannot reach itself: the network of a container that is not up, or never comes up.
import { spawnSync } from 'node:child_process';
import { possibleWith } from '../support/basics/possible';
import { until } from '../support/basics/until';
import { Cluster } from '../support/processes/cluster';

const cluster = new Cluster();
afterEach(() => cluster.cleanUp());

function problem(): string | null {
  const { status, error, stderr } = spawnSync('unshare', ['--net', 'ip', 'link', 'set', 'lo', 'up'], {
    encoding: 'utf8',
  });
  return status === 0 ? null : (error?.message ?? stderr);
}

const possible = possibleWith('unshare(1) with the rights of root', problem());
/** Nobody else has a port there. */
const BASE = 20_000;
const ENV = { REPRAM_BIND_ADDRESS: '' };

possible('names the network where loopback is down, and no programs', async () => {
  const launcher = cluster.startLauncher({ base: BASE, nodes: 2, env: ENV, within: ['unshare', '--net'] });
  await until(() => launcher.events('node-port-unclaimed').length >= 2, 'both nodes say why', 40_000);
  for (const { detail } of launcher.events('node-port-unclaimed'))
    expect(detail).toBe(
      'this machine cannot reach itself at 127.0.0.1 (ENETUNREACH): its loopback interface is down',
    );
});

possible('waits for a network that comes up a moment later', async () => {
  const launcher = cluster.startLauncher({
    base: BASE,
    nodes: 1,
    env: ENV,
    within: ['unshare', '--net', 'sh', '-c', '(sleep 2; ip link set lo up) & exec "$@"', 'sh'],
  });
  await until(() => launcher.events('port-claimed').length >= 1, 'it has its port', 30_000);
  expect(launcher.events('node-port-unclaimed')).toEqual([]);
});
