// Whether this node's own word that there is nothing under a key counts, or others must be asked
// first (docs/protocol.md, Reads).
import { awaitsPieces } from '../anti-entropy/gaps';
import type { Repair } from '../anti-entropy/repair';
import type { Member } from '../peer/member';
import type { Membership } from '../membership/membership';
import { TIMING } from '../base/settings';
import type { Store } from '../store/store';
import type { Fullness } from '../store/fullness';
import type { ExpectedCluster } from './expected-cluster';
import type { StampGate } from './stamp-gate';

export interface StandingParts {
  readonly store: Store;
  readonly membership: Membership;
  readonly cluster: ExpectedCluster;
  readonly fullness: Fullness;
  readonly gate: StampGate;
  readonly repair: Repair;
}

export class Standing {
  private lateAtMs = -Infinity;

  constructor(private readonly parts: StandingParts) {}

  /** This node was late itself just now. */
  wasLate(monoMs: number): void {
    this.lateAtMs = monoMs;
  }

  get isReady(): boolean {
    return this.parts.repair.ready;
  }

  /** It holds what others held, as far as it knows of others. */
  isFilled(monoMs: number): boolean {
    return this.isReady && !this.parts.repair.isUnfilled(monoMs);
  }

  /** Every write that a quorum holds is held here or by a member that was heard from since then. */
  meetsEveryQuorum(sinceMs: number): boolean {
    return this.parts.cluster.meetsEveryQuorum(sinceMs);
  }

  /** "Absent" needs a second opinion: it may be wrong, or was late itself a moment ago. */
  mustAsk(key: string, monoMs: number): boolean {
    if (this.isReady && this.isAlone()) return this.isElsewhere(key) || this.parts.repair.isInDoubt(monoMs);
    return monoMs - this.lateAtMs < TIMING.lateReadWindowMs || this.mayBeWrong(key, monoMs);
  }

  /**
   * It may lack what others hold: not ready, behind, or it refused something for room or for its
   * stamp.
   */
  mayBeWrong(key: string, monoMs: number): boolean {
    const { fullness, gate, repair, membership } = this.parts;
    const hasRefused = fullness.isFull || fullness.hasRefused;
    const isOff = monoMs - gate.refusedAtMs < TIMING.refusedReadWindowMs;
    const isBehind = repair.isBehind || awaitsPieces(membership, monoMs);
    const lacksSome = isBehind || repair.isUnfilled(monoMs);
    return hasRefused || isOff || lacksSome || this.hasUnheard() || this.isElsewhere(key);
  }

  /** A version is known that is alive, and its bytes are elsewhere. */
  isElsewhere(key: string): boolean {
    return this.parts.store.known(key)?.holding === 'not-held';
  }

  /**
   * This member may hold what is not here: it has said nothing yet, or told of a difference that
   * was not looked into.
   */
  isUncompared(member: Member): boolean {
    return isUnheard(member) || this.parts.repair.isAboutTo(member.id);
  }

  /**
   * One that was taken for dead counts as soon as its link is up: it comes back. A newcomer counts
   * until it has let a probe pass.
   */
  private hasUnheard(): boolean {
    for (const member of this.parts.membership.all()) if (isUnheard(member)) return true;
    return false;
  }

  private isAlone(): boolean {
    const { membership } = this.parts;
    if (membership.activeCount() > 0) return false;
    for (const { link } of membership.all()) if (link !== null) return false;
    return true;
  }
}

function isUnheard(member: Member): boolean {
  return member.link?.hasTold === false && !isMute(member);
}

/** It was linked and probed, and has never said how it fares: it is no witness. */
export function isMute({ state, status }: Member): boolean {
  return status === null && state === 'suspect';
}
