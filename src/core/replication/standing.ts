// Whether this node's own word that there is nothing under a key counts, or others must be asked first (docs/protocol.md, Reads).
import type { Repair } from '../anti-entropy/repair';
import type { NodeIdentity } from '../base/identity';
import type { Member } from '../peer/member';
import type { Membership } from '../membership/membership';
import { TIMING } from '../base/settings';
import type { Store } from '../store/store';
import type { Coordinator } from './coordinator';

export class Standing {
  /** When this node was late itself last. */
  lateAtMs = -Infinity;

  constructor(
    private readonly self: NodeIdentity,
    private readonly store: Store,
    private readonly membership: Membership,
    private readonly coordinator: Coordinator,
    private readonly repair: Repair,
  ) {}

  get isReady(): boolean {
    return this.repair.ready;
  }

  /**
   * Every write that a quorum holds is held by this node or by a member that it can ask: not so where it is cut off from
   * too many.
   */
  get meetsEveryQuorum(): boolean {
    const { counts, needed } = this.coordinator.quorum();
    const expected = this.coordinator.expected();
    const there = new Set([this.coordinator.copyOf(this.self, counts)]);
    for (const { link, identity } of this.membership.active())
      if (link !== null) there.add(this.coordinator.copyOf(identity, counts));
    return there.size > expected[counts] - needed;
  }

  /** "Absent" needs a second opinion: it may be wrong, or was late itself a moment ago. */
  mustAsk(key: string, monoMs: number): boolean {
    const isAlone = this.repair.ready && this.membership.activeCount() === 0;
    if (isAlone) return this.isElsewhere(key);
    return monoMs - this.lateAtMs < TIMING.lateReadWindowMs || this.mayBeWrong(key, monoMs);
  }

  /** It may lack what others hold: not ready, behind, or it refused something for room or for its stamp. */
  mayBeWrong(key: string, monoMs: number): boolean {
    const { coordinator, repair } = this;
    const hasRefused = coordinator.isFull() || coordinator.hasRefused;
    const isOff = monoMs - coordinator.refusedAtMs < TIMING.refusedReadWindowMs;
    return hasRefused || isOff || repair.isBehind || this.hasUnheard() || this.isElsewhere(key);
  }

  /** A version is known that is alive, and its bytes are elsewhere. */
  isElsewhere(key: string): boolean {
    return this.store.peek(key)?.holding === 'not-held';
  }

  /** This member may hold what is not here: it has said nothing yet, or told of a difference that was not looked into. */
  isUncompared(member: Member): boolean {
    return isUnheard(member) || this.repair.isAboutTo(member.id);
  }

  private hasUnheard(): boolean {
    for (const member of this.membership.active()) if (isUnheard(member)) return true;
    return false;
  }
}

function isUnheard({ link, status }: Member): boolean {
  return link !== null && status === null;
}
