// Where others say that a member is which this node has never met. Whoever told first may have been
// a visitor. So while words differ the member may be at any of these places, and the quorum reckons
// with all of them (docs/adr/0078-domains-are-between-two.md). What it says itself ends that.
import type { NodeId, NodeIdentity } from '../base/identity';
import { LIMITS } from '../base/limits';
import type { Worth } from './hearsay';

interface Word {
  readonly identity: NodeIdentity;
  readonly worth: Worth;
}

export class ToldPlaces {
  private readonly words = new Map<NodeId, Word>();

  told(by: NodeId, identity: NodeIdentity): void {
    const known = this.words.get(by);
    if (known === undefined && this.words.size >= LIMITS.toldPlaces && !this.dropsOne()) return;
    this.words.set(by, { identity, worth: known?.worth ?? 'pending' });
  }

  /** Something that was told may be worth more or less by now. */
  get isOpen(): boolean {
    for (const { worth } of this.words.values()) if (worth !== 'firm') return true;
    return false;
  }

  /** Looks anew at what the tellers' words are worth; true when that changed. */
  weigh(worthOf: (teller: NodeId) => Worth): boolean {
    let hasChanged = false;
    for (const [teller, { identity, worth }] of this.words) {
      const now = worth === 'firm' ? worth : worthOf(teller);
      if (now === worth) continue;
      hasChanged = true;
      if (now === 'void') this.words.delete(teller);
      else this.words.set(teller, { identity, worth: now });
    }
    return hasChanged;
  }

  /** By words that count now. */
  get believed(): NodeIdentity[] {
    return [...this.words.values()].flatMap(({ identity, worth }) => (worth === 'pending' ? [] : [identity]));
  }

  /** This one, unless nobody is left who says so. */
  settled(identity: NodeIdentity): NodeIdentity {
    const words = [...this.words.values()];
    if (words.some((word) => isSamePlace(word.identity, identity))) return identity;
    const firm = words.find(({ worth }) => worth === 'firm')?.identity;
    return firm ?? this.believed.at(0) ?? identity;
  }

  private dropsOne(): boolean {
    for (const [teller, { worth }] of this.words) if (worth !== 'firm') return this.words.delete(teller);
    return false;
  }
}

function isSamePlace(one: NodeIdentity, other: NodeIdentity): boolean {
  const { hostId, listenPort, addresses } = other;
  if (one.hostId !== hostId || one.listenPort !== listenPort) return false;
  return (
    one.addresses.length === addresses.length && one.addresses.every((each, at) => each === addresses[at])
  );
}
