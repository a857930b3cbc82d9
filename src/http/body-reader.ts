// Receives request bodies as opaque bytes, whatever their Content-Type says. A body that is too large, or does not fit
// the budget, is refused at the first byte that shows it; the rest is read and thrown away for a while, so that the
// client can read the answer instead of seeing its connection reset.
import type { IncomingMessage } from 'node:http';
import type { BodyBudget } from './body-budget';
import { discardBody } from './discarded-body';

/** Why a body was not received. `incomplete`: the client went away or broke the encoding. */
export type BodyRefusal = 'too-large' | 'busy' | 'incomplete';
export type ReceivedBody = Buffer | BodyRefusal;

export class BodyReader {
  constructor(
    private readonly valueBytesMax: number,
    private readonly budget: BodyBudget,
  ) {}

  /** Never rejects. */
  receive(message: IncomingMessage): Promise<ReceivedBody> {
    const declaredBytes = Number(message.headers['content-length'] ?? 0);
    const tooLarge = declaredBytes > this.valueBytesMax;
    if (tooLarge || !this.budget.take(declaredBytes)) {
      this.discard(message);
      return Promise.resolve(tooLarge ? 'too-large' : 'busy');
    }
    return new Promise((resolve) => this.collect(message, declaredBytes, resolve));
  }

  /** For a request that is answered without its body. */
  discard(message: IncomingMessage): void {
    discardBody(message);
  }

  private collect(message: IncomingMessage, declaredBytes: number, done: (body: ReceivedBody) => void): void {
    const chunks: Buffer[] = [];
    let receivedBytes = 0;
    let takenBytes = declaredBytes;
    const settle = (body: ReceivedBody): void => {
      message.off('data', onData).off('end', onEnd).off('error', onCut).off('close', onCut);
      this.budget.give(takenBytes);
      if (body === 'too-large' || body === 'busy') this.discard(message);
      done(body);
    };
    const onData = (chunk: Buffer): void => {
      receivedBytes += chunk.length;
      if (receivedBytes > this.valueBytesMax) {
        settle('too-large');
        return;
      }
      if (receivedBytes > takenBytes) {
        if (!this.budget.take(receivedBytes - takenBytes)) {
          settle('busy');
          return;
        }
        takenBytes = receivedBytes;
      }
      chunks.push(chunk);
    };
    // Always a copy: a chunk is a window on a 64 KiB read buffer, and a stored value must not keep that alive.
    const onEnd = (): void => {
      settle(Buffer.concat(chunks, receivedBytes));
    };
    const onCut = (): void => {
      settle('incomplete');
    };
    message.on('data', onData).on('end', onEnd).on('error', onCut).on('close', onCut);
  }
}
