// A peer as the core reports it, with defaults for what a test does not care about.
import type { MemberReport } from '../../../src/runtime/node-view';

export function memberReport(changes: Partial<MemberReport> = {}): MemberReport {
  return {
    id: 'aaaaaaaaaaaaaaaa',
    name: 'node-2',
    address: '127.0.0.1',
    port: 8082,
    state: 'alive',
    incarnation: 0,
    rttMs: 0.25,
    lastSeenAgoMs: 10,
    hostId: 'host-a',
    failureDomain: 'host-a',
    reach: 'direct',
    lagging: false,
    missingWrites: 0,
    behindWrites: 0,
    inStep: true,
    clockOffsetMs: null,
    queuedBytes: 0,
    load: null,
    full: false,
    ...changes,
  };
}
