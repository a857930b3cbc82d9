// What the gossip module may see of the running node: where peers come in, and the node's life.
// NodeRuntime implements it.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { RefuseUpgrade } from '../adapters/upgrade-refusal';

export { isPeerUpgrade } from '../adapters/peer-socket';
export type { UpgradeRefusal } from '../adapters/upgrade-refusal';

/** Where the connections of peers come in. */
export interface PeerEntrance {
  /** How a caller is told no; the bare status until somebody sets it. */
  refuse: RefuseUpgrade;
  /** For the `upgrade` event of the HTTP server, when `isPeerUpgrade` holds. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

export interface GossipPort {
  readonly links: PeerEntrance;
  /** Puts and fetches whose clients still wait. */
  readonly unsettled: number;
  /** The port is ours: from here on the node takes part. */
  start(listenPort: number): void;
  /** Shown as draining from now on. Requests already accepted are still served. */
  beginDrain(): void;
  /** Says goodbye to all peers, lets it reach them, and stops. */
  stop(): Promise<void>;
}
