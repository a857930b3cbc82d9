// Numbers that peers say and that no node could have counted: what comes of them can still be told
// to everyone, and lasts no longer than the lie. What else can be said wrongly is the fuzzer's
// (test/fuzz).
import { FIGURE_MAX, SEQUENCE_MAX } from '../../src/core/base/bounds';
import { writeChunk } from '../../src/core/wire/codec';
import { FRAME_HEADER_BYTES } from '../../src/core/wire/messages';
import { LoneCore } from '../support/core/lone-core';
import { ackFrame, bulkFrame, controlFrame, frameOf, STATUS, stranger } from '../support/core/forged-frames';
import { ScriptedPeer } from '../support/core/scripted-peer';
import { entry } from '../support/core/records';

const MOST = Number.MAX_SAFE_INTEGER;

/** A ping whose count of writes is this, beyond every bound of the writer. */
function pingOfWrites(seq: number): Uint8Array {
  const marked = controlFrame({ type: 'ping', seq: 1, status: { ...STATUS, seq: 77, marks: [] } });
  const at = marked.indexOf(77);
  const digits: number[] = [];
  for (let rest = seq; ; rest = Math.floor(rest / 128)) {
    digits.push((rest % 128) | (rest >= 128 ? 128 : 0));
    if (rest < 128) break;
  }
  return Buffer.concat([marked.subarray(0, at), Buffer.from(digits), marked.subarray(at + 1)]);
}

function missingWrites(raw: LoneCore): number {
  return raw.core.report().replication.missingWrites;
}

describe('a count of writes', () => {
  it('that no node can have made closes its link, and the node goes on telling its own', () => {
    const raw = new LoneCore();
    raw.put('treasure', 'gold');
    const links = ['1', '2'].map((digit) => raw.linked(stranger(digit)));
    for (const link of links) raw.frame(link, pingOfWrites(MOST));
    raw.advance(2000);
    expect(raw.closed).toEqual(links.map((linkId) => ({ linkId, reason: 'protocol-error' })));
    expect(missingWrites(raw)).toBe(0);
    expect(raw.read('treasure')).toBe('gold');
    expect(raw.said(raw.linked(stranger('3')))).toContainEqual(expect.objectContaining({ type: 'ping' }));
  });

  it('that many peers claim adds up to no more than can be said', () => {
    const raw = new LoneCore();
    const links = ['1', '2', '3', '4', '6', '7', '8'].map((digit) => raw.linked(stranger(digit)));
    for (let round = 0; round < 4; round += 1) {
      for (const link of links) raw.frame(link, pingOfWrites(SEQUENCE_MAX));
      raw.advance(1000);
    }
    expect(raw.closed).toEqual([]);
    expect(missingWrites(raw)).toBe(FIGURE_MAX);
    const told = raw.said(links[0]).filter((message) => message.type === 'ping');
    expect(told.at(-1)).toMatchObject({ status: { load: { missingWrites: FIGURE_MAX } } });
  });

  it('that somebody else claims of a member is not believed', () => {
    const core = new LoneCore();
    const [honest, liar] = [new ScriptedPeer(core, 'a'), new ScriptedPeer(core, 'b')];
    honest.writes(1, 'k1');
    honest.tells({ seq: 1 });
    liar.passesOn(honest.id, SEQUENCE_MAX, 'k2');
    expect(missingWrites(core)).toBe(0);
    honest.tells({ seq: 1 });
    core.advance(3000);
    expect(honest.hears('gapRequest')).toEqual([]);
  });

  it('that somebody else claims to hold of a member ends with the next word of the member itself', () => {
    const core = new LoneCore();
    const [honest, liar] = [new ScriptedPeer(core, 'a'), new ScriptedPeer(core, 'b')];
    const marks = [{ origin: honest.id, through: SEQUENCE_MAX }];
    liar.tells({ root: core.core.root(), marks });
    honest.tells({ seq: 3 });
    expect(missingWrites(core)).toBe(3);
  });

  it('that a peer claims to have of this node leaves nothing behind', () => {
    const core = new LoneCore();
    core.put('k', 'v');
    const liar = new ScriptedPeer(core, 'b');
    liar.tells({ marks: [{ origin: '5555555555555555', through: SEQUENCE_MAX }] });
    const now = { monoMs: core.monoMs, wallMs: core.wallMs };
    expect(core.core.members(now)[0].behindWrites).toBe(0);
  });
});

describe('a version', () => {
  it('that nobody stamped, asked for by a client, makes no peer close its link', () => {
    const core = new LoneCore();
    const peer = new ScriptedPeer(core, 'a');
    peer.tells({});
    const minVersion = { hlc: 0, origin: peer.id };
    core.handle({ kind: 'fetch', requestId: 1, key: Buffer.from('k'), minVersion });
    core.advance(10);
    expect(peer.hears('fetch')).toEqual([expect.objectContaining({ key: 'k', minVersion: null })]);
  });

  it('whose stamp is the greatest there is moves no clock', () => {
    const core = new LoneCore();
    const peer = new ScriptedPeer(core, 'a');
    peer.writes(1, 'k', { hlc: MOST });
    expect(peer.hears('acks')).toEqual([
      expect.objectContaining({ acks: [expect.objectContaining({ status: 'refused' })] }),
    ]);
    const outcome = core.put('own', 'v', 'one');
    expect(outcome).toMatchObject({ kind: 'held' });
    expect(core.core.report().replication.refusedVersions).toBe(1);
  });
});

it('in pieces come values only: a list that would fill more than a frame closes its link', () => {
  const raw = new LoneCore();
  const links = ['1', '2'].map((digit) => raw.linked(stranger(digit)));
  const write = bulkFrame({ type: 'write', entry: entry() }, stranger('1').id);
  [write, ackFrame()].forEach((whole, index) => {
    const bytes = whole.subarray(FRAME_HEADER_BYTES);
    const chunk = { transfer: 1, total: bytes.length, offset: 0, bytes };
    raw.frame(
      links[index],
      frameOf((writer) => writeChunk(writer, chunk)),
    );
  });
  expect(links.map((link) => raw.isOpen(link))).toEqual([true, false]);
});
