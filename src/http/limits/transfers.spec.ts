import { Socket } from 'node:net';
import { until } from '../../../test/support/basics/until';
import { Ledger } from './ledger';
import { Transfer, Transfers, type CutReason, type Pace } from './transfers';

const QUICK: Pace = { windowMs: 50, bytes: 100, totalMs: 60_000 };
/** No beat comes while a test runs that counts them itself. */
const STILL: Pace = { windowMs: 1e9, bytes: 100, totalMs: 1e10 };

class Moving extends Transfer {
  readonly socket = new Socket();
  movedBytes = 0;
  why: CutReason | null = null;

  constructor(
    public heldBytes: number,
    private readonly ledger: Ledger | null = null,
  ) {
    super();
    ledger?.charge('bodies', heldBytes);
  }

  cut(reason: CutReason): void {
    this.why = reason;
    this.ledger?.give('bodies', this.heldBytes);
  }
}

function running(transfers: Transfers, heldBytes: number, speed: number, ledger: Ledger, beats = 5): Moving {
  const transfer = new Moving(heldBytes, ledger);
  transfer.speed = speed;
  transfers.begin(transfer);
  transfer.movedBytes += 1;
  transfer.beats = beats;
  return transfer;
}

describe('the pace of transfers', () => {
  it('ends what moves less than the pace within a window, and leaves alone what keeps it', async () => {
    const transfers = new Transfers(QUICK);
    const [slow, steady] = [new Moving(1), new Moving(1)];
    transfers.begin(slow);
    transfers.begin(steady);
    const feed = setInterval(() => (steady.movedBytes += 1000), 1);
    await until(() => slow.why !== null, 'the slow one to end');
    clearInterval(feed);
    expect(slow.why).toBe('too-slow');
    expect(steady.why).toBeNull();
    expect(transfers.cuts('too-slow')).toBe(1);
    transfers.end(steady);
    expect(transfers.size).toBe(0);
  });

  it('does not take for speed what had moved before it began', () => {
    const transfers = new Transfers(QUICK);
    const unread = new Moving(1);
    unread.movedBytes = 4_000_000;
    transfers.begin(unread);
    expect(unread.speed).toBe(0);
    expect(transfers.hasSlow).toBe(true);
    transfers.end(unread);
  });

  it('ends what takes too long in all, however steadily it moves', async () => {
    const transfers = new Transfers({ ...QUICK, totalMs: 200 });
    const endless = new Moving(1);
    transfers.begin(endless);
    const feed = setInterval(() => (endless.movedBytes += 1000), 1);
    await until(() => endless.why !== null, 'the endless one to end');
    clearInterval(feed);
    expect(endless.why).toBe('too-slow');
  });
});

describe('room in the ledger', () => {
  function full(): { ledger: Ledger; transfers: Transfers } {
    const [ledger, transfers] = [new Ledger(1000), new Transfers(STILL)];
    ledger.onShortage((isEnough, asking) => transfers.makeRoom(isEnough, asking));
    return { ledger, transfers };
  }

  it('is made by the slowest, and only as much as is needed', () => {
    const { ledger, transfers } = full();
    const [slowest, slow] = [running(transfers, 400, 10, ledger), running(transfers, 400, 20, ledger)];
    expect(ledger.take('bodies', 500)).toBe(true);
    expect(slowest.why).toBe('busy');
    expect(slow.why).toBeNull();
    expect(ledger.usedBytes).toBe(900);
  });

  it('is not made by the young or the fast: then the newcomer is refused', () => {
    const { ledger, transfers } = full();
    const young = running(transfers, 500, 10, ledger, 1);
    const fast = running(transfers, 500, 1e15, ledger);
    expect(ledger.take('bodies', 1)).toBe(false);
    expect([young.why, fast.why]).toEqual([null, null]);
    expect(ledger.usedBytes).toBe(1000);
  });

  it('is made by a young one that has not moved since it began, after those that are slow', () => {
    const { ledger, transfers } = full();
    const unread = new Moving(400, ledger);
    unread.movedBytes = 4_000_000;
    transfers.begin(unread);
    const slow = running(transfers, 400, 10, ledger);
    expect(ledger.take('bodies', 300)).toBe(true);
    expect([slow.why, unread.why]).toEqual(['busy', null]);
    expect(ledger.take('bodies', 600)).toBe(true);
    expect(unread.why).toBe('busy');
  });

  it('is not made for one that is the slowest itself', () => {
    const { ledger, transfers } = full();
    const [asking, other] = [running(transfers, 500, 10, ledger), running(transfers, 500, 20, ledger)];
    expect(ledger.take('bodies', 1, asking)).toBe(false);
    expect([asking.why, other.why]).toEqual([null, null]);
  });

  it('is made by anybody for what is held already', () => {
    const { ledger, transfers } = full();
    const young = running(transfers, 500, 10, ledger, 0);
    ledger.charge('answers', 600);
    expect(ledger.isOverdrawn).toBe(true);
    transfers.makeRoom(() => !ledger.isOverdrawn, null, true);
    expect(young.why).toBe('busy');
    expect(ledger.isOverdrawn).toBe(false);
  });

  it('is counted for what it is held for', () => {
    const { ledger } = full();
    ledger.charge('connections', 44);
    expect(ledger.take('listings', 956)).toBe(true);
    expect(ledger.take('bodies', 1)).toBe(false);
    ledger.give('listings', 956);
    expect([ledger.heldBy('connections'), ledger.heldBy('listings'), ledger.usedBytes]).toEqual([44, 0, 44]);
  });
});
