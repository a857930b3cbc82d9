// Receives request bodies as opaque bytes, whatever their Content-Type says. A body that is too large, or does not fit
// the budget, is refused at the first byte that shows it; the rest is read and thrown away for a while, so that the
// client can read the answer instead of seeing its connection reset.
import type { IncomingMessage } from 'node:http';
import type { BodyBudget } from './body-budget';
import { discardBody } from './discarded-body';
import { IncomingBody, type BodyLimits, type ReceivedBody } from './incoming-body';

/** Less than the slowest mobile link brings (0.8 KiB/s); who drips on to hold the budget pays for it in bandwidth. */
const PACE = { windowMs: 10_000, bytes: 8192 };

export class BodyReader {
  private readonly limits: BodyLimits;

  constructor(valueBytesMax: number, budget: BodyBudget, pace: BodyLimits['pace'] = PACE) {
    this.limits = { valueBytesMax, budget, pace };
  }

  /** Never rejects. */
  receive(message: IncomingMessage): Promise<ReceivedBody> {
    const declaredBytes = Number(message.headers['content-length'] ?? 0);
    const tooLarge = declaredBytes > this.limits.valueBytesMax;
    if (tooLarge || !this.limits.budget.fits(declaredBytes)) {
      this.discard(message);
      return Promise.resolve(tooLarge ? 'too-large' : 'busy');
    }
    return new Promise((resolve) => {
      new IncomingBody(message, this.limits, (body) => {
        if (body === 'too-large' || body === 'busy') this.discard(message);
        resolve(body);
      });
    });
  }

  /** For a request that is answered without its body. */
  discard(message: IncomingMessage): void {
    discardBody(message);
  }
}
