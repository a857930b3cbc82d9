// Keeps the node processes of one launcher running: one per node, or a single one for all of them.
// It ends only in two cases: it is told to, or nothing can be salvaged because every child says
// that its settings are wrong.
import type { ChildMessage } from '../config/child-messages';
import { memoryBudget } from '../config/memory-budget';
import { childEnvironment, randomHostId } from '../config/read-settings';
import type { LauncherSettings } from '../config/settings';
import { ChildSlot, type LauncherOutput } from './child-slot';
import { Formation } from './formation';
import type { FormedNetwork } from './formation';
import { HungOrder } from './hung-order';
import { KnownNetwork } from './known-network';
import type { LauncherLog } from './launcher-log';
import { SilentEnds } from './last-words';
import { LAUNCHER_TIMING, watchIntervalMs } from './timing';
import type { LauncherTiming } from './timing';

export interface SupervisorOptions {
  readonly settings: LauncherSettings;
  /** JavaScript file of a node process. */
  readonly script: string;
  readonly log: LauncherLog;
  readonly output: LauncherOutput;
  /** Called once, when all nodes have found each other. */
  readonly onFormed: (network: FormedNetwork) => void;
  /**
   * Called once, when no child runs any more and none will. 0 after a stop, 2 when no child accepts
   * its settings.
   */
  readonly onFinished: (exitCode: number) => void;
  /** Monotonic milliseconds since the launcher's start. */
  readonly nowMs?: () => number;
  readonly timing?: Partial<LauncherTiming>;
}

export class Supervisor {
  private readonly slots: readonly ChildSlot[];
  private readonly formation: Formation;
  private readonly known = new KnownNetwork();
  private readonly timing: LauncherTiming;
  private readonly nowMs: () => number;
  private readonly givenUp = new Set<ChildSlot>();
  private watchTimer: NodeJS.Timeout | null = null;
  private killTimer: NodeJS.Timeout | null = null;
  private stopStartedMs: number | null = null;
  private announced = false;
  private finished = false;

  constructor(private readonly options: SupervisorOptions) {
    this.timing = { ...LAUNCHER_TIMING, ...options.timing };
    this.nowMs = options.nowMs ?? (() => performance.now());
    this.formation = new Formation(options.settings.nodeCount);
    this.slots = this.createSlots();
  }

  start(): void {
    for (const slot of this.slots) slot.start();
    const { hungAfterMs } = this.options.settings;
    const order = new HungOrder<ChildSlot>(hungAfterMs);
    this.watchTimer = setInterval(() => {
      for (const slot of this.slots) slot.look();
      order.next(this.slots, this.nowMs())?.killHung();
    }, watchIntervalMs(hungAfterMs));
  }

  /**
   * Drains all children, kills what still runs after the deadline, then finishes with 0. Later
   * calls change nothing.
   */
  stop(reason: string): void {
    if (this.stopStartedMs !== null || this.finished) return;
    this.stopStartedMs = this.nowMs();
    this.options.log.info('stopping', { reason });
    for (const slot of this.slots) slot.drain();
    this.killTimer = setTimeout(() => {
      this.options.log.warn('drain-overdue', { after_ms: this.timing.drainDeadlineMs });
      this.kill();
    }, this.timing.drainDeadlineMs);
    this.finishWhenOver();
  }

  /** SIGKILL to all children, at once. */
  kill(): void {
    for (const slot of this.slots) slot.kill();
  }

  private createSlots(): ChildSlot[] {
    const { settings, log, output, script } = this.options;
    const { nodeCount, isolation, hungAfterMs, storageMegabytes } = settings;
    const { memoryLimitBytes: limitBytes, memoryLimitSource, logFormat } = settings;
    const { addressesLimited, storesElsewhere } = settings;
    const shape = {
      limitBytes,
      nodeCount,
      isolation,
      storageMegabytes,
      addressesLimited,
      storesElsewhere,
    };
    const budget = memoryBudget(shape);
    const memory = {
      limit_mb: Math.floor(limitBytes / 1_048_576),
      limit_source: memoryLimitSource,
      storage_mb_per_node: budget.storageMegabytes,
      heap_flags: budget.heapFlags.join(' '),
    };
    log.info('starting', { nodes: nodeCount, ports: portRange(settings), isolation, ...memory });
    if (budget.tight)
      log.warn('memory-tight', { ...memory, advice: 'fewer nodes, more memory, or REPRAM_ISOLATION=none' });
    const hostId = randomHostId();
    const given = { ...budget, hostId, logFormat };
    const silentEnds = new SilentEnds(log);
    const all = Array.from({ length: nodeCount }, (_, position) => position + 1);
    const groups = isolation === 'process' ? all.map((index) => [index]) : [all];
    return groups.map((indexes) => {
      const slot: ChildSlot = new ChildSlot({
        indexes,
        script,
        heapFlags: budget.heapFlags,
        env: () => {
          const inherited = this.known.inherited(this.nowMs());
          return childEnvironment({ ...given, indexes, inherited });
        },
        hungAfterMs,
        timing: this.timing,
        log,
        silentEnds,
        output,
        nowMs: this.nowMs,
        onMessage: (message, pid) => this.heard(message, pid),
        onGone: (restarts) => this.lost(slot, indexes, restarts),
      });
      return slot;
    });
  }

  private heard(message: ChildMessage, pid: number): void {
    switch (message.kind) {
      case 'beat':
        return;
      case 'claimed': {
        const { index, name, nodeId, port } = message;
        this.options.log.info('node-port-claimed', { index, name, node_id: nodeId, port, pid });
        this.formation.claimed(message, pid);
        this.known.claimed(message);
        break;
      }
      case 'others':
        this.known.heard(message, this.nowMs());
        return;
      case 'unclaimed':
        this.options.log.error('node-port-unclaimed', { index: message.index, detail: message.detail });
        return;
      case 'state':
        this.formation.changed(message, pid);
    }
    this.announceOnce();
  }

  private announceOnce(): void {
    const nodes = this.announced ? null : this.formation.formed();
    if (nodes === null) return;
    this.announced = true;
    this.options.onFormed({ durationMs: Math.round(this.nowMs()), nodes });
  }

  private lost(slot: ChildSlot, indexes: readonly number[], restarts: boolean): void {
    this.formation.lost(indexes);
    this.known.ended(indexes);
    if (!restarts) this.givenUp.add(slot);
    this.finishWhenOver();
  }

  private finishWhenOver(): void {
    const stopping = this.stopStartedMs !== null;
    const over = stopping
      ? this.slots.every((slot) => !slot.isRunning)
      : this.givenUp.size === this.slots.length;
    if (!over || this.finished) return;
    this.finished = true;
    if (this.watchTimer !== null) clearInterval(this.watchTimer);
    if (this.killTimer !== null) clearTimeout(this.killTimer);
    const exitCode = stopping ? 0 : 2;
    const tookMs = Math.round(this.nowMs() - (this.stopStartedMs ?? this.nowMs()));
    this.options.log.info('stopped', { took_ms: tookMs, exit_code: exitCode });
    this.options.onFinished(exitCode);
  }
}

function portRange({ basePort, maxPorts }: LauncherSettings): string {
  return `${basePort}-${basePort + maxPorts - 1}`;
}
