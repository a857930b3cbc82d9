// What many peers can make one node hold, that read nothing and say half of something.
import { RawCore } from '../../../test/support/raw-core';
import { heldBytes } from '../../../test/support/raw-memory';
import { RawPeer } from '../../../test/support/raw-peer';

const MIB = 1024 * 1024;
const VALUE_BYTES = 4 * MIB;
const PEERS = 30;
const SETTINGS = {
  valueBytesMax: VALUE_BYTES,
  queueBytesMax: VALUE_BYTES,
  storageBytesMax: 64 * MIB,
};

const ids = (count: number): string[] =>
  Array.from({ length: count }, (_, at) => (at + 16).toString(16).padStart(2, '0'));

function value(at: number): string {
  return String.fromCharCode(97 + at).repeat(VALUE_BYTES - 1000);
}

function queuedBytes({ core }: RawCore): number {
  return core.report().replication.queuedBytes;
}

describe('a node whose many peers read nothing', () => {
  it('holds a value once for all of them, on its way too', () => {
    const victim = new RawCore(SETTINGS);
    for (const id of ids(PEERS)) new RawPeer(victim, id);
    const before = heldBytes();
    victim.put('large', value(0), 'one');
    victim.sent.splice(0);
    expect(heldBytes() - before).toBeLessThan(3 * VALUE_BYTES);
    expect(victim.core.audit()).toEqual([]);
  });

  it('queues no more for all of them than may wait, and one value, however often it is written', () => {
    const victim = new RawCore(SETTINGS);
    for (const id of ids(PEERS)) new RawPeer(victim, id);
    const before = heldBytes();
    for (let at = 0; at < 12; at += 1) {
      victim.put('large', value(at), 'one');
      expect(queuedBytes(victim)).toBeLessThanOrEqual(2 * VALUE_BYTES + 4096);
      victim.sent.splice(0);
    }
    expect(heldBytes() - before).toBeLessThan(4 * VALUE_BYTES);
  });

  it('gives no room to those that came and went', () => {
    const victim = new RawCore(SETTINGS);
    const peers = ids(PEERS).map((id) => new RawPeer(victim, id));
    victim.put('large', value(0), 'one');
    expect(queuedBytes(victim)).toBeGreaterThan(VALUE_BYTES / 2);
    for (const peer of peers) peer.unlink();
    expect(queuedBytes(victim)).toBe(0);
  });

  it('sends everything to the one that reads', () => {
    const victim = new RawCore(SETTINGS);
    const reader = new RawPeer(victim, 'a');
    for (const id of ids(PEERS)) new RawPeer(victim, id);
    for (let at = 0; at < 8; at += 1) {
      expect(victim.put('large', value(at), 'one')?.kind).toBe('held');
      reader.reads();
    }
    const last = reader.hears('chunk').filter(({ offset, bytes, total }) => offset + bytes.length === total);
    expect(last).toHaveLength(8);
  });

  it('counts on none whose queue gave way', () => {
    const victim = new RawCore(SETTINGS);
    const [behind, reader] = ['a', 'b'].map((id) => new RawPeer(victim, id));
    victim.put('first', value(0), 'one');
    reader.reads();
    victim.put('second', value(1), 'one');
    reader.reads();
    victim.put('third', value(2), 'one');
    victim.advance(1);
    reader.reads();
    behind.says({ type: 'gapRequest', session: 1, from: 1, to: 3 });
    behind.reads();
    expect(behind.hears('syncEnd')).toEqual([{ type: 'syncEnd', session: 1, through: 3 }]);
  });
});
