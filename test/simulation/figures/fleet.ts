// A world without checkers, faults and clients, for figures: they begin what they measure
// themselves.
import type { Entry } from '../../../src/core/store/entry';
import { TIMING } from '../../../src/core/base/settings';
import { keyBytes, makeValue } from '../run/history';
import { CALM, type Scenario } from '../run/scenario';
import type { SimNode } from '../world/sim-node';
import { productCore, type CoreFactory } from '../world/simulated-core';
import { World } from '../world/world';

export type Plan = Partial<Scenario> & Pick<Scenario, 'hosts'>;

/** Formation is looked at this often, and given up after the bound; milliseconds. */
const STEP_MS = 1;
const FORMATION_BOUND_MS = 30_000;
const TTL_MS = 300_000;
const SETTLE_MS = 2000;

export interface FleetOptions {
  readonly makeCore?: CoreFactory;
  /** A value became readable on the node of this id. */
  readonly onStored?: (id: string, entry: Entry) => void;
}

export class Fleet {
  readonly world: World;
  private written = 0;

  constructor(plan: Plan, seed: number, options: FleetOptions = {}) {
    const { makeCore = productCore, onStored } = options;
    const quiet = { ...CALM, writesPerSecond: 0, readsPerSecond: 0, largeValueRate: 0, ...plan };
    this.world = new World(
      quiet,
      seed,
      (core) =>
        makeCore({
          ...core,
          onStored: (entry) => {
            core.onStored?.(entry);
            onStored?.(core.identity.id, entry);
          },
        }),
      [],
    );
  }

  get nowMs(): number {
    return this.world.queue.nowMs;
  }

  get nodes(): readonly SimNode[] {
    return this.world.live();
  }

  pass(ms: number): void {
    this.world.queue.runUntil(this.nowMs + ms);
  }

  /**
   * Lets time pass until `isSo`; returns how long that took, null when it was not within the bound.
   */
  until(isSo: () => boolean, boundMs: number, stepMs = STEP_MS): number | null {
    const beganMs = this.nowMs;
    while (!isSo()) {
      if (this.nowMs - beganMs >= boundMs) return null;
      this.pass(stepMs);
    }
    return this.nowMs - beganMs;
  }

  /**
   * Until all nodes were started and each has a link to each: milliseconds since the last start;
   * null = never.
   */
  form(): number | null {
    const size = this.world.scenario.hosts.reduce((sum, count) => sum + count, 0);
    const isFormed = (): boolean =>
      this.world.nodes.length === size && this.nodes.every((node) => linksOf(node) === size - 1);
    if (this.until(isFormed, FORMATION_BOUND_MS) === null) return null;
    return this.nowMs - Math.max(...this.nodes.map((node) => node.startedAtMs));
  }

  /**
   * Forms, and lets everybody have probed everybody: what a fresh link has repaired by then is no
   * part of a figure.
   */
  settle(): this {
    if (this.form() === null) throw new Error('the nodes did not form');
    this.pass(SETTLE_MS + 2 * TIMING.probeIntervalRemoteMs * this.nodes.length);
    return this;
  }

  /** Writes `valueBytes` under a fresh key; returns the key. */
  put(node: SimNode, valueBytes: number): string {
    this.written += 1;
    const key = `figure-${this.written}`;
    const { history, queue } = this.world;
    const plan = { key, ttlMs: TTL_MS, valueBytes, level: 'quorum' as const };
    const { requestId, number } = history.addWrite(node, plan, queue.nowMs, Infinity);
    const value = makeValue(number, valueBytes);
    node.submit({ kind: 'put', requestId, key: keyBytes(key), value, ttlMs: TTL_MS, level: 'quorum' });
    return key;
  }
}

function linksOf(node: SimNode): number {
  return node.core.report().membership.links;
}
