import { RawCore } from '../../../test/support/raw-core';
import {
  bulkFrame,
  controlFrame,
  frameOf,
  rawWrite,
  STATUS,
  stranger,
} from '../../../test/support/raw-frames';
import type { NodeIdentity } from '../membership/identity';
import { HLC_TICKS_PER_MS, type Version } from '../version/version';

const PEERS = ['1', '2', '3', '4', '6', '7', '8'].map((digit) => stranger(digit));

/** A node with seven ready peers. */
function setUp(): { raw: RawCore; links: Map<string, number> } {
  const raw = new RawCore();
  const links = new Map(PEERS.map((peer) => [peer.id, raw.linked(peer)]));
  const status = { ...STATUS, wallMs: raw.wallMs };
  for (const link of links.values()) raw.frame(link, controlFrame({ type: 'ping', seq: 1, status }));
  return { raw, links };
}

function asked(raw: RawCore, links: Map<string, number>): string[] {
  return [...links].flatMap(([id, link]) =>
    raw.said(link).some(({ type }) => type === 'fetch') ? [id] : [],
  );
}

function answerAbsent(raw: RawCore, peer: NodeIdentity, link: number): void {
  raw.frame(link, bulkFrame({ type: 'fetchReply', requestId: 1, entry: null }, peer.id, raw.monoMs));
}

function ask(raw: RawCore, minVersion: Version | null): void {
  raw.handle({ kind: 'fetch', requestId: 1, key: Buffer.from('k'), minVersion });
  raw.advance(0);
}

describe('a read of at least a version', () => {
  it('is asked of the node that wrote it', () => {
    for (const writer of PEERS) {
      const { raw, links } = setUp();
      ask(raw, { hlc: raw.wallMs * HLC_TICKS_PER_MS, origin: writer.id });
      expect(asked(raw, links)).toEqual([writer.id]);
    }
  });

  it('is answered when the version arrives, though nobody who was asked had it yet', () => {
    const { raw, links } = setUp();
    const hlc = raw.wallMs * HLC_TICKS_PER_MS;
    ask(raw, { hlc, origin: 'f'.repeat(16) });
    for (let times = 0; times < 3; times += 1)
      for (const peer of PEERS) answerAbsent(raw, peer, links.get(peer.id) ?? 0);
    expect(asked(raw, links)).toHaveLength(3);
    expect(raw.fetches).toEqual([]);
    raw.advance(100);
    const value = Buffer.from('v');
    const late = frameOf((writing) => {
      rawWrite(writing, { key: 'k', value, hlc: hlc + 1, seq: 1, ttlMs: 60_000, age: 0, coverMs: 0 });
    }, raw.monoMs);
    raw.frame(links.get(PEERS[6].id) ?? 0, late);
    expect(raw.fetches).toEqual([expect.objectContaining({ kind: 'found' })]);
  });

  it('ends as absent after a quarter of a second in which it did not arrive', () => {
    const { raw, links } = setUp();
    ask(raw, { hlc: raw.wallMs * HLC_TICKS_PER_MS, origin: 'f'.repeat(16) });
    for (let times = 0; times < 3; times += 1)
      for (const peer of PEERS) answerAbsent(raw, peer, links.get(peer.id) ?? 0);
    raw.advance(200);
    expect(raw.fetches).toEqual([]);
    raw.advance(60);
    expect(raw.fetches).toEqual([{ kind: 'absent' }]);
  });
});

describe('a read that this node cannot answer alone', () => {
  it('ends with the first word of an up-to-date peer', () => {
    const { raw, links } = setUp();
    ask(raw, null);
    const [first] = asked(raw, links);
    answerAbsent(raw, stranger(first[0]), links.get(first) ?? 0);
    expect(raw.fetches).toEqual([{ kind: 'absent' }]);
  });
});
