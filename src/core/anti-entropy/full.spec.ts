// What a node asks of its peers while it has no room, and when it has some again.
import { LoneCore } from '../../../test/support/core/lone-core';
import { ScriptedPeer } from '../../../test/support/core/scripted-peer';
import type { Received } from '../wire/messages';

const KIB = 1024;
const FILLS_MS = 120_000;
const WATCHED_MS = 60_000;
type GapRequest = Extract<Received, { type: 'gapRequest' }>;

/** Full for a while, and in step with its peer until it was. */
function full(): { victim: LoneCore; peer: ScriptedPeer } {
  const victim = new LoneCore({ storageBytesMax: 64 * KIB });
  const peer = new ScriptedPeer(victim, 'a');
  peer.tells({ root: victim.core.root() });
  const puts = [50, 8, 8].map((kib, requestId) => {
    const value = Buffer.alloc(kib * KIB);
    const key = Buffer.from(`filling ${requestId}`);
    victim.handle({ kind: 'put', requestId, key, value, ttlMs: FILLS_MS, level: 'one' });
    victim.advance(1);
    return victim.puts.at(-1)?.kind;
  });
  expect(puts).toEqual(['held', 'held', 'full']);
  return { victim, peer };
}

/** All gaps that are asked for, while the peer goes on and answers each with `answer`. */
function gapsAsked(
  { victim, peer }: ReturnType<typeof full>,
  seq: number,
  answer: (request: GapRequest) => void,
): GapRequest[] {
  const all: GapRequest[] = [];
  for (let passedMs = 0; passedMs < WATCHED_MS; passedMs += 250) {
    peer.tells({ seq });
    victim.advance(250);
    for (const request of peer.hears('gapRequest')) {
      all.push(request);
      answer(request);
    }
  }
  return all;
}

it('does not ask for what it has just refused for want of room', () => {
  const { victim, peer } = full();
  for (const seq of [1, 2, 3]) peer.writes(seq, `k${seq}`);
  expect(victim.read('k2')).toBeNull();
  expect(gapsAsked({ victim, peer }, 3, () => undefined)).toEqual([]);
});

it('asks for what lies before a write that it refused', () => {
  const { victim, peer } = full();
  peer.writes(3, 'k3');
  peer.tells({ seq: 3 });
  victim.advance(500);
  peer.tells({ seq: 3 });
  victim.advance(1000);
  expect(peer.hears('gapRequest')).toMatchObject([{ from: 1, to: 2 }]);
});

it('asks ever more seldom for what its writer does not remember any more', () => {
  const { victim, peer } = full();
  const asked = gapsAsked({ victim, peer }, 9, ({ session }) =>
    peer.says({ type: 'syncEnd', session, through: 0 }),
  );
  expect(asked.length).toBeGreaterThan(1);
  expect(asked.length).toBeLessThanOrEqual(7);
});

it('vouches for nothing from a write on that it refused', () => {
  const { victim, peer } = full();
  const other = new ScriptedPeer(victim, 'b');
  other.tells({ root: victim.core.root() });
  for (const seq of [1, 2]) peer.writes(seq, `k${seq}`);
  victim.advance(1000);
  const statuses = other.hears('ping').map(({ status }) => status);
  expect(statuses.length).toBeGreaterThan(0);
  for (const { marks } of statuses)
    expect(marks.filter(({ origin, through }) => origin === peer.id && through > 0)).toEqual([]);
});

it('compares itself with its peers once room has come back, and not before', () => {
  const { victim, peer } = full();
  const sinceMs = victim.monoMs;
  peer.writes(1, 'k1');
  let comparedAtMs = 0;
  for (let passedMs = 0; passedMs < 2 * FILLS_MS && comparedAtMs === 0; passedMs += 250) {
    peer.tells({ seq: 1 });
    victim.advance(250);
    if (peer.hears('leavesRequest').length > 0) comparedAtMs = victim.monoMs - sinceMs;
  }
  expect(comparedAtMs).toBeGreaterThan(FILLS_MS - 1000);
  expect(comparedAtMs).toBeLessThan(FILLS_MS + 2000);
});
