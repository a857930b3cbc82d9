// Hosts on one machine around a hub: each is a network namespace with one cable to the hub, which
// forwards between them. So any direction between any two hosts can be cut in silence, as a broken
// route does it, while all cables stay up; or the hub forwards nothing, and a proxy on it is the
// only way across.
import type { Place } from '../http/calls';
import type { Cluster } from '../processes/cluster';
import { HostPorts } from './host-ports';
import { complaint, mustRun, namespaceOf, removeNamespaces, within } from './namespaces';

const HUB = 'hub';
const FORWARDING = '/proc/sys/net/ipv4/ip_forward';
/** A rule of the hub that drops without a word (ip-rule(8)). */
const cutRule = (from: string, to: string): string[] => [
  ...['from', HubHosts.addressOf(from), 'to', HubHosts.addressOf(to), 'blackhole'],
];

export class HubHosts {
  readonly ports = new HostPorts();
  private readonly cuts = new Map<string, string[]>();

  /** `names` are single letters. */
  constructor(readonly names: readonly string[]) {}

  /** Why there can be no such hosts here, null when there can. */
  static problem(): string | null {
    const hub = namespaceOf(HUB);
    const problem =
      complaint('netns', 'add', hub) ??
      complaint('-n', hub, 'link', 'add', 'to-x', 'type', 'veth', 'peer', 'name', 'from-x') ??
      complaint(...inHub('sh', '-c', `echo 1 > ${FORWARDING}`)) ??
      complaint('-n', hub, 'rule', 'add', ...cutRule('a', 'b'));
    removeNamespaces();
    return problem;
  }

  static addressOf(host: string): string {
    return `10.77.${numberOf(host)}.1`;
  }

  /** The hub's address on the cable to this host. */
  static hubAddress(host: string): string {
    return `10.77.${numberOf(host)}.254`;
  }

  /** An address of the hub's own that every host reaches: where a proxy can stand in for a host. */
  static standInAddress(host: string): string {
    return `10.77.100.${numberOf(host)}`;
  }

  static within(host: string): string[] {
    return within(host);
  }

  /** What starts a program on the hub. */
  static withinHub(): string[] {
    return within(HUB);
  }

  async connect(cluster: Cluster, ports: readonly number[], forwards = true): Promise<void> {
    removeNamespaces();
    for (const host of [HUB, ...this.names]) {
      mustRun('netns', 'add', namespaceOf(host));
      mustRun('-n', namespaceOf(host), 'link', 'set', 'lo', 'up');
    }
    mustRun(...inHub('sh', '-c', `echo ${forwards ? 1 : 0} > ${FORWARDING}`));
    for (const host of this.names) this.plugIn(host);
    for (const host of this.names) await this.ports.open(cluster, host, ports);
  }

  /** Nothing that `from` sends reaches `to` any more; the other direction is another cut. */
  cut(from: string, to: string): void {
    const rule = cutRule(from, to);
    mustRun('-n', namespaceOf(HUB), 'rule', 'add', ...rule);
    this.cuts.set(from + to, rule);
  }

  heal(): void {
    for (const rule of this.cuts.values()) mustRun('-n', namespaceOf(HUB), 'rule', 'delete', ...rule);
    this.cuts.clear();
  }

  place(host: string, port: number): Place {
    return this.ports.place(host, port);
  }

  /** To be called when no process runs in the namespaces any more. */
  remove(): void {
    removeNamespaces();
    this.ports.remove();
    this.cuts.clear();
  }

  private plugIn(host: string): void {
    const [hub, own, end] = [namespaceOf(HUB), namespaceOf(host), `to-${host}`];
    mustRun('-n', hub, 'link', 'add', end, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', own);
    mustRun('-n', hub, 'address', 'add', `${HubHosts.hubAddress(host)}/24`, 'dev', end);
    mustRun('-n', hub, 'address', 'add', `${HubHosts.standInAddress(host)}/32`, 'dev', 'lo');
    mustRun('-n', hub, 'link', 'set', end, 'up');
    mustRun('-n', own, 'address', 'add', `${HubHosts.addressOf(host)}/24`, 'dev', 'eth0');
    mustRun('-n', own, 'link', 'set', 'eth0', 'up');
    mustRun('-n', own, 'route', 'add', 'default', 'via', HubHosts.hubAddress(host));
  }
}

function inHub(...command: string[]): string[] {
  return ['netns', 'exec', namespaceOf(HUB), ...command];
}

function numberOf(host: string): number {
  return host.charCodeAt(0) - 'a'.charCodeAt(0) + 1;
}
