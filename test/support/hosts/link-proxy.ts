// Gives orders to link-proxy.cjs.
import { existsSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import type { Cluster } from '../processes/cluster';
import { until } from '../basics/until';

const PROGRAM = join(__dirname, 'link-proxy.cjs');

export interface ProxiedHost {
  /** Where others connect to: an address of the proxy. */
  readonly seenAt: string;
  readonly isAt: string;
}

/** What happens to bytes of one direction from now on. */
export interface Way {
  readonly delayMs?: number;
  readonly stall?: boolean;
  /** Bytes vanish; a connection that lost some never passes any again in this direction. */
  readonly swallow?: boolean;
  /** Resets the connections there are. */
  readonly cut?: boolean;
}

export class LinkProxy {
  private constructor(private readonly control: string) {}

  static async start(
    cluster: Cluster,
    control: string,
    hosts: Readonly<Record<string, ProxiedHost>>,
    ports: readonly number[],
    within: readonly string[] = [],
  ): Promise<LinkProxy> {
    const program = [...within, process.execPath, PROGRAM];
    cluster.run([...program, control, JSON.stringify(hosts), ...ports.map(String)]);
    await until(() => existsSync(control), 'the proxy listens');
    return new LinkProxy(control);
  }

  /** Both directions. */
  async between(one: string, other: string, way: Way): Promise<void> {
    await this.order(one, other, way);
    await this.order(other, one, way);
  }

  order(from: string, to: string, way: Way): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = createConnection(this.control);
      socket.once('error', reject);
      socket.once('data', () => {
        socket.destroy();
        resolve();
      });
      socket.write(`${JSON.stringify({ from, to, ...way })}\n`);
    });
  }
}
