// How a test reaches ports on other hosts: Unix sockets cross network namespaces.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Place } from '../http/calls';
import type { Cluster } from '../processes/cluster';
import { within } from './namespaces';
import { until } from '../basics/until';

const PROXY = join(__dirname, 'port-proxy.cjs');

export class HostPorts {
  private directory = '';

  /** The ports can be reached from now on, whether or not anybody listens there yet. */
  async open(cluster: Cluster, host: string, ports: readonly number[]): Promise<void> {
    if (this.directory === '') this.directory = mkdtempSync(join(tmpdir(), 'repram-'));
    const files = ports.map((port) => String(this.place(host, port)));
    const prefix = join(this.directory, host);
    cluster.run([...within(host), process.execPath, PROXY, prefix, ...ports.map(String)]);
    await until(() => files.every((file) => existsSync(file)), `the ports of host ${host} can be reached`);
  }

  place(host: string, port: number): Place {
    return join(this.directory, `${host}${port}`);
  }

  /** A path for another socket of the test's own. */
  path(name: string): string {
    return join(this.directory, name);
  }

  remove(): void {
    if (this.directory !== '') rmSync(this.directory, { recursive: true });
    this.directory = '';
  }
}
