// Three hosts of the platform on one machine, with an address each, and the platform's API. No host
// knows another; what they know they are told by the mock of the platform.
import type { Place } from '../http/calls';
import type { Cluster, Environment } from '../processes/cluster';
import type { MockPlatform } from './mock-platform';

export type HostName = 'a' | 'b' | 'c';
export const HOSTS: readonly HostName[] = ['a', 'b', 'c'];

export interface PlatformHosts {
  readonly platform: MockPlatform;
  /** Of the three nodes on each host; its address has them from the start. */
  readonly ports: readonly number[];
  /** Where anything may run that is no host of the application. */
  readonly hubAddress: string;
  /** The hosts are there, and the platform lists them. */
  connect(cluster: Cluster): Promise<void>;
  addressOf(host: HostName): string;
  /** An address that a host may have, by its last number. */
  address(last: number): string;
  /** What starts a program there. */
  within(host: HostName | 'hub'): string[];
  /** What a container of the platform is told, and where it asks. */
  environment(host: HostName): Environment;
  /** Where this process reaches a port of the host's loopback. */
  place(host: HostName, port: number): Place;
  /**
   * Gives the host this address instead of the one it had; what runs there is told when it asks.
   */
  move(host: HostName, address: string): void;
  /** The port of the host that leads to this one of a container, once ports are mapped. */
  hostPort(port: number): number;
  /**
   * From now on other hosts reach the containers at ports of their hosts, as the platform does it.
   */
  mapPorts(cluster: Cluster): Promise<void>;
  /** Pulls the cable, or plugs it in again; hosts on loopback have none. */
  cable(host: HostName, state: 'up' | 'down'): void;
  /** To be called when no process runs on the hosts any more. */
  remove(): Promise<void>;
}
