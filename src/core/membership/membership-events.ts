// What the membership table wants its owner to do about a change. Called within the call that made
// it.
import type { Notification } from '../base/effects';
import type { ViewEntry } from '../wire/messages';
import type { NodeIdentity } from '../base/identity';
import type { Member } from '../peer/member';

export interface MembershipEvents {
  notify(notification: Notification): void;
  /** A member stopped being part of the cluster: its link and what waits for it can go. */
  gone(member: Member, reason: 'dead' | 'left' | 'replaced'): void;
  /** Someone this node has no link to is said to be alive at this address. */
  heardOf(identity: NodeIdentity, address: string): void;
  /** A member that has a link was a suspect and is none any more. */
  refuted(member: Member): void;
  /** A claim against a member that this node hears from right now: it must be told to refute. */
  accused(member: Member, entry: ViewEntry): void;
  /** The others think ill of this node. */
  selfAccused(): void;
}
