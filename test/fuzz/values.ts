// Values of every kind that the protocol has, at and around their bounds.
import {
  AGE_UNITS_PER_MS,
  BLOB_BYTES_MAX,
  CORRELATION_MAX,
  FIGURE_MAX,
  INCARNATION_MAX,
  PORT_MAX,
  SEQUENCE_MAX,
  SPAN_MS_MAX,
  STAMP_MAX,
  WALL_MS_MAX,
} from '../../src/core/base/bounds';
import { HLC_TICKS_PER_MS } from '../../src/core/base/version';
import type { Prng } from '../simulation/world/prng';

/** What peers may say where they mean it, and the bound of it. */
const BOUNDS = {
  correlation: CORRELATION_MAX,
  sequence: SEQUENCE_MAX,
  figure: FIGURE_MAX,
  incarnation: INCARNATION_MAX,
  port: PORT_MAX,
  stamp: STAMP_MAX,
  span: SPAN_MS_MAX,
  age: SPAN_MS_MAX * AGE_UNITS_PER_MS,
  size: BLOB_BYTES_MAX,
  count: 4096,
} as const;

export type Kind = keyof typeof BOUNDS;

const EDGES = [
  0,
  1,
  2,
  127,
  128,
  255,
  256,
  16_383,
  65_535,
  65_536,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32,
  2 ** 40,
  2 ** 42,
];
const BEYOND = [
  2 ** 48 + 1,
  2 ** 52,
  2 ** 52 + 1,
  2 ** 53 - 1,
  2 ** 53,
  2 ** 54,
  2 ** 56,
  2 ** 63,
  2 ** 64,
  2 ** 69,
];
const DOUBLES = [
  NaN,
  NaN,
  Infinity,
  -Infinity,
  -0,
  -1,
  5e-324,
  1e308,
  -1e308,
  2 ** 42,
  2 ** 42 + 1,
  2 ** 53,
  0.5,
];

const TEXTS = [
  '',
  'n',
  'ü',
  'x'.repeat(64),
  'x'.repeat(128),
  'x'.repeat(129),
  'x'.repeat(255),
  'x'.repeat(256),
];
const UNPRINTABLE = [
  '\0',
  '\u001b[2J',
  '\u009b',
  '\ud800',
  '\udfff\ud800',
  'x'.repeat(1025),
  '\u202e',
  '"\\',
];

export class Values {
  private wildLeft = 0;

  constructor(
    readonly prng: Prng,
    private readonly wallMs: () => number,
    /** What all peers of a conversation say too large together, as sums need it; null = nothing. */
    private readonly fixation: Kind | null = null,
  ) {}

  /**
   * From here on up to `count` values are beyond what may be said: with a single one the rest of
   * the frame is believed.
   */
  goWild(count: number): void {
    this.wildLeft = count;
  }

  /** Whether something here may be what no node would say. */
  get wild(): boolean {
    return this.wildLeft > 0;
  }

  private takesWild(): boolean {
    if (this.wildLeft === 0 || !this.prng.chance(0.15)) return false;
    this.wildLeft -= 1;
    return true;
  }

  number(kind: Kind, ...likely: readonly number[]): number {
    const { prng } = this;
    const max = BOUNDS[kind];
    if (kind === this.fixation && prng.chance(0.3)) return prng.pick([max, Number.MAX_SAFE_INTEGER]);
    if (this.takesWild())
      return prng.pick(prng.chance(0.5) ? [Number.MAX_SAFE_INTEGER] : [max + 1, ...BEYOND]);
    if (likely.length > 0 && prng.chance(0.6)) return prng.pick(likely);
    if (prng.chance(0.4)) return prng.below(20);
    const edges = [max, max - 1, ...EDGES];
    return Math.min(max, prng.pick(edges));
  }

  /**
   * A stamp that most likely counts: about now, as far ahead as is taken, or on a made-up line.
   * None is a day old: such a record lives where a peer that is days behind is known, and
   * elsewhere it is over.
   */
  stamp(): number {
    const aheadMs = this.prng.pick([0, -1, -1000, 1, 9000, 9999, 10_001, -3_600_000, -80_000_000, 3_600_000]);
    return this.number('stamp', Math.floor((this.wallMs() + aheadMs) * HLC_TICKS_PER_MS));
  }

  wallClock(isLiar: boolean): number {
    if (this.takesWild()) return this.prng.pick(DOUBLES);
    if (!isLiar) return this.wallMs() + this.prng.pick([0, 0, 1, -1, 3000]);
    const lies = [0, 1, WALL_MS_MAX, this.wallMs() + 1e9, this.wallMs() - 1e9, this.wallMs() + 3_600_000];
    return Math.max(0, this.prng.pick(lies));
  }

  monoClock(nowMs: number): number {
    if (this.takesWild()) return this.prng.pick([...DOUBLES, 2 ** 48, 2 ** 48 + 1]);
    return this.prng.pick([nowMs, nowMs, nowMs, nowMs - 1000, nowMs + 1000, 0, -1e12, 2 ** 48, -(2 ** 48)]);
  }

  text(...likely: readonly string[]): string {
    if (this.takesWild()) return this.prng.pick(UNPRINTABLE);
    if (likely.length > 0 && this.prng.chance(0.7)) return this.prng.pick(likely);
    return this.prng.pick(TEXTS).slice(0, this.wild ? undefined : 64);
  }

  bytes(lengthMax: number): Uint8Array {
    const length = this.prng.chance(0.8)
      ? this.prng.below(Math.min(64, lengthMax))
      : this.prng.below(lengthMax);
    return new Uint8Array(length).fill(this.prng.below(256));
  }

  /** How many of something. */
  few(most: number): number {
    return this.prng.chance(0.9) ? this.prng.below(4) : this.prng.below(most + 1);
  }
}
