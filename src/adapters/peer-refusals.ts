// Every caller that a node did not take for a peer: counted each time, logged once for each address
// and reason.
import { FirstTime } from './first-time';
import type { Log } from './log';
import type { GreetingResult } from './peer-socket';

export interface RefusalCounts {
  readonly refusedByPolicy: number;
  readonly refusedOrigin: number;
  /** It came through a proxy, and there is no secret to tell who asks. */
  readonly refusedForwarded: number;
  readonly failedProof: number;
  readonly invalidFrames: number;
}

export type Counted = keyof RefusalCounts;

export class PeerRefusals {
  readonly counts: Record<Counted, number> = {
    refusedByPolicy: 0,
    refusedOrigin: 0,
    refusedForwarded: 0,
    failedProof: 0,
    invalidFrames: 0,
  };
  private readonly firstTime = new FirstTime();

  constructor(private readonly log: Log) {}

  count(what: Counted): void {
    this.counts[what] += 1;
  }

  /** A greeting that made no peer, whichever end gave it up. */
  greeting(address: string, result: GreetingResult): void {
    switch (result.kind) {
      case 'refused':
      case 'rejected': {
        if (result.code === 'other-secret') this.count('failedProof');
        if (result.code === 'self') return;
        const level = result.code === 'other-cluster' ? 'info' : 'warn';
        const event = result.kind === 'refused' ? 'peer-refused' : 'refused-by-peer';
        this.logOnce(level, event, address, result.code, result.kind === 'refused' ? result.detail : '');
        return;
      }
      case 'junk':
        this.count('invalidFrames');
        this.logOnce('warn', 'peer-refused', address, 'junk', result.problem);
        return;
      case 'timeout':
        this.logOnce('warn', 'peer-refused', address, 'timeout', 'no greeting in time');
        return;
      case 'closed':
      case 'proven':
        return;
    }
  }

  logOnce(level: 'info' | 'warn', event: string, address: string, reason: string, detail: string): void {
    if (!this.firstTime.isFirst(`${event} ${reason} ${address}`)) return;
    this.log[level](event, detail === '' ? { address, reason } : { address, reason, detail });
  }
}
