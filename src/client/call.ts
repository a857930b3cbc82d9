// One call: tries one node after the other until one has done it. A node that says nothing for a
// while is not waited for alone: the next one is asked as well, and the first answer counts
// (docs/client.md, "Failover").
import { RepramError } from './errors';
import type { Roster } from './roster';

/** How long a node is left alone by a call that failed there; each further failure doubles it. */
const PAUSE_MS = 50;
const PAUSE_MS_MAX = 2000;
/** At a time: one that hangs, and two others. */
const IN_FLIGHT_MAX = 3;

export type Outcome<T> =
  | { readonly kind: 'done'; readonly value: T }
  /** No node would say anything else. */
  | { readonly kind: 'final'; readonly error: RepramError }
  | Elsewhere;

/** Another node may do it. */
export interface Elsewhere {
  readonly kind: 'elsewhere';
  readonly error: RepramError;
  /** When this node may be asked again; null: not in this call. 0: as the client thinks best. */
  readonly againMs: number | null;
  /** Whether the node is well, and it is only this that it cannot do now. */
  readonly isWell: boolean;
}

export interface Try {
  readonly node: string;
  /** Aborts when another node was faster, when the time is up, and when the caller aborts. */
  readonly controller: AbortController;
  /**
   * To be called whenever the node shows that it is there. It may be silent so much longer then.
   */
  readonly alive: (extraMs?: number) => void;
}

export interface CallLimits {
  readonly timeoutMs: number;
  /** With the first one. */
  readonly triesMax: number;
  /** Silence after which the next node is asked as well. */
  readonly hedgeMs: number;
  /** Silence after which a node is not waited for any more. */
  readonly silenceMs: number;
}

interface Flight {
  readonly controller: AbortController;
  timer: ReturnType<typeof setTimeout> | undefined;
  isSilent: boolean;
}

export class Call<T> {
  private readonly inFlight = new Map<string, Flight>();
  private readonly notBeforeMs = new Map<string, number>();
  private readonly failures = new Map<string, number>();
  private readonly endsMs: number;
  private tries = 0;
  private wake: ReturnType<typeof setTimeout> | undefined;
  private problem: RepramError | null = null;
  private failure: RepramError | null = null;
  private wasSilent: string | null = null;
  private isSettled = false;
  private resolve: (value: T) => void = () => undefined;
  private reject: (error: RepramError) => void = () => undefined;

  constructor(
    private readonly roster: Roster,
    private readonly attempt: (it: Try) => Promise<Outcome<T>>,
    private readonly limits: CallLimits,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.endsMs = performance.now() + limits.timeoutMs;
  }

  run(): Promise<T> {
    const { signal } = this;
    if (signal?.aborted === true) return Promise.reject(abortedBy(signal));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.fail(this.worst()), this.limits.timeoutMs);
      const abort = (): void => this.fail(abortedBy(signal));
      const finish = (): void => {
        this.finish();
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
      };
      this.resolve = (value) => {
        finish();
        resolve(value);
      };
      this.reject = (error) => {
        finish();
        reject(error);
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.next();
    });
  }

  /** Asks the next node, now or as soon as one may be asked. */
  private next(): void {
    clearTimeout(this.wake);
    if (this.inFlight.size >= IN_FLIGHT_MAX) return;
    if (this.tries >= this.limits.triesMax) {
      if (this.inFlight.size === 0) this.fail(this.worst());
      return;
    }
    const nowMs = performance.now();
    let soonestMs = Infinity;
    for (const node of this.roster.inOrder()) {
      if (this.inFlight.has(node)) continue;
      const notBeforeMs = this.notBeforeMs.get(node) ?? 0;
      if (notBeforeMs <= nowMs) {
        this.begin(node);
        return;
      }
      soonestMs = Math.min(soonestMs, notBeforeMs);
    }
    if (soonestMs < this.endsMs) this.wake = setTimeout(() => this.next(), soonestMs - nowMs);
    else if (this.inFlight.size === 0) this.fail(this.worst());
  }

  private begin(node: string): void {
    this.tries += 1;
    const controller = new AbortController();
    const flight: Flight = { controller, timer: undefined, isSilent: false };
    this.inFlight.set(node, flight);
    const watch = (extraMs = 0): void => {
      flight.isSilent = false;
      clearTimeout(flight.timer);
      if (this.inFlight.get(node) === flight)
        flight.timer = setTimeout(() => this.silent(node, flight), this.limits.hedgeMs + extraMs);
    };
    watch();
    this.attempt({ node, controller, alive: watch }).then(
      (outcome) => this.ended(node, flight, outcome),
      (error: unknown) => this.ended(node, flight, unreachable(node, error)),
    );
  }

  private silent(node: string, flight: Flight): void {
    if (flight.isSilent) {
      this.ended(node, flight, {
        kind: 'elsewhere',
        error: new RepramError('timeout', `${node} said nothing in time.`, { node }),
        againMs: 0,
        isWell: false,
      });
      flight.controller.abort();
      return;
    }
    flight.isSilent = true;
    this.wasSilent = node;
    this.roster.failed(node);
    flight.timer = setTimeout(
      () => this.silent(node, flight),
      Math.max(0, this.limits.silenceMs - this.limits.hedgeMs),
    );
    this.next();
  }

  private ended(node: string, flight: Flight, outcome: Outcome<T>): void {
    if (this.isSettled || this.inFlight.get(node) !== flight) return;
    clearTimeout(flight.timer);
    this.inFlight.delete(node);
    switch (outcome.kind) {
      case 'done':
        this.roster.succeeded(node);
        this.resolve(outcome.value);
        return;
      case 'final':
        this.roster.succeeded(node);
        this.fail(outcome.error);
        return;
      case 'elsewhere':
        this.failedAt(node, outcome);
        this.next();
    }
  }

  private failedAt(node: string, { error, againMs, isWell }: Elsewhere): void {
    if (error.status === null) this.failure = error;
    else this.problem = error;
    if (!isWell) this.roster.failed(node, againMs ?? 0);
    const failures = this.failures.get(node) ?? 0;
    this.failures.set(node, failures + 1);
    const pauseMs = Math.min(PAUSE_MS_MAX, PAUSE_MS * 2 ** failures) * (0.5 + Math.random());
    const restMs = againMs === null ? Infinity : Math.max(againMs, pauseMs);
    this.notBeforeMs.set(node, performance.now() + restMs);
  }

  /** What a node said counts more than that others said nothing. */
  private worst(): RepramError {
    if (this.problem !== null) return this.problem;
    const { timeoutMs } = this.limits;
    if (this.wasSilent !== null || this.inFlight.size > 0) {
      const node = this.wasSilent ?? [...this.inFlight.keys()].at(0) ?? null;
      const details = { node, cause: this.failure };
      return new RepramError('timeout', `No node answered within ${timeoutMs} ms.`, details);
    }
    const asked = this.roster.inOrder().join(', ');
    return new RepramError('no-node', `No node could be reached: ${asked}.`, { cause: this.failure });
  }

  private fail(error: RepramError): void {
    if (!this.isSettled) this.reject(error);
  }

  private finish(): void {
    this.isSettled = true;
    clearTimeout(this.wake);
    for (const { timer, controller } of this.inFlight.values()) {
      clearTimeout(timer);
      controller.abort();
    }
    this.inFlight.clear();
  }
}

function unreachable(node: string, cause: unknown): Elsewhere | { kind: 'final'; error: RepramError } {
  if (cause instanceof RepramError) return { kind: 'final', error: cause };
  const error = new RepramError('no-node', `${node} cannot be reached.`, { node, cause });
  return { kind: 'elsewhere', error, againMs: 0, isWell: false };
}

export function abortedBy(signal: AbortSignal | undefined): RepramError {
  return new RepramError('aborted', 'The call was aborted.', { cause: signal?.reason as unknown });
}
