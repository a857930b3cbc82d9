import type { EngineChange } from '../../runtime/data-engine';
import { Changes } from './changes';
import type { Place } from './place';
import type { Entry, Look, Tails } from './tails';

const at = (ms: number, seq = 0): Place => ({ ms, seq });
const entry = (name: string, place: Place): Entry => ({ bucket: 0, place, bytes: Buffer.from(name) });

/** One bucket; what is told of an entry is its name. */
function scene(nowMs: number) {
  const tail = { cursor: null as Place | null, bornMs: 1, written: at(nowMs) };
  const tails = {
    count: 1,
    of: () => tail,
    streamNow: () => nowMs,
    follow: () => {
      tail.cursor = at(nowMs - 1, Infinity);
    },
    unfollow: () => undefined,
  } as unknown as Tails;
  const changes = new Changes('c', tails, (entries) =>
    Promise.resolve(
      entries.map(({ bytes }) => ({
        kind: 'expire',
        key: bytes.toString(),
        version: { hlc: 1, origin: '' },
      })),
    ),
  );
  const told: string[] = [];
  changes.subscribe((all: readonly EngineChange[]) => {
    told.push(...all.map((change) => (change.kind === 'unsure' ? 'unsure' : change.key)));
  });
  const look = (serverMs: number, last: Place, ...entries: Entry[]): Promise<boolean> => {
    const streamMs = Math.max(serverMs, last.ms);
    const facts = { ended: 0, isFollowing: true, bornMs: 1, isGone: false, storeId: '' };
    return changes.take([{ ...facts, serverMs, streamMs, last, entries } satisfies Look]);
  };
  return { tail, told, look, changes };
}

describe('readers of a stream', () => {
  it('hear of a change once its millisecond is over', async () => {
    const { told, look } = scene(1000);
    await look(1005, at(1005), entry('a', at(1005)));
    expect(told).toEqual([]);
    await look(1006, at(1005));
    expect(told).toEqual(['a']);
  });

  it('hear of a change once, wherever the stream has it again', async () => {
    const { told, look } = scene(1000);
    await look(1010, at(1006), entry('a', at(1005)), entry('b', at(1006)));
    await look(1020, at(1012), entry('a', at(1011)), entry('b', at(1012)));
    expect(told).toEqual(['a', 'b']);
  });

  it('are told that something may be missing where a clock is behind what they asked from, and go on', async () => {
    const { tail, told, look, changes } = scene(5000);
    await look(2000, at(1500));
    expect(told).toEqual(['unsure']);
    expect(tail.cursor).toEqual(at(1500));
    await look(2010, at(2005), entry('a', at(2005)));
    expect(told).toEqual(['unsure', 'a']);
    expect(changes.told).toBe(2010);
  });

  it('hear at once of changes that come behind one of a clock which was ahead', async () => {
    const { told, look } = scene(5000);
    await look(2000, at(5000, 7), entry('a', at(5000, 7)));
    expect(told).toEqual(['a']);
  });
});
