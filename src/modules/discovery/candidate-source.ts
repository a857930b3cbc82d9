// A place that knows where other nodes may be found.
import type { Endpoint } from '../../runtime/node-view';

export interface CandidateSource {
  /** Unique; the core keeps the candidates of each source apart by it. */
  readonly name: string;
  /** All endpoints this source knows now; empty when it cannot tell. Rejects only on a bug. */
  endpoints(): Promise<readonly Endpoint[]>;
}
