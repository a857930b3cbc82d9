import fc from 'fast-check';
import { entry, ORIGIN_A, ORIGIN_B } from '../../../test/support/core/records';
import { wholeFrame } from '../../../test/support/core/whole-frame';
import { SyncStream } from './sync-stream';
import { MESSAGE_BYTES_MAX } from '../base/bounds';
import { LIMITS } from '../base/limits';
import { ByteReader } from '../wire/byte-reader';
import { ByteWriter } from '../wire/byte-writer';
import { readFrameHeader, readMessage } from '../wire/codec';
import type { Received } from '../wire/messages';
import { Assembler } from './assembler';
import { AssemblyRoom } from './assembly-room';
import { Fifo } from '../base/fifo';
import { heldBytes } from '../../../test/support/processes/retained-memory';
import { Link } from './link';
import { RepairBudget } from './repair-budget';
import { type Queue, QueueShare } from './queue-share';
import { OffsetFilter } from '../peer/offset-filter';

const writer = new ByteWriter(1024);
const QUEUE_BYTES_MAX = 256 * 1024 * 1024;

function makeLink(id = 1, share = new QueueShare(11 * 1024 * 1024, QUEUE_BYTES_MAX)): Link {
  return new Link(id, ORIGIN_B, ORIGIN_A, 0, share, makeAssembler(MESSAGE_BYTES_MAX));
}

function makeAssembler(bytesMax: number, chunkBytes?: number): Assembler {
  return new Assembler(bytesMax, new AssemblyRoom(64 * 1024 * 1024), chunkBytes);
}

function silentQueue(): Queue {
  return { queuedBytes: 0, unsentBytes: 0, drop: () => undefined };
}

/** Everything the link sends now, frame by frame, as messages. */
function flush(link: Link): { messages: Received[]; frames: number[] } {
  const messages: Received[] = [];
  const frames: number[] = [];
  link.flush(ORIGIN_A, 0, writer, new RepairBudget(), (begin, shared) => {
    const frame = wholeFrame(begin, shared);
    frames.push(frame.byteLength);
    const reader = new ByteReader(frame);
    expect(readFrameHeader(reader)).not.toBeNull();
    while (reader.remaining > 0) messages.push(readMessage(reader, ORIGIN_A, 0) as Received);
  });
  return { messages, frames };
}

function flushAll(link: Link): Received[] {
  const all: Received[] = [];
  for (let i = 0; i < 1000 && link.wantsFlush(); i += 1) {
    const { messages, frames } = flush(link);
    all.push(...messages);
    for (const bytes of frames) link.flushed(bytes);
  }
  return all;
}

describe('a link', () => {
  it('coalesces what waits into one frame, control and acks first', () => {
    const link = makeLink();
    link.sendValue({ type: 'write', entry: entry() });
    link.ack({ seq: 4, status: 'held' });
    link.say({ type: 'leavesRequest' });
    const { messages, frames } = flush(link);
    expect(frames).toHaveLength(1);
    expect(messages.map(({ type }) => type)).toEqual(['leavesRequest', 'acks', 'write']);
    expect(link.wantsFlush()).toBe(false);
  });

  it('sends a large value in chunks between which small ones pass, no frame above the limit', () => {
    const link = makeLink();
    const value = new Uint8Array(1_000_000).map((_, i) => i % 251);
    link.sendValue({ type: 'write', entry: entry({ value }) });
    link.sendValue({ type: 'write', entry: entry({ key: 'small' }) });
    const { messages, frames } = flush(link);
    expect(Math.max(...frames)).toBeLessThanOrEqual(LIMITS.frameBytesMax);
    expect(messages[0]).toMatchObject({ type: 'write', record: { key: 'small' } });
    const assembler = makeAssembler(2_000_000);
    const chunks = [...messages, ...flushAll(link)].filter((each) => each.type === 'chunk');
    const whole = chunks.map((chunk) => assembler.add(chunk, 0, 0)).find((each) => each !== null);
    expect(whole).not.toBe('invalid');
    const { bytes } = whole as { bytes: Uint8Array };
    const message = readMessage(new ByteReader(bytes), ORIGIN_A, 0);
    expect(message).toMatchObject({ type: 'write' });
    expect((message as Extract<Received, { type: 'write' }>).record.value).toEqual(value);
  });

  it('lets only control and acks pass while the socket does not drain', () => {
    const link = makeLink();
    for (let i = 0; i < 40; i += 1) {
      link.sendValue({ type: 'write', entry: entry({ key: `k${i}`, value: new Uint8Array(60_000) }) });
    }
    let sent = 0;
    for (let i = 0; i < 50 && link.wantsFlush(); i += 1) {
      for (const bytes of flush(link).frames) sent += bytes;
    }
    expect(sent).toBeLessThanOrEqual(LIMITS.linkUnsentBytesMax + LIMITS.frameBytesMax);
    link.say({ type: 'leavesRequest' });
    expect(flush(link).messages.map(({ type }) => type)).toEqual(['leavesRequest']);
    link.flushed(sent);
    expect(link.wantsFlush()).toBe(true);
  });

  it('drops its queue rather than grow without bound, and says so', () => {
    const link = makeLink();
    const value = new Uint8Array(1024 * 1024);
    let accepted = 0;
    for (let i = 0; i < 100 && link.sendValue({ type: 'write', entry: entry({ value }) }); i += 1)
      accepted += 1;
    expect(accepted).toBeLessThanOrEqual(LIMITS.linkQueueBytesMax / value.byteLength);
    expect(link.queuedBytes).toBe(0);
  });

  it('shares what may wait among many links, and always leaves room for a large value', () => {
    const share = new QueueShare(11 * 1024 * 1024, QUEUE_BYTES_MAX);
    const queues = Array.from({ length: 32 }, silentQueue);
    share.opened(queues[0]);
    expect(share.bytesMax).toBe(LIMITS.linkQueueBytesMax);
    for (const queue of queues.slice(1, 8)) share.opened(queue);
    expect(share.bytesMax).toBe(QUEUE_BYTES_MAX / 8);
    for (const queue of queues.slice(8)) share.opened(queue);
    expect(share.bytesMax).toBe(22 * 1024 * 1024);
    for (const queue of queues.slice(1)) share.closed(queue);
    expect(share.bytesMax).toBe(LIMITS.linkQueueBytesMax);
  });

  it('lets less wait where there is less memory, and two of the largest values in any case', () => {
    const small = new QueueShare(1024 * 1024, 24 * 1024 * 1024);
    small.opened(silentQueue());
    expect(small.bytesMax).toBe(12 * 1024 * 1024);
    for (let i = 0; i < 3; i += 1) small.opened(silentQueue());
    expect(small.bytesMax).toBe(6 * 1024 * 1024);
    const least = new QueueShare(11 * 1024 * 1024, 24 * 1024 * 1024);
    least.opened(silentQueue());
    expect(least.bytesMax).toBe(22 * 1024 * 1024);
  });

  it('gives a socket less at once when many share little', () => {
    const share = new QueueShare(1024 * 1024, 8 * 1024 * 1024);
    expect(share.unsentBytesMax).toBe(LIMITS.linkUnsentBytesMax);
    for (let i = 0; i < 32; i += 1) share.opened(silentQueue());
    expect(share.unsentBytesMax).toBe(256 * 1024);
    for (let i = 0; i < 200; i += 1) share.opened(silentQueue());
    expect(share.unsentBytesMax).toBe(128 * 1024);
  });

  it('counts what waits down to nothing again, whatever becomes of it', () => {
    const share = new QueueShare(2 * 1024 * 1024, QUEUE_BYTES_MAX);
    const links = [1, 2, 3].map((id) => makeLink(id, share));
    for (const link of links) share.opened(link);
    const [large, small] = [new Uint8Array(1_000_000), new Uint8Array(2000)].map((value) => entry({ value }));
    for (const link of links)
      for (const each of [large, small]) link.sendValue({ type: 'write', entry: each });
    expect(share.heldBytes).toBeLessThan(1_003_000);
    flushAll(links[0]);
    expect(links[0].queuedBytes).toBe(0);
    links[1].handOver(links[0]);
    flushAll(links[0]);
    expect(share.heldBytes).toBeGreaterThan(1_002_000);
    share.closed(links[2]);
    expect(share.heldBytes).toBe(0);
  });

  it('streams a sync and ends it after the last record, large ones included', () => {
    const link = makeLink();
    const entries = [
      entry({ key: 'big', value: new Uint8Array(200_000) }),
      ...Array.from({ length: 500 }, (_, i) => entry({ key: `k${i}`, value: new Uint8Array(300) })),
    ];
    link.serve(new SyncStream(3, entries.values()));
    const messages = flushAll(link);
    expect(messages[messages.length - 1]).toEqual({ type: 'syncEnd', session: 3, through: 0 });
    const records = messages.flatMap((each) => (each.type === 'syncRecords' ? each.records : []));
    expect(records).toHaveLength(500);
    expect(messages.filter(({ type }) => type === 'chunk').length).toBeGreaterThan(2);
  });

  it('hands what waits over to its successor', () => {
    const [old, successor] = [makeLink(), makeLink()];
    old.sendValue({ type: 'write', entry: entry() });
    old.ack({ seq: 1, status: 'held' });
    old.handOver(successor);
    expect(old.wantsFlush()).toBe(false);
    expect(flush(successor).messages.map(({ type }) => type)).toEqual(['acks', 'write']);
  });
});

describe('the assembler', () => {
  const chunk = (
    offset: number,
    bytes: number,
    total = 10,
    transfer = 1,
  ): Parameters<Assembler['add']>[0] => ({
    transfer,
    total,
    offset,
    bytes: new Uint8Array(bytes),
  });

  it('counts the time between the first and the last chunk as transit', () => {
    const assembler = makeAssembler(100, 1);
    expect(assembler.add(chunk(0, 6), 3, 1000)).toBeNull();
    expect(assembler.add(chunk(6, 4), 9, 1500)).toMatchObject({ transitMs: 503 });
  });

  it('discards a transfer with a gap, a repetition or another transfer in between', () => {
    for (const second of [chunk(7, 3), chunk(0, 6, 10, 2), chunk(6, 4, 11)]) {
      const assembler = makeAssembler(100, 1);
      assembler.add(chunk(0, 6), 0, 0);
      assembler.add(second, 0, 0);
      expect(assembler.add(chunk(6, 4), 0, 0)).toBeNull();
    }
  });

  it('joins pieces of any size to what was sent, in a buffer of their own', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(sizes, (pieces) => {
        const total = pieces.reduce((sum, size) => sum + size, 0);
        const sent = Uint8Array.from({ length: total }, (_, i) => i % 251);
        const assembler = makeAssembler(total, 1);
        let offset = 0;
        const results = pieces.map((size) => {
          const bytes = sent.slice(offset, (offset += size));
          return assembler.add({ transfer: 1, total, offset: offset - size, bytes }, 0, 0);
        });
        const whole = results.pop() as { bytes: Uint8Array };
        expect(results.every((each) => each === null)).toBe(true);
        expect(whole.bytes).toEqual(sent);
        expect(whole.bytes.buffer.byteLength).toBe(total);
      }),
    );
  });

  it('holds a large message once while it arrives, and needs no more to join it', () => {
    const total = 16 * 1024 * 1024;
    const size = 64 * 1024;
    const assembler = makeAssembler(total);
    const before = heldBytes();
    for (let offset = 0; offset < total - size; offset += size)
      assembler.add(chunk(offset, size, total), 0, 0);
    expect(heldBytes() - before).toBeLessThan(total + 2 * 1024 * 1024);
    const last = chunk(total - size, size, total);
    const arrived = process.memoryUsage().arrayBuffers;
    expect(assembler.add(last, 0, 0)).toMatchObject({ bytes: { byteLength: total } });
    expect(process.memoryUsage().arrayBuffers - arrived).toBeLessThan(1024 * 1024);
  });

  it('refuses a transfer above its limit before it allocates anything', () => {
    expect(makeAssembler(100, 1).add(chunk(0, 1, 101), 0, 0)).toBe('invalid');
    expect(makeAssembler(100, 1).add(chunk(8, 3, 10), 0, 0)).toBe('invalid');
  });
});

describe('the offset filter', () => {
  it('takes what exceeds the fastest recent passage for delay', () => {
    const filter = new OffsetFilter();
    expect(filter.transitMs(0, 1_000_000, 0, 1_000_000)).toBe(0);
    expect(filter.transitMs(100, 1_000_130, 0, 1_000_000)).toBeCloseTo(30, 0);
    expect(filter.transitMs(200, 1_000_200, 2, 1_000_000)).toBe(2);
  });

  it('does not know how old a first frame is that comes late, until a ping sent after it is answered', () => {
    const filter = new OffsetFilter();
    filter.transitMs(0, 3000, 0, 0);
    expect(filter.isInDoubt).toBe(true);
    filter.transitMs(10, 3010, 0, 0);
    filter.answered(3010);
    expect(filter.isInDoubt).toBe(true);
    filter.transitMs(20, 3020, 0, 0);
    filter.answered(15);
    expect(filter.isInDoubt).toBe(false);
    expect(filter.transitMs(30, 3030, 0, 0)).toBeLessThanOrEqual(15.1);
  });

  it('does not doubt a first frame that comes at once', () => {
    const filter = new OffsetFilter();
    filter.transitMs(0, 900, 0, 0);
    expect(filter.isInDoubt).toBe(false);
  });

  it('forgets the fastest passage of long ago, so that drift does not add up', () => {
    const filter = new OffsetFilter();
    filter.transitMs(0, 0, 0, 0);
    let transitMs = 0;
    for (let t = 0; t <= 600_000; t += 1000) transitMs = filter.transitMs(t, t * 1.0002, 0, 0);
    expect(transitMs).toBeLessThanOrEqual(4.1);
  });
});

describe('the fifo', () => {
  it('gives out what was put in, in order, through any mix of pushes and shifts', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 5000 }), (pushes) => {
        const fifo = new Fifo<number>();
        const model: number[] = [];
        pushes.forEach((push, i) => {
          if (push) {
            fifo.push(i);
            model.push(i);
          } else {
            expect(fifo.shift()).toBe(model.shift());
          }
        });
        expect([...fifo]).toEqual(model);
      }),
    );
  });

  it('keeps nothing of what was taken out', () => {
    const fifo = new Fifo<Uint8Array>();
    const before = heldBytes();
    for (let i = 0; i < 20; i += 1) {
      fifo.push(new Uint8Array(1024 * 1024).fill(i));
      fifo.shift();
    }
    expect(heldBytes() - before).toBeLessThan(1024 * 1024);
    expect(fifo.length).toBe(0);
  });
});
