// The life of this node among its peers: it begins when a port is claimed, and ends with a goodbye.
import { Inject, Injectable } from '@nestjs/common';
import type { GossipPort } from '../../runtime/gossip-port';
import { GOSSIP_PORT } from '../../runtime/tokens';
import { PeerUpgrades } from './peer-upgrades';

@Injectable()
export class GossipService {
  constructor(
    @Inject(GOSSIP_PORT) private readonly gossip: GossipPort,
    private readonly upgrades: PeerUpgrades,
  ) {}

  /** Takes part from here on, as the node at this port. */
  start(listenPort: number): void {
    this.gossip.start(listenPort);
  }

  /** Shown as draining from now on. Requests already accepted are still served. */
  beginDrain(): void {
    this.gossip.beginDrain();
  }

  /** Whether no client waits for an answer, when the server has so many connections. */
  hasServedAll(connections: number): boolean {
    return connections <= this.upgrades.taken && this.gossip.unsettled === 0;
  }

  /** Says goodbye to all peers, lets it reach them, and stops. */
  stop(): Promise<void> {
    return this.gossip.stop();
  }
}
