// Two hosts on one machine that know nothing of each other.
import type { Place } from '../http/calls';
import type { Cluster } from '../processes/cluster';
import type { HostKind } from './host-kinds';
import { LoopbackPair } from './loopback-pair';
import { NamespacePair } from './namespace-pair';

export type HostName = 'a' | 'b';

export interface TwoHosts {
  /** Of the nodes on each host. */
  readonly ports: readonly number[];
  connect(cluster: Cluster): Promise<void>;
  /** The address at which the other host sees this one. */
  addressOf(host: HostName): string;
  /** The address at which its own nodes see each other. */
  loopbackOf(host: HostName): string;
  /** What its nodes are to be bound to. */
  bindAddressOf(host: HostName): string;
  /** What starts a program on this host. */
  within(host: HostName): string[];
  /** Where this process reaches a port of a host. */
  place(host: HostName, port: number): Place;
  /** Pulls the cable, or plugs it in again; hosts on loopback have none. */
  cable(state: 'up' | 'down'): void;
  /** To be called when no process runs on the hosts any more. */
  remove(): void;
}

export function twoHosts(kind: HostKind): TwoHosts {
  return kind === 'namespaces' ? new NamespacePair() : new LoopbackPair();
}
