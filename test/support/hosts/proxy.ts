// Ports that lead to other places (tcp-proxy.cjs), from within a host.
import { join } from 'node:path';
import type { Cluster } from '../processes/cluster';
import { until } from '../basics/until';

const TCP_PROXY = join(__dirname, 'tcp-proxy.cjs');

/** Resolves when every one of the `pairs` is listened for. */
export async function startProxy(
  cluster: Cluster,
  within: readonly string[],
  pairs: readonly string[],
): Promise<void> {
  const proxy = cluster.run([...within, process.execPath, TCP_PROXY, ...pairs]);
  const lines = (): number => proxy.otherOutput.filter((line) => line.startsWith('listening ')).length;
  await until(() => lines() === pairs.length, `the proxy listens: ${proxy.errors}`);
}
