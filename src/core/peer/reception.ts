// Which of one origin's writes this node has taken in: all up to a watermark, and some beyond it.
// An origin numbers its writes 1, 2, 3 ... and says with every heartbeat how many there are; what
// is missing between the two is a gap. Links keep order, so a gap that stays for a while is a loss
// and not a delay. Ranges as in the summary vectors of Demers et al. 1987.

interface Range {
  readonly from: number;
  to: number;
}

/** Ranges kept beyond the watermark; above it the furthest are forgotten, and asked for again. */
const RANGES_MAX = 256;

/**
 * Writes that others may pass on before their origin's own word comes: as many as an origin
 * remembers. More are made up.
 */
const AHEAD_MAX = 65_536;

/** A gap that is asked for in vain is asked for this much later at most: half a minute. */
const FRUITLESS_DOUBLINGS = 5;

export class Reception {
  private upTo = 0;
  private last = 0;
  private readonly beyond: Range[] = [];
  /** Passed over without being taken in: from the first number to the last; none = Infinity. */
  private passedFrom = Infinity;
  private passedTo = 0;
  private noted = 0;
  private checkSeq = 0;
  private checkAtMs = 0;
  /** Where the watermark stood at the last answer, and how many brought nothing since. */
  private postponedAt = -1;
  private fruitless = 0;

  /** The watermark: every write up to this number was taken in, or is known to be superseded. */
  get through(): number {
    return this.upTo;
  }

  /**
   * The same for others to build on: where something was passed over that could not be taken in, it
   * stays before that until somebody turns out to hold the same.
   */
  get vouched(): number {
    return Math.min(this.upTo, this.passedFrom - 1);
  }

  /** The greatest number that was taken in; some before it may be missing. */
  get highest(): number {
    return Math.max(this.upTo, this.noted);
  }

  /** Writes that the origin says it has made. */
  get announced(): number {
    return this.last;
  }

  /** Writes announced and not taken in; `told`: others tell that there are so many. */
  missing(told = 0): number {
    let held = this.upTo;
    for (const { from, to } of this.beyond) held += to - from + 1;
    return Math.max(0, Math.max(this.last, told) - held);
  }

  /** One write was taken in. What others pass on says nothing of how many the origin has made. */
  note(seq: number, isOriginsWord = true): void {
    if (isOriginsWord && seq > this.last) this.last = seq;
    if (seq > this.noted) this.noted = seq;
    if (seq <= this.upTo) return;
    if (seq === this.upTo + 1) {
      this.upTo = seq;
      this.absorb();
    } else this.insert(seq);
  }

  /** One write came and was not taken in yet: it is missing. */
  putOff(seq: number): void {
    if (seq > this.last) this.last = seq;
  }

  /** Everything up to `seq` is held or superseded: somebody who holds it holds nothing else. */
  adopt(seq: number): void {
    if (seq >= this.passedTo) this.passedFrom = Infinity;
    this.fill(seq);
  }

  /**
   * What is missing up to `seq` will not come, because something of it was not taken in: for its
   * stamp, or for want of room. It is not asked for again.
   */
  passOver(seq: number): void {
    if (seq <= this.upTo) return;
    this.passedFrom = Math.min(this.passedFrom, this.upTo + 1);
    this.passedTo = seq;
    this.fill(seq);
  }

  /** One write came and was not taken in, for want of room. It is not asked for again. */
  refuse(seq: number, isOriginsWord = true): void {
    if (seq > this.upTo) {
      this.passedFrom = Math.min(this.passedFrom, seq);
      this.passedTo = Math.max(this.passedTo, seq);
    }
    this.note(seq, isOriginsWord);
  }

  /**
   * What was missing up to `seq` has come, or is superseded. What was passed over before is not.
   */
  fill(seq: number): void {
    if (seq <= this.upTo) return;
    this.upTo = seq;
    while (this.beyond.length > 0 && this.beyond[0].to <= seq) this.beyond.shift();
    this.absorb();
  }

  /** The origin says that it has made `seq` writes. */
  announce(seq: number, nowMs: number): void {
    const before = this.last;
    if (seq > this.last) this.last = seq;
    this.disbelieve(before);
    if (this.upTo < this.checkSeq) return;
    this.checkSeq = this.last;
    this.checkAtMs = nowMs;
  }

  /** Whatever was under way is lost: what is missing now is missing for good. */
  interrupted(): void {
    this.checkSeq = this.last;
    this.checkAtMs = -Infinity;
    this.postponedAt = -1;
  }

  /**
   * An answer to a gap is under way, or could not be given: look again in a while, and in twice as
   * long each time that nothing came of it.
   */
  postpone(nowMs: number): void {
    this.fruitless = this.upTo === this.postponedAt ? Math.min(FRUITLESS_DOUBLINGS, this.fruitless + 1) : 0;
    this.postponedAt = this.upTo;
    this.checkAtMs = nowMs;
  }

  /** The first missing writes, once they have been missing for `patienceMs`; else null. */
  gap(nowMs: number, patienceMs: number): { readonly from: number; readonly to: number } | null {
    const waitMs = this.upTo === this.postponedAt ? patienceMs * 2 ** this.fruitless : patienceMs;
    if (this.upTo >= this.checkSeq || nowMs < this.checkAtMs + waitMs) return null;
    const to = this.beyond.length > 0 ? Math.min(this.checkSeq, this.beyond[0].from - 1) : this.checkSeq;
    return { from: this.upTo + 1, to };
  }

  /**
   * What others made up of writes that there are not goes, and with it what they claimed since the
   * origin spoke last.
   */
  private disbelieve(before: number): void {
    const furthest = this.last + AHEAD_MAX;
    if (this.upTo > furthest) this.upTo = before;
    while ((this.beyond.at(-1)?.to ?? 0) > furthest) this.beyond.pop();
    if (this.noted > furthest) this.noted = this.beyond.at(-1)?.to ?? this.upTo;
  }

  private absorb(): void {
    while (this.beyond.length > 0 && this.beyond[0].from <= this.upTo + 1) {
      this.upTo = Math.max(this.upTo, this.beyond[0].to);
      this.beyond.shift();
    }
  }

  /** Nearly always the end of the last range. */
  private insert(seq: number): void {
    let at = this.beyond.length;
    while (at > 0 && this.beyond[at - 1].from > seq) at -= 1;
    const before = at > 0 ? this.beyond[at - 1] : undefined;
    if (before !== undefined && seq <= before.to) return;
    const touchesBefore = before?.to === seq - 1;
    const touchesAfter = at < this.beyond.length && this.beyond[at].from === seq + 1;
    if (before !== undefined && touchesBefore) {
      before.to = touchesAfter ? this.beyond[at].to : seq;
      if (touchesAfter) this.beyond.splice(at, 1);
      return;
    }
    const range = { from: seq, to: touchesAfter ? this.beyond[at].to : seq };
    this.beyond.splice(at, touchesAfter ? 1 : 0, range);
    if (this.beyond.length > RANGES_MAX) this.beyond.pop();
  }
}
