// Looks on: turns what nodes do into sightings for the checkers, violations for the report, and
// figures.
import type {
  FetchOutcome,
  Metadata,
  Notification,
  PutOutcome,
  ReadRecord,
} from '../../../src/core/base/effects';
import type { Endpoint } from '../../../src/core/base/identity';
import type { RequestId } from '../../../src/core/base/inputs';
import { compareVersions } from '../../../src/core/base/version';
import type { Checker } from '../checkers/checker';
import { keyBytes, type Denial, type Write } from './history';
import type { SimNode } from '../world/sim-node';
import type { Observer, Step } from '../world/surroundings';
import type { World } from '../world/world';

export interface Violation {
  readonly checker: string;
  readonly atMs: number;
  readonly text: string;
}

export interface Figures {
  frames: number;
  bytes: number;
  /** From the last initial node's start until each listed all others alive; null = never. */
  formationMs: number | null;
  /** From a node's end until every node that ran then no longer listed it alive. */
  readonly detectionMs: number[];
  readonly notifications: Map<string, number>;
  readonly outcomes: Map<string, number>;
}

/** Of each checker. */
const VIOLATIONS_KEPT = 10;
const FORMATION_SAMPLE_MS = 10;
const DETECTION_SAMPLE_MS = 10;
const DETECTION_WATCHED_MS = 30_000;

export class Watch implements Observer {
  readonly violations: Violation[] = [];
  readonly figures: Figures = {
    frames: 0,
    bytes: 0,
    formationMs: null,
    detectionMs: [],
    notifications: new Map(),
    outcomes: new Map(),
  };
  /** Called with each line worth reading when a run is followed. */
  onLine: ((line: string) => void) | null = null;
  /** Called with each notification when somebody counts them. */
  onNotified: ((notification: Notification) => void) | null = null;
  /** Called with each write whose writer was answered, when somebody acts on it. */
  onAnswered: ((write: Write) => void) | null = null;
  /** The checker whose first finding ends the run. */
  haltsAt: string | null = null;
  private readonly byHook = new Map<keyof Checker, readonly Checker[]>();

  constructor(
    private readonly world: World,
    private readonly checkers: readonly Checker[],
  ) {
    world.queue.every(FORMATION_SAMPLE_MS, () => this.watchFormation());
  }

  violated(checker: string, text: string | null): void {
    if (text === null) return;
    if (checker === this.haltsAt) this.world.queue.isHalted = true;
    const kept = this.violations.filter((violation) => violation.checker === checker).length;
    if (kept < VIOLATIONS_KEPT) this.violations.push({ checker, atMs: this.world.queue.nowMs, text });
  }

  /** A client reads at this node; what it got. */
  read(node: SimNode, key: string): ReadRecord | null {
    const record = node.core.read(keyBytes(key), node.now());
    if (record !== null) this.saw(node, key, record);
    else if (!node.core.mustAsk(keyBytes(key), node.now())) {
      this.each('missed', (checker) => checker.missed?.(node, key, this.world));
      this.denied({ node, key, minVersion: null, askedAtMs: this.world.queue.nowMs });
    }
    return record;
  }

  /** A reader was told that there is nothing. */
  private denied(denial: Denial): void {
    this.each('denied', (checker) => checker.denied?.(denial, this.world));
  }

  asked(write: Write): void {
    write.replacedHlc = write.node.core.read(keyBytes(write.key), write.node.now())?.version.hlc ?? 0;
    this.each('asked', (checker) => checker.asked?.(write));
  }

  sent(node: SimNode, frame: Uint8Array): void {
    this.figures.frames += 1;
    this.figures.bytes += frame.byteLength;
    this.each('sent', (checker) => checker.sent?.(node, frame, this.world));
  }

  dialled(node: SimNode, endpoint: Endpoint): void {
    this.each('dialled', (checker) => checker.dialled?.(node, endpoint, this.world));
  }

  putSettled(node: SimNode, requestId: RequestId, outcome: PutOutcome): void {
    count(this.figures.outcomes, outcome.kind);
    const write = this.world.history.putSettled(requestId, outcome, this.world.queue.nowMs);
    if (write === null)
      return this.violated('settled', `${node.identity.name} settled put ${requestId}, which nobody asked`);
    if (outcome.kind === 'held' || outcome.kind === 'stored') {
      const { quorum, counts } = node.core.report().replication;
      const claimsHosts = outcome.kind === 'held' && counts === 'hosts' && write.level === 'quorum';
      write.survives = { nodes: outcome.acks - 1, hosts: claimsHosts ? quorum - 1 : 0 };
    }
    this.each('settled', (checker) => checker.settled?.(write, this.world));
    this.onAnswered?.(write);
  }

  fetchSettled(node: SimNode, requestId: RequestId, outcome: FetchOutcome): void {
    const fetch = this.world.history.fetchSettled(requestId);
    if (fetch === null)
      return this.violated('settled', `${node.identity.name} settled fetch ${requestId} of nobody`);
    count(this.figures.outcomes, outcome.kind);
    if (outcome.kind === 'absent') this.denied(fetch);
    if (outcome.kind !== 'found' && outcome.kind !== 'described') return;
    const { version } = outcome.kind === 'found' ? outcome.record : outcome.metadata;
    if (fetch.minVersion !== null && compareVersions(version, fetch.minVersion) < 0)
      this.violated(
        'monotone',
        `${node.identity.name} fetched an older version of ${fetch.key} than was asked for`,
      );
    if (outcome.kind === 'found') this.saw(node, fetch.key, outcome.record);
    else this.heardOf(node, fetch.key, outcome.metadata);
  }

  notified(node: SimNode, notification: Notification): void {
    count(this.figures.notifications, notification.kind);
    if (notification.kind === 'writes-restamped') this.restamped(node);
    this.onNotified?.(notification);
    this.onLine?.(`${node.identity.name} ${JSON.stringify(notification)}`);
    this.each('notified', (checker) => checker.notified?.(node, notification, this.world));
  }

  actedUnasked(node: SimNode, what: string): void {
    this.each('actedUnasked', (checker) => checker.actedUnasked?.(node, what));
  }

  stepped(node: SimNode, step: Step): void {
    for (const reader of this.world.readers) reader.stepped(node);
    this.each('stepped', (checker) => checker.stepped?.(node, step, this.world));
  }

  misbehaved(node: SimNode, what: string): void {
    throw new Error(`${node.identity.name}: ${what}`);
  }

  /** Measures how long the others take to see that this node is gone. */
  lost(node: SimNode): void {
    const goneAtMs = this.world.queue.nowMs;
    const others = this.world.live();
    this.onLine?.(`${node.identity.name} is gone`);
    this.world.queue.every(DETECTION_SAMPLE_MS, () => {
      const sinceMs = this.world.queue.nowMs - goneAtMs;
      const unaware = others.filter((other) => other.state !== 'gone' && lists(other, node));
      if (unaware.length === 0) this.figures.detectionMs.push(sinceMs);
      return unaware.length > 0 && sinceMs < DETECTION_WATCHED_MS;
    });
  }

  /**
   * Asks the checkers that have this hook; most have few, and some hooks are called thousands of
   * times per second of a run.
   */
  private each(hook: keyof Checker, verdictOf: (checker: Checker) => string | null | undefined): void {
    let having = this.byHook.get(hook);
    if (having === undefined) {
      having = this.checkers.filter((checker) => checker[hook] !== undefined);
      this.byHook.set(hook, having);
    }
    for (const checker of having) this.violated(checker.name, verdictOf(checker) ?? null);
  }

  private saw(node: SimNode, key: string, record: ReadRecord): void {
    const write = this.world.history.writeOf(key, record);
    if (write?.outcome === null) this.world.history.seenUnanswered(write, record.version);
    const sighting = { node, key, record, atMs: this.world.queue.nowMs, write };
    this.each('saw', (checker) => checker.saw?.(sighting, this.world));
  }

  /** Writes of the future that it holds have got the stamp of their time. */
  private restamped(node: SimNode): void {
    const { history, settings } = this.world;
    for (const write of history.writes) {
      const before = write.version;
      const ageMs = this.world.queue.nowMs - write.askedAtMs;
      if (before === null || !write.isFromFuture || ageMs < 2 * settings.writeTimeoutMs) continue;
      const record = node.core.read(keyBytes(write.key), node.now());
      const isIt = record?.version.origin === node.id && this.isOf(write, record, node);
      if (!isIt && write.node !== node) continue;
      history.restamp(write, isIt ? record.version : null);
      this.each('restamped', (checker) => checker.restamped?.(write, before, this.world));
    }
  }

  /**
   * By its value, or where that is empty because it is the last one of this node, or the only one.
   */
  private isOf(write: Write, record: ReadRecord, node: SimNode): boolean {
    const { history } = this.world;
    if (record.value.byteLength > 0) return history.writeOf(write.key, record) === write;
    const empty = history.writesOfKey.get(write.key)?.filter(({ valueBytes }) => valueBytes === 0);
    const isLast = write.node === node && history.lastOf(write) === write;
    return write.valueBytes === 0 && (isLast || empty?.length === 1);
  }

  private heardOf(node: SimNode, key: string, metadata: Metadata): void {
    const write = this.world.history.answeredWith(key, metadata.version);
    this.each('described', (checker) => checker.described?.({ node, key, metadata, write }, this.world));
  }

  private watchFormation(): boolean {
    const { scenario, nodes, queue } = this.world;
    if (nodes.length < scenario.hosts.reduce((sum, count) => sum + count, 0)) return true;
    const live = this.world.live();
    if (!live.every((node) => live.every((other) => other === node || lists(node, other)))) return true;
    this.figures.formationMs = queue.nowMs - Math.max(...live.map((node) => node.startedAtMs));
    return false;
  }
}

function lists(node: SimNode, other: SimNode): boolean {
  return node.core.members(node.now()).some((member) => member.id === other.id && member.state === 'alive');
}

function count(counts: Map<string, number>, what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}
