// Counts what crosses the simulated network by reading every frame as a receiver would.
import { ByteReader } from '../../../src/core/wire/byte-reader';
import { readFrameHeader, readMessage } from '../../../src/core/wire/codec';
import type { LinkId } from '../../../src/core/base/inputs';
import type { Network } from '../world/network';
import type { SimNode } from '../world/sim-node';

export interface RecordCounts {
  frames: number;
  /** Versions sent, by writes and by repair; chunks of large values are not counted. */
  records: number;
  /** Those of them that were sent to another host. */
  crossings: number;
  /** Bytes of the frames in which they were. */
  crossingBytes: number;
}

/** Counts from now on. */
export function countRecords(network: Network): RecordCounts {
  const counts: RecordCounts = { frames: 0, records: 0, crossings: 0, crossingBytes: 0 };
  const send = network.send.bind(network);
  network.send = (node, linkId, frame) => {
    const records = recordsIn(frame, node);
    counts.frames += 1;
    counts.records += records;
    if (records > 0 && peerOf(network, node, linkId)?.host !== node.host) {
      counts.crossings += records;
      counts.crossingBytes += frame.byteLength;
    }
    send(node, linkId, frame);
  };
  return counts;
}

function peerOf({ links }: Network, node: SimNode, linkId: LinkId): SimNode | undefined {
  for (const { ends } of links) {
    for (const side of [0, 1] as const)
      if (ends[side].node === node && ends[side].linkId === linkId) return ends[1 - side].node;
  }
  return undefined;
}

function recordsIn(frame: Uint8Array, sender: SimNode): number {
  const reader = new ByteReader(frame);
  let records = 0;
  if (readFrameHeader(reader) === null) throw new Error('a frame that cannot be read');
  while (reader.remaining > 0) {
    const message = readMessage(reader, sender.id, 0);
    if (message === null) throw new Error('a message that cannot be read');
    if (message.type === 'write' || message.type === 'relay') records += 1;
    else if (message.type === 'syncRecords') records += message.records.length;
  }
  return records;
}
