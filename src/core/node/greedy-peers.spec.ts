// What many peers that ask for everything, again and again, can make one node do in one call.
import { controlFrame } from '../../../test/support/core/forged-frames';
import { LoneCore } from '../../../test/support/core/lone-core';
import { ScriptedPeer } from '../../../test/support/core/scripted-peer';

const PEERS = 20;
const MIB = 1024 * 1024;

interface Scene {
  readonly victim: LoneCore;
  readonly peers: readonly ScriptedPeer[];
  /** One call of the core; how many bytes it sends to each link. */
  readonly call: () => Map<number, number>;
}

/** All of them have asked for everything, and the node has answered none yet. */
function asked(valueBytes: number, keys: number, peerCount = PEERS): Scene {
  const victim = new LoneCore({ storageBytesMax: 256 * MIB });
  for (let at = 0; at < keys; at += 1) victim.put(`key ${at}`, 'v'.repeat(valueBytes), 'one');
  const peers = Array.from(
    { length: peerCount },
    (_, at) => new ScriptedPeer(victim, (at + 16).toString(16)),
  );
  for (const peer of peers) peer.reads();
  const bytes = controlFrame({ type: 'syncRequest', session: 1, leaves: null });
  for (let linkId = 1; linkId <= peerCount; linkId += 1) victim.handle({ kind: 'frame', linkId, bytes });
  const call = (): Map<number, number> => {
    const from = victim.sent.length;
    victim.core.tick({ monoMs: victim.monoMs, wallMs: victim.wallMs }, victim);
    const sent = new Map<number, number>();
    for (const each of victim.sent.slice(from)) {
      sent.set(each.linkId, (sent.get(each.linkId) ?? 0) + each.bytes.byteLength);
    }
    return sent;
  };
  return { victim, peers, call };
}

const sum = (sent: ReadonlyMap<number, number>): number =>
  [...sent.values()].reduce((all, each) => all + each, 0);

describe('a node of which many peers ask for everything', () => {
  it.each([
    ['small values', 500, 2000],
    ['large values', 200_000, 20],
  ])('sends no more of %s in one call than one of them would get', (_title, valueBytes, keys) => {
    const bytes = sum(asked(valueBytes, keys).call());
    expect(bytes).toBeGreaterThan(100_000);
    expect(bytes).toBeLessThan(MIB);
  });

  it('serves them in turn', () => {
    const { call } = asked(500, 2000);
    const served = new Set<number>();
    for (let at = 0; at < PEERS; at += 1) for (const linkId of call().keys()) served.add(linkId);
    expect(served.size).toBe(PEERS);
  });

  it('gives all of them everything', () => {
    const { peers } = asked(500, 500, 4);
    for (let round = 0; round < 10; round += 1) for (const peer of peers) peer.reads();
    for (const peer of peers) expect(peer.hears('syncEnd')).toHaveLength(1);
  });

  it('comes to the end of what one wants that asks again all the time', () => {
    const { victim, peers, call } = asked(500, 2000, 1);
    const [greedy] = peers;
    for (let session = 2; session < 40; session += 1) {
      const bytes = controlFrame({ type: 'syncRequest', session, leaves: null });
      victim.handle({ kind: 'frame', linkId: 1, bytes });
      victim.handle({ kind: 'link-flushed', linkId: 1, bytes: sum(call()) });
    }
    expect(greedy.hears('syncEnd').length).toBeGreaterThan(2);
  });
});
