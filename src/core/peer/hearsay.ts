// What others tell of a member. The word of one that stayed is believed for good; that of a
// newcomer only for as long as it is here, so that whatever a visitor makes up goes when the
// visitor goes.
import type { NodeId } from '../base/identity';

/**
 * What the word of a teller is worth: `firm` when it stayed, `tentative` while it is here and off
 * probation, `pending` while it is on probation, `void` when it was gone before it stayed.
 */
export type Worth = 'firm' | 'tentative' | 'pending' | 'void';

export class Hearsay {
  /** Whose word may yet become firm or void, and whether by that word the member stayed. */
  private readonly open = new Map<NodeId, boolean>();
  /** One that stayed told of it. */
  isFirm = false;
  /** One that stayed told that it stayed. */
  isFirmlyStayed = false;
  /** Somebody told of it at all. */
  wasTold = false;
  private tentative = false;
  private tentativelyStayed = false;

  /** Somebody's word counts now. */
  get isBelieved(): boolean {
    return this.isFirm || this.tentative;
  }

  /** By a word that counts now it stayed. */
  get hasStayed(): boolean {
    return this.isFirmlyStayed || this.tentativelyStayed;
  }

  /** Something that was told may be worth more or less by now. */
  get isOpen(): boolean {
    return this.open.size > 0;
  }

  told(by: NodeId, hasStayed: boolean): void {
    this.wasTold = true;
    if (this.isFirmlyStayed || (this.isFirm && !hasStayed)) return;
    this.open.set(by, hasStayed || this.open.get(by) === true);
  }

  /** Looks anew at what the tellers' words are worth. */
  weigh(worthOf: (teller: NodeId) => Worth): void {
    this.tentative = false;
    this.tentativelyStayed = false;
    for (const [teller, hasStayed] of this.open) {
      const worth = worthOf(teller);
      if (worth === 'void' || worth === 'firm') this.open.delete(teller);
      if (worth === 'firm') this.isFirm = true;
      if (worth === 'firm' && hasStayed) this.isFirmlyStayed = true;
      if (worth === 'tentative') this.tentative = true;
      if (worth === 'tentative' && hasStayed) this.tentativelyStayed = true;
    }
    if (this.isFirmlyStayed) this.open.clear();
  }
}
