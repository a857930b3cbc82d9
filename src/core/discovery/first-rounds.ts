// When a fresh node may say that nobody is there: every candidate had its chance to answer, and
// each peer that was heard is linked or has refused. A peer that is there and cannot be linked yet
// may hold what this node lacks (docs/adr/0046-a-peer-that-was-heard.md).
import type { NodeId, SelfIdentity } from '../base/identity';
import { TIMING } from '../base/settings';
import { isLoopback } from '../membership/address-rules';
import { CONFIGURED_SOURCE, type Candidate } from './places';

const LAST_ROUND_MS = TIMING.greetFirstMs[TIMING.greetFirstMs.length - 1];

export class FirstRounds {
  /** Sources that have not spoken yet and are worth a wait. */
  private readonly awaited: Set<string>;
  /** When the last awaited source spoke first, or the start: from here on the rounds count. */
  private fromMs: number;

  constructor(
    private readonly self: SelfIdentity,
    private readonly isLinked: (id: NodeId) => boolean,
    private readonly awaitedSources: readonly string[],
    private readonly startedAtMs: number,
  ) {
    this.awaited = new Set(awaitedSources);
    this.fromMs = startedAtMs;
  }

  spoke(source: string, nowMs: number): void {
    if (this.awaited.delete(source)) this.fromMs = nowMs;
  }

  /** A peer of this cluster is there: it answered so, or it is linked. */
  heard(candidate: Candidate, id: NodeId, nowMs: number): void {
    candidate.heard = { id, untilMs: nowMs + TIMING.heardForMs };
  }

  areDone(candidates: ReadonlyMap<string, Candidate>, nowMs: number): boolean {
    if (this.awaited.size > 0 && nowMs < this.startedAtMs + TIMING.awaitedSourceMaxMs) return false;
    if (nowMs < this.fromMs + LAST_ROUND_MS) return false;
    if (candidates.size === 0) return nowMs >= this.fromMs + 2 * LAST_ROUND_MS;
    for (const candidate of candidates.values()) {
      if (this.isAboutToLink(candidate, nowMs)) return false;
      if (nowMs < this.silentUntilMs(candidate) && this.isWaitedFor(candidate)) return false;
    }
    return true;
  }

  /** It may yet turn out that a peer is there, or come to a link with the one that is. */
  isOpen(candidate: Candidate, nowMs: number): boolean {
    return nowMs < this.silentUntilMs(candidate) || this.isAboutToLink(candidate, nowMs);
  }

  private isAboutToLink({ heard }: Candidate, nowMs: number): boolean {
    if (heard === null || nowMs >= this.fromMs + TIMING.firstLinksMaxMs) return false;
    return nowMs < heard.untilMs && !this.isLinked(heard.id);
  }

  private silentUntilMs({ attempts, pending, isSilent }: Candidate): number {
    if (isSilent || pending) return this.fromMs + TIMING.silentCandidatesMaxMs;
    return attempts === 0 ? this.fromMs + TIMING.firstRoundsMaxMs : -Infinity;
  }

  /**
   * Far candidates may be silent for ever. Those of an awaited source, or that the operator named,
   * are where the data is.
   */
  private isWaitedFor({ endpoint, sources }: Candidate): boolean {
    if (isLoopback(endpoint.address, this.self) || sources.has(CONFIGURED_SOURCE)) return true;
    return this.awaitedSources.some((source) => sources.has(source));
  }
}
