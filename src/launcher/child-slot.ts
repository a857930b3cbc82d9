// One place for a node process: starts it, listens to it, and starts another when it ends. The
// supervisor decides what its messages mean, and when all is over.
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { ChildMessage, LauncherMessage } from '../config/child-messages';
import { lastWords, type SilentEnds } from './last-words';
import type { LauncherLog } from './launcher-log';
import type { Watched } from './hung-order';
import { relayLines, type LineWriter } from './line-relay';
import { RunQueueWaits } from './run-queue';
import { SilenceWatch } from './silence-watch';
import { restartDelayMs, watchIntervalMs } from './timing';
import type { LauncherTiming } from './timing';

/** A child that ends with this says that its settings are wrong. Another start changes nothing. */
const BAD_SETTINGS_CODE = 2;

/** Where a launcher writes its own lines, and passes on those of its children. */
export interface LauncherOutput {
  readonly lines: LineWriter;
  readonly errors: LineWriter;
}

export interface ChildSlotOptions {
  /** The nodes this process hosts. */
  readonly indexes: readonly number[];
  /** JavaScript file to run. */
  readonly script: string;
  readonly heapFlags: readonly string[];
  /** Of a process that starts now. */
  readonly env: () => Record<string, string | undefined>;
  readonly hungAfterMs: number;
  readonly timing: LauncherTiming;
  readonly log: LauncherLog;
  readonly silentEnds: SilentEnds;
  readonly output: LauncherOutput;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  readonly onMessage: (message: ChildMessage, pid: number) => void;
  /** The process is gone; when `restarts` is false, for good. */
  readonly onGone: (restarts: boolean) => void;
}

interface Running {
  readonly process: ChildProcess;
  readonly startedMs: number;
  readonly silence: SilenceWatch;
  /** When one of its nodes was ready first. */
  readyAtMs: number | null;
  /** When it spoke again after it had stood still, if it did. */
  wokeAtMs: number;
  /** It was killed for its silence. */
  hung: boolean;
  hasSpoken: boolean;
  /** The end of what it wrote to its error output. */
  readonly words: () => string;
}

export class ChildSlot implements Watched {
  private running: Running | null = null;
  private restartTimer: NodeJS.Timeout | null = null;
  private deaths = 0;
  private stopping = false;

  constructor(private readonly options: ChildSlotOptions) {}

  get isRunning(): boolean {
    return this.running !== null;
  }

  /** A start that fails (no memory, no process left) is tried again like a death. */
  start(): void {
    try {
      this.attend(this.fork());
    } catch (error) {
      this.startFailed(error as NodeJS.ErrnoException);
    }
  }

  /** Orders a drain. A child that can no longer hear it gets SIGTERM, which means the same. */
  drain(): void {
    this.stopping = true;
    if (this.restartTimer !== null) clearTimeout(this.restartTimer);
    this.restartTimer = null;
    const child = this.running?.process;
    if (child === undefined) return;
    const order: LauncherMessage = { kind: 'drain' };
    if (!child.connected) child.kill('SIGTERM');
    else child.send(order, (error) => error !== null && child.kill('SIGTERM'));
  }

  kill(): void {
    this.running?.process.kill('SIGKILL');
  }

  /** Adds up its silence. To be called every `watchIntervalMs`. */
  look(): void {
    this.running?.silence.look(this.options.nowMs());
  }

  get isHung(): boolean {
    const { hungAfterMs, timing } = this.options;
    if (this.running === null || this.stopping || this.running.hung) return false;
    return this.running.silence.exceeds(hungAfterMs, timing.startGraceMs);
  }

  get silentForMs(): number {
    return this.running?.silence.silentForMs ?? 0;
  }

  get readyAtMs(): number | null {
    return this.running?.readyAtMs ?? null;
  }

  get wholeSinceMs(): number {
    if (this.running === null) return Infinity;
    const { readyAtMs, wokeAtMs } = this.running;
    return Math.max(readyAtMs ?? Infinity, wokeAtMs + this.options.timing.catchUpMs);
  }

  /** Kills the process for its silence; it is replaced like one that crashed. */
  killHung(): void {
    if (this.running === null) return;
    this.running.hung = true;
    const { indexes, log } = this.options;
    const silentMs = Math.round(this.running.silence.silentForMs);
    log.warn('node-hung', { indexes, pid: this.running.process.pid, silent_ms: silentMs });
    this.kill();
  }

  private fork(): ChildProcess {
    const { script, heapFlags, env } = this.options;
    return fork(script, [], {
      execArgv: [...heapFlags],
      env: env(),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
  }

  private attend(child: ChildProcess): void {
    const { indexes, log, output, nowMs, hungAfterMs, onMessage } = this.options;
    // A failed kill or send needs nothing done; a failed start has no exit event.
    child.on('error', (error) => {
      if (child.pid === undefined) this.startFailed(error);
    });
    // One that could not be started may have no pipes either.
    if (child.pid === undefined) return;
    if (child.stdout !== null) relayLines(child.stdout, output.lines);
    if (child.stderr !== null) relayLines(child.stderr, output.errors);
    const words = child.stderr === null ? () => '' : lastWords(child.stderr);
    const { pid } = child;
    const startedMs = nowMs();
    const silence = new SilenceWatch(startedMs, watchIntervalMs(hungAfterMs), new RunQueueWaits(pid));
    const running: Running = {
      process: child,
      startedMs,
      silence,
      readyAtMs: null,
      wokeAtMs: -Infinity,
      hung: false,
      hasSpoken: false,
      words,
    };
    this.running = running;
    child.on('message', (said) => {
      const message = said as ChildMessage;
      if (silence.isLong) running.wokeAtMs = nowMs();
      silence.heard();
      running.hasSpoken = true;
      this.options.silentEnds.spoke();
      if (message.kind === 'state' && message.state === 'ready') running.readyAtMs ??= nowMs();
      onMessage(message, pid);
    });
    // Not `exit`: its last lines are read first.
    child.once('close', (code, signal) => this.gone(running, code, signal));
    log.info('node-started', { indexes, pid });
  }

  private startFailed(error: NodeJS.ErrnoException): void {
    if (this.stopping) return;
    const code = error.code ?? error.message;
    const reason = `start failed: ${code}`;
    this.options.silentEnds.refused(reason, code);
    this.restartLater(reason, 0);
  }

  private gone(running: Running, code: number | null, signal: string | null): void {
    this.running = null;
    const { indexes, log, nowMs, silentEnds, onGone } = this.options;
    const ranMs = Math.round(nowMs() - running.startedMs);
    const reason = exitReason(running.hung, code, signal);
    const exited = { indexes, pid: running.process.pid, reason, ran_ms: ranMs };
    if (this.stopping) log.info('node-exited', exited);
    else log.warn('node-exited', exited);
    const restarts = !this.stopping && code !== BAD_SETTINGS_CODE;
    if (restarts && !running.hung && !running.hasSpoken) silentEnds.ended(reason, running.words());
    if (restarts) this.restartLater(reason, ranMs);
    onGone(restarts);
  }

  private restartLater(reason: string, ranMs: number): void {
    const { indexes, log, timing } = this.options;
    this.deaths = ranMs >= timing.backoffResetAfterMs ? 1 : this.deaths + 1;
    const delayMs = restartDelayMs(this.deaths, timing);
    log.info('node-restarting', { indexes, reason, delay_ms: delayMs });
    this.restartTimer = setTimeout(() => this.start(), delayMs);
  }
}

function exitReason(hung: boolean, code: number | null, signal: string | null): string {
  if (hung) return 'hung';
  if (code === BAD_SETTINGS_CODE) return 'exit code 2: bad settings';
  return code === null ? `signal ${signal ?? 'unknown'}` : `exit code ${code}`;
}
