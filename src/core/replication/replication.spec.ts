import { ORIGIN_A, ORIGIN_B } from '../../../test/support/core/records';
import type { PutOutcome } from '../base/effects';
import type { WriteLevel } from '../base/inputs';
import { AckWindow, ackWindowMs } from '../peer/ack-window';
import { PendingWrite, type Copy } from '../peer/pending-write';
import { quorumOf, type Quorum } from '../peer/quorum';
import { outcomeOf, WriteTracker } from './write-tracker';

const EXPECTED = { nodes: 3, hosts: 1 };
const NODES_2_OF_3: Quorum = { needed: 2, counts: 'nodes' };

const copy = (id: string, hostId: string, ...addresses: string[]): Copy => ({ id, hostId, addresses });

function pending(level: WriteLevel = 'quorum', quorum = NODES_2_OF_3, startedAtMs = 0): PendingWrite {
  const version = { hlc: 1, origin: ORIGIN_A };
  return new PendingWrite(
    { requestId: 1, version, level, quorum, expected: EXPECTED, startedAtMs, valueBytes: 0 },
    copy(ORIGIN_A, 'host-a'),
  );
}

describe('the quorum', () => {
  it.each([
    // replication factor, expected nodes, expected hosts, needed, counted
    [3, 1, 1, 1, 'nodes'],
    [3, 2, 1, 2, 'nodes'],
    [3, 3, 1, 2, 'nodes'],
    [3, 10, 1, 2, 'nodes'],
    [5, 10, 1, 3, 'nodes'],
    [1, 10, 1, 1, 'nodes'],
    [3, 6, 2, 2, 'hosts'],
    [3, 9, 3, 2, 'hosts'],
    [5, 15, 5, 3, 'hosts'],
  ])('of factor %i with %i nodes on %i hosts is %i %s', (factor, nodes, hosts, needed, counts) => {
    expect(quorumOf(factor, nodes, hosts)).toEqual({ needed, counts });
  });
});

describe('a pending write', () => {
  it('counts the same node twice as one copy', () => {
    const write = pending();
    write.outstanding = 2;
    write.addCopy(copy(ORIGIN_A, 'host-a'));
    expect(write.hasQuorum()).toBe(false);
    write.addCopy(copy(ORIGIN_B, 'host-a'));
    write.addCopy(copy(ORIGIN_B, 'host-a'));
    expect([write.copies, write.hasQuorum()]).toEqual([2, true]);
  });

  it('counts hosts where hosts are what fails', () => {
    const write = pending('quorum', { needed: 2, counts: 'hosts' });
    write.addCopy(copy(ORIGIN_B, 'host-a'));
    expect(write.hasQuorum()).toBe(false);
    write.addCopy(copy('cccccccccccccccc', 'host-b'));
    expect(write.hasQuorum()).toBe(true);
  });

  it('counts a machine once however many hosts it has, and whoever says that it is on both of two', () => {
    const write = pending('quorum', { needed: 3, counts: 'hosts' });
    write.addCopy(copy(ORIGIN_B, 'host-b', '203.0.113.1'));
    write.addCopy(copy('cccccccccccccccc', 'host-c', '203.0.113.1'));
    write.addCopy(copy('dddddddddddddddd', 'host-d', '203.0.113.1', '203.0.113.2'));
    expect([write.hostCopies, write.hasQuorum()]).toEqual([2, false]);
    write.addCopy(copy('eeeeeeeeeeeeeeee', 'host-e', '203.0.113.2'));
    expect([write.hostCopies, write.hasQuorum()]).toEqual([3, true]);
  });

  it('waits for every unlagging peer even when the quorum is met', () => {
    const write = pending();
    write.outstanding = 1;
    write.awaited = 1;
    write.addCopy(copy(ORIGIN_B, 'host-a'));
    expect(write.verdict()).toBeNull();
    write.awaited = 0;
    expect(write.verdict()).toBe('held');
  });

  it('is stored only, at once, when nobody is left to acknowledge it', () => {
    expect(pending().verdict()).toBe('stored');
  });

  it('with level one waits for nobody, with level all for every expected node', () => {
    expect(pending('one').verdict()).toBe('held');
    const all = pending('all');
    all.addCopy(copy(ORIGIN_B, 'host-a'));
    expect(all.verdict()).toBe('stored');
    all.addCopy(copy('cccccccccccccccc', 'host-a'));
    expect(all.verdict()).toBe('held');
  });
});

describe('the ack window', () => {
  it.each([
    [true, 5000, 50],
    [false, null, 250],
    [false, 10, 20],
    [false, 100, 150],
    [false, 1000, 250],
  ])('on the same host (%s) with a round trip of %s ms is %i ms', (sameHost, srttMs, expected) => {
    expect(ackWindowMs(sameHost, srttMs)).toBe(expected);
  });

  it('lets writes stop waiting for a lagging peer until that has caught up', () => {
    const window = new AckWindow();
    const first = pending('quorum', NODES_2_OF_3, 1000);
    window.add(1, first);
    expect(window.deadlineMs(50)).toBe(1050);
    expect(window.markLagging()).toEqual([first]);
    expect([first.awaited, first.outstanding]).toEqual([0, 1]);
    const second = pending();
    window.add(2, second);
    expect([second.awaited, window.deadlineMs(50)]).toEqual([0, Infinity]);
    window.take(1);
    expect(window.caughtUp()).toBe(false);
    window.take(2);
    expect(window.caughtUp()).toBe(true);
    const third = pending();
    window.add(3, third);
    expect(third.awaited).toBe(1);
  });

  it('does not hold the node’s own pause against a peer', () => {
    const window = new AckWindow();
    window.add(1, pending('quorum', NODES_2_OF_3, 1000));
    window.forgive(9000);
    expect(window.deadlineMs(50)).toBe(9050);
  });

  it('gives up on everything when the link is lost', () => {
    const window = new AckWindow();
    const write = pending();
    window.add(1, write);
    expect(window.clear()).toEqual([write]);
    expect([write.outstanding, write.awaited, window.size]).toEqual([0, 0, 0]);
  });
});

describe('the write tracker', () => {
  it('settles each write exactly once, late acks notwithstanding', () => {
    const outcomes: PutOutcome[] = [];
    const tracker = new WriteTracker(2000, (settled, kind) => outcomes.push(outcomeOf(settled, kind)));
    const write = pending();
    write.outstanding = 1;
    write.awaited = 1;
    tracker.begin(write);
    tracker.judge(write);
    expect(outcomes).toEqual([]);
    tracker.expire(2000);
    write.addCopy(copy(ORIGIN_B, 'host-a'));
    tracker.judge(write);
    expect(outcomes).toMatchObject([{ kind: 'stored', acks: 1, expected: 3, hosts: 1, expectedHosts: 1 }]);
    expect(tracker.pending).toBe(0);
  });

  it('answers held at the timeout when the quorum is there and only a straggler is missing', () => {
    const kinds: string[] = [];
    const tracker = new WriteTracker(2000, (_write, kind) => kinds.push(kind));
    const write = pending();
    write.outstanding = 1;
    write.awaited = 1;
    write.addCopy(copy(ORIGIN_B, 'host-a'));
    tracker.begin(write);
    tracker.judge(write);
    expect(tracker.nextDeadlineMs()).toBe(2000);
    tracker.expire(1999);
    expect(kinds).toEqual([]);
    tracker.expire(2000);
    expect(kinds).toEqual(['held']);
    expect(tracker.nextDeadlineMs()).toBe(Infinity);
  });
});
