import fc from 'fast-check';
import { heldBytes } from '../../test/support/processes/retained-memory';
import { ChunkList } from './chunk-list';

const MIB = 1024 * 1024;

function pattern(bytes: number): Buffer {
  return Buffer.from(Uint8Array.from({ length: bytes }, (_, i) => i % 251));
}

describe('the chunks of a body', () => {
  it('become the body, whatever their sizes and whether its length was announced', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 70_000 }), { maxLength: 12 });
    fc.assert(
      fc.property(sizes, fc.boolean(), (chunks, isAnnounced) => {
        const body = pattern(chunks.reduce((sum, size) => sum + size, 0));
        const list = new ChunkList(isAnnounced ? body.length : 0);
        let at = 0;
        for (const size of chunks) list.add(Buffer.from(body.subarray(at, (at += size))));
        const whole = list.whole();
        expect(whole.equals(body)).toBe(true);
      }),
    );
  });

  it('of an announced length are held once, and joined without more', () => {
    const list = new ChunkList(16 * MIB);
    const before = heldBytes();
    for (let i = 0; i < 256; i += 1) list.add(Buffer.alloc(64 * 1024, i));
    expect(heldBytes() - before).toBeLessThan(18 * MIB);
    expect(list.joiningBytes).toBe(0);
    const arrived = process.memoryUsage().arrayBuffers;
    expect(list.whole()).toHaveLength(16 * MIB);
    expect(process.memoryUsage().arrayBuffers - arrived).toBeLessThan(MIB);
  });

  it('of unknown length say what joining them takes', () => {
    const list = new ChunkList();
    for (let i = 0; i < 4; i += 1) list.add(Buffer.alloc(MIB));
    expect(list.joiningBytes).toBe(4 * MIB);
  });

  it('take nothing for what was announced and does not come', () => {
    const before = heldBytes();
    const list = new ChunkList(64 * MIB);
    for (let i = 0; i < 4; i += 1) list.add(Buffer.alloc(64 * 1024));
    expect(heldBytes() - before).toBeLessThan(MIB);
    expect(list.joiningBytes).toBe(256 * 1024);
  });
});
