// Clients: a few hot keys and many cold ones, values of all sizes, short lives and long, one key
// overwritten at several nodes at the same instant, a short life after a long one, reads
// everywhere, reads of what just expired.
import type { WriteLevel } from '../../../src/core/base/inputs';
import type { Version } from '../../../src/core/base/version';
import { TIMING } from '../../../src/core/base/settings';
import { toleranceMs } from '../checkers/deadline';
import { keyBytes, makeValue, type Write } from './history';
import type { Prng } from '../world/prng';
import type { SimNode } from '../world/sim-node';
import type { Burst } from './scenario';
import type { World } from '../world/world';

const HOT_KEYS = 6;
const COLD_KEYS = 400;
/** Beyond its own timeouts a node has this long to settle a request; milliseconds. */
const SETTLE_SLACK_MS = 500;
/** A node counts as just started for this long. */
const EARLY_MS = 5000;
/** Readers come this soon after the answer. */
const ELSEWHERE_WITHIN_MS = 100;
/** One in so many requests to other nodes is a HEAD, or has a condition. */
const METADATA_EVERY = 3;

export class Workload {
  private isOver = false;

  constructor(
    private readonly world: World,
    private readonly prng: Prng,
  ) {
    const { writesPerSecond, readsPerSecond, writesFromMs } = world.scenario;
    world.queue.at(writesFromMs, () => {
      if (writesPerSecond > 0) this.repeat(writesPerSecond, () => this.writeSome());
      if (readsPerSecond > 0) this.repeat(readsPerSecond, () => this.readOne());
    });
    const { earlyReadsPerSecond } = world.scenario;
    if (earlyReadsPerSecond > 0) this.repeat(earlyReadsPerSecond, () => this.readEarly());
    if (world.scenario.readsElsewhere) world.watch.onAnswered = (write) => this.readElsewhere(write);
    for (const burst of world.scenario.bursts) this.schedule(burst);
  }

  end(): void {
    this.isOver = true;
  }

  put(node: SimNode, plan: Pick<Write, 'key' | 'ttlMs' | 'valueBytes' | 'level'>): Write {
    const { history, queue, settings } = this.world;
    const write = history.addWrite(node, plan, queue.nowMs, settings.writeTimeoutMs + SETTLE_SLACK_MS);
    this.world.watch.asked(write);
    node.submit({
      kind: 'put',
      requestId: write.requestId,
      key: keyBytes(plan.key),
      value: makeValue(write.number, plan.valueBytes),
      ttlMs: plan.ttlMs,
      level: plan.level,
    });
    return write;
  }

  private schedule({ atMs, writes, spreadMs, prefix, ttlMs, valueBytes }: Burst): void {
    for (let i = 0; i < writes; i += 1) {
      this.world.queue.at(atMs + (spreadMs * i) / writes, () => {
        const takers = this.takers();
        if (takers.length > 0)
          this.put(this.prng.pick(takers), { key: `${prefix}${i}`, ttlMs, valueBytes, level: 'quorum' });
      });
    }
  }

  private takers(): SimNode[] {
    return this.world.live().filter((node) => node.state === 'running');
  }

  private repeat(perSecond: number, act: () => void): void {
    this.world.queue.after(this.prng.between(0, 2000 / perSecond), () => {
      if (this.isOver) return;
      act();
      this.repeat(perSecond, act);
    });
  }

  private writeSome(): void {
    const takers = this.takers();
    if (takers.length === 0) return;
    const key = this.prng.chance(0.5)
      ? `hot-${this.prng.below(HOT_KEYS)}`
      : `cold-${this.prng.below(COLD_KEYS)}`;
    const isRace = this.prng.chance(0.1);
    for (const node of isRace ? takers : [this.prng.pick(takers)]) {
      const plan = { key, ttlMs: this.drawTtlMs(), valueBytes: this.drawBytes(), level: this.drawLevel() };
      this.lookAround(this.put(node, plan));
    }
  }

  private readOne(): void {
    const readers = this.world.live().filter((node) => node.state === 'running');
    if (readers.length === 0 || this.world.history.writes.length === 0) return;
    const node = this.prng.pick(readers);
    const key = this.prng.pick(this.world.history.writes).key;
    const record = this.world.watch.read(node, key);
    const asks = record === null ? node.core.mustAsk(keyBytes(key), node.now()) : this.prng.chance(0.02);
    if (asks) this.fetch(node, key);
  }

  private fetch(node: SimNode, key: string): void {
    this.fetchAtLeast(node, key, this.prng.chance(0.5) ? this.world.history.lastVersionOf(key) : null);
  }

  /** As a client that was given the address of a node that has only just bound its port. */
  private readEarly(): void {
    const { queue, history } = this.world;
    const young = this.takers().filter((node) => queue.nowMs - node.startedAtMs < EARLY_MS);
    if (young.length === 0 || history.writes.length === 0) return;
    const node = this.prng.pick(young);
    const { key } = this.prng.pick(history.writes);
    const isUnknown = this.world.watch.read(node, key) === null;
    if (isUnknown && node.core.mustAsk(keyBytes(key), node.now())) this.fetchAtLeast(node, key, null);
  }

  /** As a client that was given its key by the writer. */
  private readElsewhere({ node: writer, key }: Write): void {
    for (const node of this.takers()) {
      if (node === writer) continue;
      this.world.queue.after(this.prng.between(0, ELSEWHERE_WITHIN_MS), () => {
        if (node.state !== 'running' || this.world.watch.read(node, key) !== null) return;
        if (node.core.mustAsk(keyBytes(key), node.now())) this.fetchAtLeast(node, key, null);
      });
    }
  }

  private fetchAtLeast(node: SimNode, key: string, minVersion: Version | null): void {
    const { history, queue } = this.world;
    const boundMs = TIMING.fetchTransferMaxMs + SETTLE_SLACK_MS;
    const { requestId } = history.addFetch(node, { key, minVersion }, queue.nowMs, boundMs);
    const isMetadataOnly = requestId % METADATA_EVERY === 0;
    node.submit({ kind: 'fetch', requestId, key: keyBytes(key), minVersion, isMetadataOnly });
  }

  /**
   * Every node is read soon after the write, just before its deadline, and when it must be gone
   * everywhere.
   */
  private lookAround(write: Write): void {
    const deadlineMs = write.askedAtMs + write.ttlMs;
    const toleratedMs = toleranceMs(write, this.world);
    const soonMs = -write.ttlMs + this.prng.between(0, Math.min(1000, write.ttlMs));
    const aroundMs = this.prng.between(-toleratedMs, toleratedMs);
    for (const lateMs of [soonMs, -toleratedMs - 1, aroundMs, toleratedMs + 0.01, toleratedMs + 3000]) {
      this.world.queue.at(deadlineMs + lateMs, () => {
        for (const node of this.world.live())
          if (node.state === 'running') this.world.watch.read(node, write.key);
      });
    }
  }

  private drawTtlMs(): number {
    const longest = this.world.settings.ttlMaxMs;
    const [low, high] = this.prng.pick([
      [200, 3000],
      [3000, 15_000],
      [15_000, 60_000],
      [longest / 2, longest],
    ]);
    return Math.min(longest, Math.round(this.prng.between(low, high)));
  }

  private drawBytes(): number {
    if (this.prng.chance(this.world.scenario.largeValueRate)) return 65_000 + this.prng.below(140_000);
    return this.prng.chance(0.1) ? 0 : 4 + this.prng.below(this.prng.chance(0.1) ? 20_000 : 200);
  }

  private drawLevel(): WriteLevel {
    return this.prng.chance(0.8) ? 'quorum' : this.prng.pick(['one', 'all']);
  }
}
