// One simulated process: a core, its clocks, its event loop (which may be paused) and the sink of
// its effects.
import type { Endpoint, NodeIdentity } from '../../../src/core/base/identity';
import type {
  CloseReason,
  EffectSink,
  FetchOutcome,
  Notification,
  PutOutcome,
} from '../../../src/core/base/effects';
import type { Input, LinkId, RequestId } from '../../../src/core/base/inputs';
import type { Now } from '../../../src/core/base/now';
import type { CoreSettings } from '../../../src/core/base/settings';
import { wholeFrame } from '../../support/core/whole-frame';
import type { NodeClock } from './clock';
import type { SimulatedCore } from './simulated-core';
import type { Host, Step, Surroundings } from './surroundings';

/** One turn of an event loop that only calls the core again at once. */
const TURN_MS = 0.02;
/** Timers fire up to this late in a healthy process. */
const TIMER_LATE_MAX_MS = 1;
/** This many ticks in a row, each asking for another at once: the core spins. */
const TICKS_AT_ONCE_MAX = 20_000;

export class SimNode implements EffectSink {
  state: 'running' | 'paused' | 'gone' = 'running';
  leftAtMs: number | null = null;
  /** True time spent paused so far, milliseconds. */
  pausedMs = 0;
  readonly startedAtMs: number;
  private stoppedAtMs = 0;
  /** When it last began to run. */
  runningSinceMs: number;
  private readonly inbox: (() => void)[] = [];
  private deadlineMs = Infinity;
  private tickAtMs = Infinity;
  private armedAtMs = Infinity;
  private ticksAtOnce = 0;
  /** What the call of the core under way has done so far; null between calls. */
  private step: Step | null = null;

  constructor(
    readonly identity: NodeIdentity,
    readonly host: Host,
    readonly core: SimulatedCore,
    readonly settings: CoreSettings,
    readonly clock: NodeClock,
    private readonly around: Surroundings,
  ) {
    this.startedAtMs = this.runningSinceMs = around.queue.nowMs;
    this.rearm(-Infinity);
  }

  get id(): string {
    return this.identity.id;
  }

  get leaving(): boolean {
    return this.leftAtMs !== null;
  }

  /** True time since which it stands still or is gone; null while it runs. */
  get silentSinceMs(): number | null {
    return this.state === 'running' ? null : this.stoppedAtMs;
  }

  now(): Now {
    return this.clock.now(this.around.queue.nowMs);
  }

  /** Hands the core an input now, or when the process runs again; `taken` is called when it did. */
  submit(input: Input, taken?: () => void): void {
    const work = (): void => {
      this.rearm(this.calling(() => this.core.handle(input, this.now(), this)));
      taken?.();
    };
    if (this.state === 'running') work();
    else if (this.state === 'paused') this.inbox.push(work);
  }

  pause(): void {
    if (this.state !== 'running') return;
    this.state = 'paused';
    this.stoppedAtMs = this.around.queue.nowMs;
  }

  /**
   * Runs again: timers or input first, as the event loop happens to stand. Its timers stood still
   * for `timersStoodMs` of that time, and its monotonic clock for `clockStoodMs`.
   */
  resume(timersStoodMs = 0, clockStoodMs = 0): void {
    if (this.state !== 'paused') return;
    this.state = 'running';
    this.clock.stoodMs += clockStoodMs;
    this.tickAtMs += timersStoodMs;
    this.runningSinceMs = this.around.queue.nowMs;
    this.pausedMs += this.runningSinceMs - this.stoppedAtMs;
    const timersFirst = this.around.prng.chance(0.5);
    if (timersFirst && this.tickAtMs <= this.around.queue.nowMs) this.tick();
    for (const work of this.inbox.splice(0)) work();
    this.arm();
  }

  crash(): void {
    if (this.state === 'running') this.stoppedAtMs = this.around.queue.nowMs;
    this.state = 'gone';
    this.inbox.length = 0;
  }

  /** A value became readable, or its deadline was reached. */
  changed(): void {
    if (this.step !== null) this.step.changes += 1;
  }

  send(linkId: LinkId, begin: Uint8Array, shared?: Uint8Array): void {
    const frame = wholeFrame(begin, shared);
    this.acts('sends');
    if (this.step !== null) this.step.frames += 1;
    this.around.observer.sent(this, frame);
    this.around.wires.send(this, linkId, frame);
  }

  close(linkId: LinkId, _reason: CloseReason): void {
    this.acts('closes');
    this.around.wires.close(this, linkId);
  }

  dial(endpoint: Endpoint): void {
    this.acts('dials');
    this.around.observer.dialled(this, endpoint);
    this.around.wires.dial(this, endpoint);
  }

  probe(endpoint: Endpoint): void {
    this.acts('probes');
    this.around.wires.probe(this, endpoint);
  }

  settlePut(requestId: RequestId, outcome: PutOutcome): void {
    this.acts('answers');
    this.around.observer.putSettled(this, requestId, outcome);
  }

  settleFetch(requestId: RequestId, outcome: FetchOutcome): void {
    this.acts('answers');
    this.around.observer.fetchSettled(this, requestId, outcome);
  }

  notify(notification: Notification): void {
    this.acts('speaks');
    this.around.observer.notified(this, notification);
  }

  private acts(what: string): void {
    if (this.step !== null && this.state !== 'gone') return;
    this.around.observer.actedUnasked(
      this,
      `${what} ${this.state === 'gone' ? 'after its end' : 'between calls'}`,
    );
  }

  private calling(call: () => number): number {
    const step = { frames: 0, changes: 0 };
    this.step = step;
    try {
      return call();
    } finally {
      this.step = null;
      this.around.observer.stepped(this, step);
    }
  }

  private rearm(deadlineMs: number): void {
    if (Number.isNaN(deadlineMs)) this.around.observer.misbehaved(this, 'the next deadline is not a number');
    const nowMs = this.around.queue.nowMs;
    const atOnce = deadlineMs <= this.now().monoMs;
    if (!atOnce && deadlineMs === this.deadlineMs) return;
    this.deadlineMs = deadlineMs;
    this.tickAtMs = atOnce
      ? Math.min(this.tickAtMs, nowMs + TURN_MS)
      : Math.max(nowMs + TURN_MS, this.clock.trueMsOf(deadlineMs)) +
        this.around.prng.between(0, TIMER_LATE_MAX_MS);
    this.arm();
  }

  private arm(): void {
    if (this.tickAtMs >= this.armedAtMs || this.tickAtMs === Infinity) return;
    const atMs = Math.max(this.tickAtMs, this.around.queue.nowMs);
    this.armedAtMs = atMs;
    this.around.queue.at(atMs, () => this.fire(atMs));
  }

  private fire(atMs: number): void {
    if (this.armedAtMs !== atMs) return;
    this.armedAtMs = Infinity;
    if (this.state !== 'running') return;
    if (this.tickAtMs > atMs) this.arm();
    else this.tick();
  }

  private tick(): void {
    this.tickAtMs = Infinity;
    const now = this.now();
    const deadlineMs = this.calling(() => this.core.tick(now, this));
    this.ticksAtOnce = deadlineMs <= now.monoMs ? this.ticksAtOnce + 1 : 0;
    if (this.ticksAtOnce > TICKS_AT_ONCE_MAX) this.around.observer.misbehaved(this, 'it spins');
    this.deadlineMs = NaN;
    this.rearm(deadlineMs);
  }
}
