// Where others say that a member is which this node has never met. Whoever told first may have been
// a visitor. So while words differ the member may be at any of these places, and the quorum reckons
// with all of them (docs/adr/0078-domains-are-between-two.md). What it says itself ends that.
// Others may also tell of somebody else in its place.
import type { NodeId, NodeIdentity } from '../base/identity';
import { LIMITS } from '../base/limits';
import type { ViewEntry } from '../wire/messages';
import type { Worth } from './hearsay';

export interface Word {
  readonly by: NodeId;
  readonly entry: ViewEntry;
  readonly worth: Worth;
}

export class ToldPlaces {
  private readonly words = new Map<NodeId, Word>();

  told(by: NodeId, entry: ViewEntry): void {
    const known = this.words.get(by);
    if (known === undefined && this.words.size >= LIMITS.toldPlaces && !this.dropsOne()) return;
    this.words.set(by, { by, entry, worth: known?.worth ?? 'pending' });
  }

  /** Something that was told may be worth more or less by now. */
  get isOpen(): boolean {
    for (const { worth } of this.words.values()) if (worth !== 'firm') return true;
    return false;
  }

  /** Looks anew at what the tellers' words are worth; true when that changed. */
  weigh(worthOf: (teller: NodeId) => Worth): boolean {
    let hasChanged = false;
    for (const [teller, { entry, worth }] of this.words) {
      const now = worth === 'firm' ? worth : worthOf(teller);
      if (now === worth) continue;
      hasChanged = true;
      if (now === 'void') this.words.delete(teller);
      else this.words.set(teller, { by: teller, entry, worth: now });
    }
    return hasChanged;
  }

  /** By words that count now. */
  get believed(): NodeIdentity[] {
    return [...this.words.values()].flatMap(({ entry, worth }) =>
      worth === 'pending' ? [] : [entry.identity],
    );
  }

  /** What is told in place of this, once nobody is left who says it; else null. */
  instead(identity: NodeIdentity): Word | null {
    const words = [...this.words.values()];
    if (words.some(({ entry }) => isSame(entry.identity, identity))) return null;
    const ofWorth = (wanted: Worth): Word | undefined => words.find(({ worth }) => worth === wanted);
    return ofWorth('firm') ?? ofWorth('tentative') ?? null;
  }

  private dropsOne(): boolean {
    for (const [teller, { worth }] of this.words) if (worth !== 'firm') return this.words.delete(teller);
    return false;
  }
}

function isSame(one: NodeIdentity, { id, hostId, listenPort, addresses }: NodeIdentity): boolean {
  if (one.id !== id || one.hostId !== hostId || one.listenPort !== listenPort) return false;
  return (
    one.addresses.length === addresses.length && one.addresses.every((each, at) => each === addresses[at])
  );
}
