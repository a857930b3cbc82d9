// What can be wrong with a node. The first three are judged: a node that fails one of them should
// get no traffic. The others are told (`degraded`) and not judged. A lone or full node is still
// healthy and answers what it holds.
import { Inject, Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import type { DataEngine } from '../../runtime/data-engine';
import type { NodeView } from '../../runtime/node-view';
import { residentBytes } from '../../runtime/process-figures';
import { DATA_ENGINE, NODE_VIEW } from '../../runtime/tokens';
import { quorumView } from './quorum-view';

const TICK_AGE_MS_MAX = 5000;
const MEMORY_SHARE_MAX = 0.95;
const STORAGE_SHARE_DEGRADED = 0.9;
const LOOP_DELAY_MS_DEGRADED = 100;

@Injectable()
export class NodeIndicators {
  constructor(
    private readonly indicators: HealthIndicatorService,
    @Inject(DATA_ENGINE) private readonly engine: DataEngine,
    @Inject(NODE_VIEW) private readonly view: NodeView,
  ) {}

  /** Down while the node says goodbye. */
  serving(): HealthIndicatorResult {
    const state = this.engine.state();
    const session = this.indicators.check('serving');
    return state === 'draining' ? session.down({ state }) : session.up({ state });
  }

  /** Down when the core has not run for five seconds: nothing expires or replicates then. */
  runtime(): HealthIndicatorResult {
    const lastTickAgoMs = Math.round(this.view.sinceLastTickMs());
    const session = this.indicators.check('runtime');
    const facts = { last_tick_ago_ms: lastTickAgoMs };
    return lastTickAgoMs > TICK_AGE_MS_MAX ? session.down(facts) : session.up(facts);
  }

  /**
   * Down when the kernel is about to kill for want of memory, or to give this process no more. All
   * processes that share the limit of a group share that fate, so all of them count.
   */
  memory(): HealthIndicatorResult {
    const rssBytes = residentBytes();
    const usage = this.view.memoryUsage();
    const session = this.indicators.check('memory');
    if (usage === null) return session.up({ degraded: false, rss_bytes: rssBytes });
    const { limitBytes, scope, throttled } = usage;
    const usedBytes = usage.usedBytes ?? rssBytes;
    const isNear = usedBytes !== null && usedBytes > limitBytes * MEMORY_SHARE_MAX;
    const facts = { rss_bytes: rssBytes, used_bytes: usedBytes, limit_bytes: limitBytes, scope };
    // A machine that runs short has swap, and others to blame.
    return isNear && scope !== 'machine'
      ? session.down({ degraded: true, ...facts })
      : session.up({ degraded: isNear || throttled, ...facts });
  }

  /** Down until this node holds what its peers hold. */
  synced(): HealthIndicatorResult {
    const state = this.engine.state();
    const session = this.indicators.check('synced');
    const { engine, isReachable, problem } = this.engine.about();
    const store = { store_reachable: isReachable, ...(typeof problem === 'string' ? { problem } : {}) };
    const facts = { state, engine, ...(engine === 'gossip' ? {} : store) };
    return state === 'ready' ? session.up(facts) : session.down(facts);
  }

  storage(): HealthIndicatorResult {
    const { keys, usedBytes, limitBytes } = this.engine.stats();
    const degraded = usedBytes > limitBytes * STORAGE_SHARE_DEGRADED;
    const facts = { degraded, keys, used_bytes: usedBytes, limit_bytes: limitBytes };
    return this.indicators.check('storage').up(facts);
  }

  eventLoop(): HealthIndicatorResult {
    const { p50, p99, max } = this.view.loopDelayMs();
    const facts = { degraded: p99 > LOOP_DELAY_MS_DEGRADED, p50_ms: p50, p99_ms: p99, max_ms: max };
    return this.indicators.check('event_loop').up(facts);
  }

  membership(): HealthIndicatorResult {
    const { alive, suspect, dead, links } = this.view.report().membership;
    return this.indicators
      .check('membership')
      .up({ degraded: suspect + dead > 0, alive, suspect, dead, links });
  }

  quorum(): HealthIndicatorResult {
    const seen = quorumView(this.view.report());
    return this.indicators.check('quorum').up({ degraded: seen.reachable < seen.needed, ...seen });
  }
}
