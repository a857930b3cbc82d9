import { DURATION_BOUNDS_MS, NodeTally } from './node-tally';

const LINKS = {
  refusedByPolicy: 1,
  refusedOrigin: 2,
  refusedForwarded: 6,
  failedProof: 3,
  invalidFrames: 4,
  links: 5,
};
const version = { hlc: 1, origin: 'a' };

describe('the tally', () => {
  it('counts writes by outcome, and copies only of those that were stored', () => {
    const tally = new NodeTally();
    tally.settled({ kind: 'held', version, acks: 3, expected: 3, hosts: 1, expectedHosts: 1 }, 1);
    tally.settled({ kind: 'stored', version, acks: 1, expected: 3, hosts: 1, expectedHosts: 1 }, 2000);
    tally.settled({ kind: 'full', at: 'here', usedBytes: 1, limitBytes: 1 }, 0);
    tally.settled({ kind: 'busy' }, 0);
    tally.settled({ kind: 'unstamped' }, 0);
    tally.settled({ kind: 'draining' }, 0);
    tally.settled({ kind: 'away' }, 0);
    const { writes, acks } = tally.read(LINKS);
    expect({ writes, acks }).toEqual({
      writes: { held: 1, stored: 1, full: 1, busy: 1, unstamped: 1, draining: 1, away: 1 },
      acks: 4,
    });
  });

  it('puts a duration into the first class whose bound it does not exceed, and the longest behind the last', () => {
    const tally = new NodeTally();
    for (const ms of [0, 1, 1.001, 2, 9999])
      tally.settled({ kind: 'held', version, acks: 1, expected: 1, hosts: 1, expectedHosts: 1 }, ms);
    const { held, stored } = tally.read(LINKS).durations;
    expect(held.classes).toEqual([2, 2, ...DURATION_BOUNDS_MS.slice(2).map(() => 0), 1]);
    expect(held.sumMs).toBeCloseTo(10_003.001);
    expect(stored).toEqual({ classes: held.classes.map(() => 0), sumMs: 0 });
  });

  it('counts frames in both directions beside what the links themselves count', () => {
    const tally = new NodeTally();
    tally.sent(10);
    tally.sent(5);
    tally.received(7);
    expect(tally.read(LINKS).links).toEqual({
      ...LINKS,
      sentFrames: 2,
      sentBytes: 15,
      receivedFrames: 1,
      receivedBytes: 7,
    });
  });

  it('hands out copies that later counting does not change', () => {
    const tally = new NodeTally();
    const before = tally.read(LINKS);
    tally.settled({ kind: 'held', version, acks: 1, expected: 1, hosts: 1, expectedHosts: 1 }, 3);
    expect(before.writes.held).toBe(0);
    expect(before.durations.held.classes.every((count) => count === 0)).toBe(true);
  });
});
