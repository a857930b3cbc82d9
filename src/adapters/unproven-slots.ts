// How many callers may be unproven at a time. Strangers share few slots, and one address (an IPv6
// network of 64 bits) has only some of them. A stranger that finds them all taken takes one from
// the address that holds most. The own host and addresses where peers are, or were, have slots of
// their own. So no crowd of strangers keeps a node from its peers.
import { isIPv6 } from 'node:net';

export const UNPROVEN_LIMITS = { total: 64, perAddress: 8, addressesKnown: 256 } as const;

export interface SlotLimits {
  /** Of all strangers together. */
  readonly total: number;
  /** Of one address. */
  readonly perAddress: number;
}

export interface Slot {
  /** Gives it back; further calls do nothing. */
  release(): void;
}

interface Holder {
  readonly place: string;
  readonly evict: () => void;
}

export class UnprovenSlots {
  private readonly strangers = new Set<Holder>();
  private readonly near = new Map<string, number>();
  /** Places that proved themselves, the latest last. */
  private readonly known = new Set<string>();

  constructor(private readonly limits: SlotLimits = UNPROVEN_LIMITS) {}

  get taken(): number {
    let near = 0;
    for (const count of this.near.values()) near += count;
    return near + this.strangers.size;
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
    if (isOwnHost) return this.takeNear('', this.limits.total);
    if (this.known.has(place)) return this.takeNear(place, this.limits.perAddress);
    const own = this.heldBy(place);
    if (own.length >= this.limits.perAddress) return null;
    if (this.strangers.size >= this.limits.total && !this.makeRoom(own.length)) return null;
    const holder = { place, evict };
    this.strangers.add(holder);
    return { release: () => void this.strangers.delete(holder) };
  }

  private takeNear(place: string, max: number): Slot | null {
    const taken = this.near.get(place) ?? 0;
    if (taken >= max) return null;
    this.near.set(place, taken + 1);
    let isHeld = true;
    return {
      release: () => {
        if (!isHeld) return;
        isHeld = false;
        const left = (this.near.get(place) ?? 1) - 1;
        if (left > 0) this.near.set(place, left);
        else this.near.delete(place);
      },
    };
  }

  /** Takes the oldest of the place that holds most, if that is more than `own` and one. */
  private makeRoom(own: number): boolean {
    const counts = new Map<string, number>();
    for (const { place } of this.strangers) counts.set(place, (counts.get(place) ?? 0) + 1);
    const most = Math.max(...counts.values());
    if (most <= own + 1) return false;
    for (const holder of this.strangers) {
      if (counts.get(holder.place) !== most) continue;
      this.strangers.delete(holder);
      holder.evict();
      return true;
    }
    return false;
  }

  private heldBy(place: string): Holder[] {
    return [...this.strangers].filter((holder) => holder.place === place);
  }
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
