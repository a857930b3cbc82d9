import type { FrameSeal } from '../../../src/adapters/link-proof';

/** A sealed frame as it is on the wire. */
export function sealedFrame(seal: FrameSeal, frame: Uint8Array): Buffer {
  return Buffer.concat([seal.front(frame), frame]);
}
