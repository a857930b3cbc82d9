import { LoneCore } from '../../../test/support/core/lone-core';
import { ScriptedPeer } from '../../../test/support/core/scripted-peer';
import { TIMING } from '../base/settings';

const KEY = Buffer.from('k');
const FAR = { hostId: 'host-b', address: '10.0.0.2' };
const FURTHER = { hostId: 'host-c', address: '10.0.0.3' };

const mustAsk = ({ core, monoMs, wallMs }: LoneCore): boolean => core.mustAsk(KEY, { monoMs, wallMs });

function missing(raw: LoneCore, peer: ScriptedPeer): number | undefined {
  const members = raw.core.members({ monoMs: raw.monoMs, wallMs: raw.wallMs });
  return members.find(({ id }) => id === peer.id)?.missingWrites;
}

function live(raw: LoneCore, peers: readonly ScriptedPeer[], ms: number): void {
  for (let passedMs = 0; passedMs < ms; passedMs += 5) {
    for (const peer of peers) peer.answers();
    raw.advance(5);
  }
}

/** A node in step with two others of its host, each of which has stayed. */
function inStep(): { raw: LoneCore; peers: ScriptedPeer[] } {
  const raw = new LoneCore({ expectedNodesMin: 3 });
  const peers = ['1', '2'].map((digit) => new ScriptedPeer(raw, digit));
  live(raw, peers, 6000);
  for (const peer of peers) peer.answers();
  expect(mustAsk(raw)).toBe(false);
  return { raw, peers };
}

function ask(raw: LoneCore): void {
  raw.handle({ kind: 'fetch', requestId: 1, key: KEY, minVersion: null });
  raw.advance(0);
}

const isAsked = (peer: ScriptedPeer): number[] => peer.hears('fetch').map(({ requestId }) => requestId);

describe('a node asks before it says that there is nothing', () => {
  it('while numbers of writes are missing that their origin has told of', () => {
    const { raw, peers } = inStep();
    const root = raw.core.root();
    peers[0].tells({ seq: 2, root });
    expect(mustAsk(raw)).toBe(false);
    peers[0].tells({ seq: 3 });
    expect(mustAsk(raw)).toBe(true);
    peers[0].writes(3, 'other');
    expect(mustAsk(raw)).toBe(false);
  });

  it('while another tells that it holds more of an origin than is here', () => {
    const { raw, peers } = inStep();
    peers[1].tells({ marks: [{ origin: peers[0].id, through: 1 }] });
    expect(mustAsk(raw)).toBe(true);
    peers[0].writes(1, 'other');
    expect(mustAsk(raw)).toBe(false);
  });

  it('until the origin, asked since, has told that it made no such writes, however often they are claimed', () => {
    const { raw, peers } = inStep();
    const [origin, liar] = peers;
    const claim = { marks: [{ origin: origin.id, through: 1000 }] };
    raw.advance(1);
    // What left before the claim came says nothing of it.
    origin.tells({});
    liar.tells(claim);
    origin.tells({});
    expect(mustAsk(raw)).toBe(true);
    // Whoever holds the same as this node is believed to know it all.
    for (let passedMs = 0; passedMs < 2000; passedMs += 5) {
      origin.answers();
      liar.differs(5);
    }
    origin.answers();
    liar.tells(claim);
    expect(mustAsk(raw)).toBe(false);
    origin.tells({ seq: 1000 });
    expect(mustAsk(raw)).toBe(true);
  });

  it('while the origin that could tell is out of reach, or its answer left before the claim came', () => {
    const { raw, peers } = inStep();
    const [origin, other] = peers;
    raw.advance(1000);
    other.tells({ marks: [{ origin: origin.id, through: 1000 }] });
    origin.answers();
    expect(mustAsk(raw)).toBe(true);
    origin.unlink();
    live(raw, [other], 300);
    expect(mustAsk(raw)).toBe(true);
  });

  it('and shows as missing what others hold of a member that is out of reach', () => {
    const { raw, peers } = inStep();
    peers[0].unlink();
    expect(missing(raw, peers[0])).toBe(0);
    peers[1].tells({ marks: [{ origin: peers[0].id, through: 2 }] });
    expect(missing(raw, peers[0])).toBe(2);
  });

  it('while the link to a member is down, until that is known to have ended and the others have told since', () => {
    const raw = new LoneCore({ expectedNodesMin: 3 });
    const far = new ScriptedPeer(raw, '1', FAR);
    const further = new ScriptedPeer(raw, '2', FURTHER);
    live(raw, [far, further], 6000);
    for (const peer of [far, further]) peer.answers();
    expect(mustAsk(raw)).toBe(false);
    far.unlink();
    expect(mustAsk(raw)).toBe(true);
    const stateOf = (): string | undefined =>
      raw.core.members({ monoMs: raw.monoMs, wallMs: raw.wallMs }).find(({ id }) => id === far.id)?.state;
    for (let ms = 0; ms < 20_000 && stateOf() !== 'dead'; ms += 5) live(raw, [further], 5);
    expect(stateOf()).toBe('dead');
    live(raw, [further], 2000);
    further.answers();
    expect(mustAsk(raw)).toBe(false);
  });

  it('while what comes from a member was under way for long, and while nothing comes on such a way', () => {
    const { raw, peers } = inStep();
    raw.monoMs += 30;
    raw.wallMs += 30;
    const [slow] = peers;
    slow.saysLate(60, { type: 'ping', seq: 1000, status: slow.status({ root: raw.core.root() }) });
    expect(mustAsk(raw)).toBe(true);
    slow.tells({ root: raw.core.root() });
    live(raw, peers, TIMING.lateReadWindowMs);
    slow.tells({ root: raw.core.root() });
    expect(mustAsk(raw)).toBe(false);
    raw.advance(30);
    expect(mustAsk(raw)).toBe(true);
    live(raw, peers, TIMING.slowForMs);
    for (const peer of peers) peer.answers();
    expect(mustAsk(raw)).toBe(false);
  });

  it('while a probe of a member is not answered, and nothing comes from it', () => {
    const { raw, peers } = inStep();
    for (let ms = 0; ms < 2000 && !mustAsk(raw); ms += 5) live(raw, [peers[0]], 5);
    expect(mustAsk(raw)).toBe(true);
  });
});

describe('a read of what a member out of step may hold', () => {
  it('is answered by the word of as many as leave that member no quorum', () => {
    const { raw, peers } = inStep();
    for (let ms = 0; ms < 2000 && !mustAsk(raw); ms += 5) live(raw, [peers[0]], 5);
    ask(raw);
    const [requestId] = isAsked(peers[0]);
    peers[0].replies(requestId, null, false);
    expect(raw.fetches).toEqual([{ kind: 'absent' }]);
  });

  it('is asked of the member first that told of writes that are not here', () => {
    const { raw, peers } = inStep();
    peers[0].tells({ seq: 3 });
    for (const peer of peers) peer.hearsAll();
    ask(raw);
    const [requestId] = isAsked(peers[0]);
    expect(isAsked(peers[1])).toEqual([]);
    peers[0].replies(requestId, { seq: 3, key: 'k' });
    expect(raw.fetches).toMatchObject([{ kind: 'found' }]);
  });

  it('is not known where too few are left to ask', () => {
    const raw = new LoneCore({ expectedNodesMin: 5, replicationFactor: 3 });
    const peers = ['1', '2', '3', '4'].map((digit) => new ScriptedPeer(raw, digit));
    live(raw, peers, 6000);
    for (let ms = 0; ms < 2000 && !mustAsk(raw); ms += 5) live(raw, peers.slice(0, 2), 5);
    for (const peer of peers) peer.hearsAll();
    ask(raw);
    for (let ms = 0; ms < TIMING.fetchPatienceMs + 100; ms += 5) {
      for (const peer of peers.slice(0, 2)) for (const id of isAsked(peer)) peer.replies(id, null, false);
      raw.advance(5);
    }
    expect(raw.fetches).toEqual([{ kind: 'unknown' }]);
  });
});
