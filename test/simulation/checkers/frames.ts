// No frame is empty or larger than the protocol allows.
import { LIMITS } from '../../../src/core/base/limits';
import type { SimNode } from '../world/sim-node';
import type { Checker } from './checker';

export class Frames implements Checker {
  readonly name = 'frames';

  sent(node: SimNode, frame: Uint8Array): string | null {
    const bytes = frame.byteLength;
    return bytes > 0 && bytes <= LIMITS.frameBytesMax
      ? null
      : `${node.identity.name} sent a frame of ${bytes} bytes`;
  }
}
