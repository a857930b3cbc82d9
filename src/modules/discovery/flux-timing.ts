// How often the platform is asked what.
import type { EarlyTiming } from './early-polls';
import type { PollTiming } from './poll-loop';

export interface FluxTiming {
  readonly locations: PollTiming & EarlyTiming;
  readonly specification: PollTiming;
  readonly hostInfo: PollTiming;
  /**
   * Looking up the other components on this host. One deployed anew has another address, and the
   * API has no part in that.
   */
  readonly names: PollTiming;
}

/**
 * The API answers from a cache of 30 s, hence the period of the list. Early questions are a third
 * of that apart at first. More often they would mostly be given the same answer again. A
 * specification changes by hand, and the host may get another address at any time.
 */
export const FLUX_TIMING: FluxTiming = {
  locations: { periodMs: 30_000, earlyMs: 10_000, retryMs: 2000, retryMaxMs: 300_000 },
  specification: { periodMs: 300_000, retryMs: 2000, retryMaxMs: 300_000 },
  hostInfo: { periodMs: 30_000, retryMs: 2000, retryMaxMs: 300_000 },
  names: { periodMs: 30_000, retryMs: 30_000, retryMaxMs: 30_000 },
};
