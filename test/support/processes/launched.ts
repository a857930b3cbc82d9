// A network of node processes under one launcher, and its members one by one.
import { portsFrom, untilMesh } from '../http/calls';
import type { Cluster, LauncherOptions } from './cluster';
import { portRange } from './ports';
import type { TestProcess } from './test-process';
import { until } from '../basics/until';

export class Launched {
  private constructor(
    readonly launcher: TestProcess,
    readonly base: number,
    readonly ports: readonly number[],
  ) {}

  static async start(cluster: Cluster, options: Omit<LauncherOptions, 'base'> = {}): Promise<Launched> {
    const count = options.nodes ?? 3;
    const base = await portRange(Math.max(10, count));
    const launched = new Launched(cluster.startLauncher({ ...options, base }), base, portsFrom(base, count));
    await untilMesh(launched.ports);
    return launched;
  }

  /** The process that claimed this port last. */
  pidAt(port: number): number {
    return Number(this.launcher.events('node-port-claimed', { port }).at(-1)?.pid);
  }

  signal(port: number, signal: NodeJS.Signals): void {
    process.kill(this.pidAt(port), signal);
  }

  /** Every node knows every other: whatever ended is back. */
  async untilWhole(): Promise<void> {
    await untilMesh(this.ports);
  }

  /** Ends the node and waits until its process is gone; the launcher starts another. */
  async end(port: number, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const pid = this.pidAt(port);
    process.kill(pid, signal);
    await until(() => !this.launcher.survivors().includes(pid), `${pid} is gone`);
  }
}
