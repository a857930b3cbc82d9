// How often the platform is asked what.
import type { PollTiming } from './poll-loop';

export interface FluxTiming {
  readonly locations: PollTiming;
  readonly specification: PollTiming;
  readonly hostInfo: PollTiming;
}

/** The API answers from a cache of 30 s. A specification changes by hand, and the host may get another address at any time. */
export const FLUX_TIMING: FluxTiming = {
  locations: { periodMs: 30_000, retryMs: 2000, retryMaxMs: 300_000 },
  specification: { periodMs: 300_000, retryMs: 2000, retryMaxMs: 300_000 },
  hostInfo: { periodMs: 30_000, retryMs: 2000, retryMaxMs: 300_000 },
};
