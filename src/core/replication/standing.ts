// Whether this node's own word that there is nothing under a key counts, or others must be asked
// first (docs/protocol.md, Reads).
import type { Repair } from '../anti-entropy/repair';
import type { NodeId } from '../base/identity';
import type { Member } from '../peer/member';
import { TIMING } from '../base/settings';
import type { Store } from '../store/store';
import type { Fullness } from '../store/fullness';
import type { ExpectedCluster } from './expected-cluster';
import type { StampGate } from './stamp-gate';
import { isUnheard, type Step } from './step';

export interface StandingParts {
  readonly store: Store;
  readonly cluster: ExpectedCluster;
  readonly fullness: Fullness;
  readonly gate: StampGate;
  readonly repair: Repair;
  readonly step: Step;
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
    if (this.isReady && this.parts.step.isAlone())
      return this.isElsewhere(key) || this.parts.repair.isInDoubt(monoMs);
    return monoMs - this.lateAtMs < TIMING.lateReadWindowMs || this.mayBeWrong(key, monoMs);
  }

  mayBeWrong(key: string, monoMs: number): boolean {
    return this.lacksSome(key, monoMs) || this.parts.step.isLost(monoMs);
  }

  /**
   * Members that are out of step are all that keeps this node from its own word, and those who gave
   * theirs leave no quorum to them: what was acknowledged would be with one of these.
   */
  isCertain(key: string, words: ReadonlyMap<NodeId, boolean>, monoMs: number): boolean {
    const { cluster, step, repair } = this.parts;
    if (this.lacksSome(key, monoMs) || repair.isInDoubt(monoMs)) return false;
    if (step.isShortOfAny(({ id }) => !words.has(id))) return false;
    return cluster.meetsEveryQuorumBy(({ id }) => words.get(id) === true);
  }

  /**
   * It may lack what others hold: not ready, behind, or it refused something for room or for its
   * stamp.
   */
  private lacksSome(key: string, monoMs: number): boolean {
    const { fullness, gate, repair, step } = this.parts;
    const hasRefused = fullness.isFull || fullness.hasRefused;
    const isOff = monoMs - gate.refusedAtMs < TIMING.refusedReadWindowMs;
    const isBehind = repair.isBehind || repair.isUnfilled(monoMs) || step.awaitsPieces(monoMs);
    return hasRefused || isOff || isBehind || step.hasUnheard() || this.isElsewhere(key);
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

  /** It may hold what it wrote and this node does not. */
  isOutOfStep(member: Member, monoMs: number): boolean {
    return this.parts.step.isOut(member, monoMs);
  }

  /** It has told of writes that are not here. */
  isShortOf(member: Member): boolean {
    return this.parts.step.isShort(member);
  }
}
