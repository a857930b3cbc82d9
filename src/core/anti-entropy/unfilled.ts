// A fresh node that met nobody, though others are known to be somewhere. It is cut off from them,
// or they have all ended; nothing tells it which. What they held may be readable there, so the word
// of this node that there is nothing does not count (docs/adr/0059-a-node-that-met-nobody.md).
import { TIMING, type Inherited } from '../base/settings';

export interface UnfilledParts {
  /** What is known of the network from before; null where nothing is. */
  readonly inherited: Inherited | null;
  readonly ttlMaxMs: number;
  /** By the settings or the sources there are hosts of which no node was ever linked. */
  readonly lacksOthers: () => boolean;
  /** So many hosts are expected that there are others. */
  readonly lacksExpected: () => boolean;
}

export class Unfilled {
  /** No value that they held when they were last heard of lives longer. */
  private readonly knownUntilMs: number;
  /** Somebody may be expected who does not exist, or not yet. */
  private readonly waitsUntilMs: number;
  /** Of those that are expected one may be on its way here. */
  private readonly hopesUntilMs: number;
  private isEnded = false;

  constructor(
    private readonly parts: UnfilledParts,
    startedAtMs: number,
  ) {
    const { inherited, ttlMaxMs } = parts;
    this.waitsUntilMs = startedAtMs + TIMING.firstLinksMaxMs;
    this.hopesUntilMs = startedAtMs + TIMING.silentCandidatesMaxMs;
    this.knownUntilMs = inherited === null ? -Infinity : startedAtMs + ttlMaxMs - inherited.agoMs;
  }

  isSo(nowMs: number): boolean {
    if (this.isEnded) return false;
    return nowMs < this.knownUntilMs || (nowMs < this.waitsUntilMs && this.parts.lacksOthers());
  }

  /**
   * It is not even ready: those that it replaces had peers, and there is hope of them. Or it met
   * others as empty as it is, and those that hold something have not called yet.
   */
  keepsFromReady(nowMs: number): boolean {
    if (this.isEnded) return false;
    if (nowMs < Math.min(this.knownUntilMs, this.waitsUntilMs)) return true;
    return nowMs < this.hopesUntilMs && this.parts.lacksExpected();
  }

  /** It holds what a ready node holds. */
  isOver(): void {
    this.isEnded = true;
  }
}
