// How many callers may be unproven at a time. Strangers share few slots, and one address (an IPv6
// network of 64 bits) has only some of them. The own host and addresses where peers are, or were,
// have slots of their own. Where all slots are taken a newcomer gets that of the caller who has
// waited longest: a peer proves itself within a few round trips, a stranger never does. So no crowd
// of strangers keeps a node from its peers. What a caller says does not count, for words cost
// strangers nothing. Who proved the key of its channel gives way to nobody.
import { isIPv6 } from 'node:net';

export const UNPROVEN_LIMITS = { total: 64, perAddress: 8, addressesKnown: 256 } as const;

export interface SlotLimits {
  /** Of all strangers together, and once more of the own host. */
  readonly total: number;
  /** Of one address. */
  readonly perAddress: number;
}

export interface Slot {
  /** Gives way to nobody from now on. */
  keep(): void;
  /** Gives it back; further calls do nothing. */
  release(): void;
}

interface Holder {
  readonly place: string;
  readonly evict: () => void;
  isKept: boolean;
}

/** Rooms that are named by no address. */
const OWN_HOST = 'own host';
const STRANGERS = 'strangers';

export class UnprovenSlots {
  /** Who holds slots there, the oldest first. */
  private readonly rooms = new Map<string, Set<Holder>>();
  /** Places that proved themselves, the latest last. */
  private readonly known = new Set<string>();

  constructor(private readonly limits: SlotLimits = UNPROVEN_LIMITS) {}

  get taken(): number {
    let taken = 0;
    for (const { size } of this.rooms.values()) taken += size;
    return taken;
  }

  /** A peer was at this address. */
  proved(address: string): void {
    const place = placeOf(address);
    this.known.delete(place);
    this.known.add(place);
    for (const oldest of this.known) {
      if (this.known.size <= UNPROVEN_LIMITS.addressesKnown) break;
      this.known.delete(oldest);
    }
  }

  /**
   * Null when there is no room. `evict` is called, once at most, when the slot goes to another
   * caller.
   */
  take(address: string, isOwnHost: boolean, evict: () => void): Slot | null {
    const place = placeOf(address);
    const name = isOwnHost ? OWN_HOST : this.known.has(place) ? place : STRANGERS;
    const room = this.rooms.get(name) ?? new Set();
    if (!this.hasRoom(name, room, place)) return null;
    const holder = { place, evict, isKept: false };
    this.rooms.set(name, room.add(holder));
    return {
      keep: () => void (holder.isKept = true),
      release: () => {
        if (room.delete(holder) && room.size === 0 && this.rooms.get(name) === room) this.rooms.delete(name);
      },
    };
  }

  /** There is a free slot, or somebody has given way. */
  private hasRoom(name: string, room: Set<Holder>, place: string): boolean {
    const { total, perAddress } = this.limits;
    if (name === OWN_HOST) return room.size < total || giveWay(room, room);
    if (name !== STRANGERS) return room.size < perAddress || giveWay(room, room);
    const own = [...room].filter((holder) => holder.place === place);
    if (own.length >= perAddress) return giveWay(room, own);
    return room.size < total || giveWay(room, ofTheFullest(room, own));
  }
}

/** The oldest of `holders` that may leaves the room; false when none may. */
function giveWay(room: Set<Holder>, holders: Iterable<Holder>): boolean {
  for (const holder of holders) {
    if (holder.isKept) continue;
    room.delete(holder);
    holder.evict();
    return true;
  }
  return false;
}

/** Those of the places that hold most; of the own place where that would hold as many after it. */
function ofTheFullest(room: Iterable<Holder>, own: readonly Holder[]): readonly Holder[] {
  const mayGo = [...room].filter(({ isKept }) => !isKept);
  const counts = new Map<string, number>();
  for (const { place } of mayGo) counts.set(place, (counts.get(place) ?? 0) + 1);
  const most = Math.max(...counts.values());
  if (own.some(({ isKept }) => !isKept) && own.length + 1 >= most) return own;
  return mayGo.filter(({ place }) => counts.get(place) === most);
}

/** A machine that has one address of an IPv6 network mostly has all of its 64 bits. */
export function placeOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [front, back] = address.split('::') as [string, string | undefined];
  const head = front === '' ? [] : front.split(':');
  const tail = back === undefined || back === '' ? [] : back.split(':');
  const gap =
    back === undefined ? [] : Array.from({ length: Math.max(0, 8 - head.length - tail.length) }, () => '0');
  const groups = [...head, ...gap, ...tail].slice(0, 4);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}
