// Readers of changes: each follows one node, hangs up now and then, and goes on from its position,
// at the same node or at another one. What the product's streams do around the core (src/runtime,
// src/modules/events) is done here in virtual time.
import type { Position } from '../../../src/core/changes/position';
import { compareVersions, formatVersion, stampedAtMs, type Version } from '../../../src/core/base/version';
import type { Ended, Entry, Listed } from '../../../src/core/store/entry';
import { EPOCH_MS } from '../world/clock';
import { Prng } from '../world/prng';
import type { SimNode } from '../world/sim-node';
import type { World } from '../world/world';

const READERS = 4;
const LOOK_MS = 50;
/** A node that lacks what the reader was told before is waited for as long. */
const BEHIND_MS = 5000;
/** Versions looked at in one step of a walk. */
const STEP = 25;
const STEP_APART_MAX_MS = 5;
const STAY_MAX_MS = 6000;
const AWAY_MAX_MS = 4000;
/** Now and then for longer than ends are remembered. */
const LONG_AWAY_MS = 80_000;
const LONG_AWAY_RATE = 0.02;
const SAME_NODE_RATE = 0.3;
/** Of the batches of changes the part after which a reader notes its position. */
const NOTED_RATE = 0.3;

export interface Told {
  readonly version: Version;
  readonly isOver: boolean;
  /** Its own node alone holds it, and gives it the stamp of its time before long. */
  readonly isTooFarAhead: boolean;
  readonly connection: number;
}

export class Reader {
  node: SimNode | null = null;
  /** As in src/modules/events. */
  standing: 'away' | 'waiting' | 'behind' | 'current' = 'away';
  readonly told = new Map<string, Told>();
  /** What was wrong with what it was told. */
  readonly problems: string[] = [];
  /**
   * What was over already at the node that it listed last. Where the deadline comes later it is
   * readable for a moment more, and nobody tells of it any more.
   */
  overBefore: ReadonlyMap<string, Version> = new Map();
  resumed = 0;
  resynced = 0;
  private isUnsure = false;
  private position: Position | null = null;
  /** What was told when it noted its position; what came later it does not build on. */
  private noted: ReadonlyMap<string, Told> = new Map();
  /** Grows with each connection: what belongs to an earlier one does nothing. */
  private connection = 0;

  constructor(
    private readonly world: World,
    private readonly prng: Prng,
  ) {
    world.queue.after(prng.between(0, STAY_MAX_MS), () => this.comeBack());
  }

  stored(node: SimNode, { key, hlc, origin }: Entry): void {
    if (node === this.node) this.hear(key, { hlc, origin }, false);
  }

  ended(node: SimNode, { keyText, hlc, origin }: Ended): void {
    if (node === this.node) this.hear(keyText, { hlc, origin }, true);
  }

  /** Lists anew once the call of the core is over. */
  unsure(node: SimNode): void {
    if (node === this.node && (this.standing === 'behind' || this.standing === 'current'))
      this.isUnsure = true;
  }

  /** A call of the core ended, and with it a batch of changes. */
  stepped(node: SimNode): void {
    if (node !== this.node) return;
    if (this.isUnsure) this.listAnew(node);
    if (this.standing !== 'current' || !this.prng.chance(NOTED_RATE)) return;
    this.note(node);
  }

  lost(node: SimNode): void {
    if (node === this.node) this.leave();
  }

  private note(node: SimNode): void {
    const position = node.core.changes.position(node.now());
    if (position === null) return;
    this.position = position;
    this.noted = new Map(this.told);
  }

  private hear(key: string, version: Version, isOver: boolean): void {
    if (this.standing !== 'behind' && this.standing !== 'current') return;
    const before = this.told.get(key);
    const isOlder = before !== undefined && compareVersions(version, before.version) < 0;
    // By another node than the one that told the newer one: the newest counts.
    if (isOlder && !before.isTooFarAhead && before.connection !== this.connection) return;
    if (isOlder && !before.isTooFarAhead)
      this.problems.push(
        `was told ${formatVersion(version)} of ${key} after ${formatVersion(before.version)}`,
      );
    this.told.set(key, {
      version,
      isOver,
      isTooFarAhead: this.isTooFarAhead(version),
      connection: this.connection,
    });
  }

  /** Its own node alone held it, and gives it the stamp of its time as soon as it knows that. */
  private isTooFarAhead(version: Version): boolean {
    const { settings, queue } = this.world;
    return stampedAtMs(version) > EPOCH_MS + queue.nowMs + settings.clockOffsetMaxMs / 2;
  }

  private comeBack(): void {
    const running = this.world.live().filter((node) => node.state === 'running' && !node.leaving);
    if (running.length === 0) {
      this.world.queue.after(LOOK_MS, () => this.comeBack());
      return;
    }
    const isSame = this.node !== null && running.includes(this.node) && this.prng.chance(SAME_NODE_RATE);
    this.node = isSame ? this.node : this.prng.pick(running);
    this.standing = 'waiting';
    this.connection += 1;
    const { connection } = this;
    this.look(connection, this.world.queue.nowMs + BEHIND_MS);
    this.leaveLater();
  }

  private leave(): void {
    if (this.standing === 'away') return;
    this.standing = 'away';
    this.connection += 1;
    this.told.clear();
    for (const [key, told] of this.noted) this.told.set(key, told);
    const awayMs = this.prng.chance(LONG_AWAY_RATE) ? LONG_AWAY_MS : this.prng.between(0, AWAY_MAX_MS);
    this.world.queue.after(awayMs, () => this.comeBack());
  }

  private look(connection: number, untilMs: number): void {
    const { node } = this;
    if (connection !== this.connection || node === null) return;
    const isReady = node.state === 'running' && node.core.report().state === 'ready';
    const standing =
      this.position === null ? 'too-old' : node.core.changes.resumable(this.position, node.now());
    const isBehind = !isReady || standing === 'behind';
    if (isBehind && this.world.queue.nowMs < untilMs) {
      this.world.queue.after(LOOK_MS, () => this.look(connection, untilMs));
      return;
    }
    if (node.state !== 'running') {
      this.leave();
      return;
    }
    this.standing = 'behind';
    const isResumed = !isBehind && standing === 'ready';
    if (isResumed) this.resumed += 1;
    else {
      this.listAnew(node);
      return;
    }
    this.walk(connection, node, node.core.changes.since(this.position, '', -1, node.now()));
  }

  private listAnew(node: SimNode): void {
    this.isUnsure = false;
    this.resynced += 1;
    this.told.clear();
    this.position = null;
    this.noted = new Map();
    this.overBefore = endedAt(node);
    this.standing = 'behind';
    this.connection += 1;
    this.walk(this.connection, node, node.core.changes.since(null, '', -1, node.now()));
    this.leaveLater();
  }

  private leaveLater(): void {
    const { connection } = this;
    this.world.queue.after(this.prng.between(0, STAY_MAX_MS), () => {
      if (this.connection === connection) this.leave();
    });
  }

  private walk(connection: number, node: SimNode, found: IterableIterator<Listed | undefined>): void {
    if (connection !== this.connection || node.state === 'gone') {
      found.return?.();
      return;
    }
    if (node.state === 'running') {
      const { monoMs } = node.now();
      for (let looks = 0; looks < STEP; looks += 1) {
        const next = found.next();
        if (next.done === true) {
          this.standing = 'current';
          this.note(node);
          return;
        }
        if (next.value !== undefined) {
          const { key, known } = next.value;
          this.hear(key, known, known.holding === 'stub' || known.expiresAtMs <= monoMs);
        }
      }
    }
    this.world.queue.after(this.prng.between(0, STEP_APART_MAX_MS), () => this.walk(connection, node, found));
  }
}

/** The versions that a node knows without their values, by key. */
function endedAt(node: SimNode): Map<string, Version> {
  const nothingTold = { endedThroughMs: 0, endedThroughTimeMs: 0, through: new Map(), beyond: new Map() };
  const position: Position = { node: node.identity.id, ...nothingTold };
  const ended = new Map<string, Version>();
  for (const each of node.core.changes.since(position, '', -1, node.now()))
    if (each?.known.holding === 'stub') ended.set(each.key, each.known);
  return ended;
}

/** Draws from a stream of its own, so that readers leave the rest of a run as it is. */
export function readersOf(world: World, seed: number): Reader[] {
  const prng = new Prng(seed ^ 0x7ead_e125);
  return Array.from({ length: READERS }, () => new Reader(world, prng.fork()));
}
