// Three hosts on one machine, network namespaces around a hub, with three nodes under a launcher on
// each.
import { join } from 'node:path';
import { portsFrom, untilMesh, type Place } from '../../support/http/calls';
import { Cluster } from '../../support/processes/cluster';
import { HubHosts } from '../../support/hosts/hub-hosts';
import { CannotMeasureError } from '../program';
import { cableTraffic, type Traffic } from './cables';

export const HOSTS = ['a', 'b', 'c'];
export const NODES_PER_HOST = 3;

const BASE = 10_000;
const FORM_LIMIT_MS = 60_000;
const DIRECT_WRITES = join(__dirname, 'direct-writes.cjs');

export interface HostClusterOptions {
  /** Folder with launcher.js. */
  readonly dist: string;
  /** Whether a write is relayed on the other hosts, as it always is outside of this bench. */
  readonly relays: boolean;
}

export class HostCluster {
  private readonly hosts = new HubHosts(HOSTS);
  private readonly processes = new Cluster();
  private readonly ports = portsFrom(BASE, NODES_PER_HOST);
  private readonly endWithBench = (): void => void this.stop();

  private constructor() {
    process.on('exit', this.endWithBench);
  }

  /**
   * Resolves when the nine nodes know each other and are ready. Throws CannotMeasureError where
   * there can be no namespaces.
   */
  static async start(options: HostClusterOptions): Promise<HostCluster> {
    const problem = HubHosts.problem();
    if (problem !== null)
      throw new CannotMeasureError(`this bench needs network namespaces and may make none here (${problem})`);
    const cluster = new HostCluster();
    await cluster.hosts.connect(cluster.processes, cluster.ports);
    for (const host of HOSTS) cluster.launch(host, options);
    await untilMesh(cluster.everywhere(), FORM_LIMIT_MS);
    return cluster;
  }

  everywhere(): Place[] {
    return HOSTS.flatMap((host) => this.ports.map((port) => this.hosts.place(host, port)));
  }

  /** What the hosts have sent each other so far. */
  traffic(): Traffic {
    return cableTraffic(HubHosts.withinHub());
  }

  async stop(): Promise<void> {
    process.off('exit', this.endWithBench);
    const ended = this.processes.cleanUp();
    this.hosts.remove();
    await ended;
  }

  private launch(host: string, { dist, relays }: HostClusterOptions): void {
    const command = [...HubHosts.within(host), process.execPath, join(dist, 'launcher.js')];
    this.processes.run(command, {
      PATH: process.env.PATH ?? '',
      BASE_PORT: String(BASE),
      MAX_PORTS: String(NODES_PER_HOST),
      NODE_COUNT: String(NODES_PER_HOST),
      REPRAM_NODE_ID: host,
      REPRAM_ADDRESS: HubHosts.addressOf(host),
      REPRAM_EXPECTED_HOSTS: String(HOSTS.length),
      REPRAM_RATE_LIMIT: '0',
      ...(host === HOSTS[0] ? {} : { REPRAM_PEERS: `${HubHosts.addressOf(HOSTS[0])}:${BASE}` }),
      ...(relays ? {} : { NODE_OPTIONS: `--require ${DIRECT_WRITES}` }),
    });
  }
}
