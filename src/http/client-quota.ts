// How much of a node's store each client may occupy. The table is bounded. When it is full, clients
// that occupy nothing go first. Then, of those looked at, the one that occupies least goes.
import { type ChargedWrite, Occupancy, type OccupancyLimits, type Undo } from './occupancy';

const CLIENTS_MAX = 10_000;
/**
 * Clients looked at to find one that can go. It keeps a flood of addresses from slowing each write.
 */
const EVICTION_LOOKS = 32;

export class ClientQuota {
  private readonly clients = new Map<string, Occupancy>();

  constructor(private readonly clientsMax = CLIENTS_MAX) {}

  get size(): number {
    return this.clients.size;
  }

  /**
   * Seconds until this write fits; 0 = now, null = never. Nothing is charged.
   * @param now seconds, monotonic
   */
  waitSeconds(client: string, write: ChargedWrite, limits: OccupancyLimits, now: number): number | null {
    return (this.clients.get(client) ?? NOTHING).waitSeconds(write, limits, now);
  }

  used(client: string, now: number): OccupancyLimits {
    return (this.clients.get(client) ?? NOTHING).usedAt(now);
  }

  charge(client: string, write: ChargedWrite, now: number): Undo {
    return (this.clients.get(client) ?? this.open(client, now)).charge(write, now);
  }

  private open(client: string, now: number): Occupancy {
    if (this.clients.size >= this.clientsMax) this.evict(now);
    const occupancy = new Occupancy();
    this.clients.set(client, occupancy);
    return occupancy;
  }

  private evict(now: number): void {
    let [least, leastUsed, looked] = ['', Infinity, 0];
    for (const [client, occupancy] of this.clients) {
      const { byteSeconds } = occupancy.usedAt(now);
      if (byteSeconds < leastUsed) [least, leastUsed] = [client, byteSeconds];
      looked += 1;
      if (leastUsed === 0 || looked >= EVICTION_LOOKS) break;
    }
    this.clients.delete(least);
  }
}

/** Of a client that the table does not know. Never added to. */
const NOTHING = new Occupancy();
