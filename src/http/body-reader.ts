// Receives request bodies as opaque bytes, whatever their Content-Type says. A body that is too
// large, or does not fit the ledger, is refused at the first byte that shows it; the rest is read
// and thrown away for a while, so that the client can read the answer instead of seeing its
// connection reset. Of one in crumbs nothing more is read.
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { readGarbage } from '../config/read-garbage';
import { DiscardedBody } from './discarded-body';
import { IncomingBody, type BodyLimits, type ReceivedBody } from './incoming-body';
import type { ClientAccount } from './limits/client-account';
import { PlainRequest } from './plain/plain-request';

export class BodyReader {
  /** @param clientOf whose connection a socket is; null = nobody's that has a limit of its own */
  constructor(
    private readonly limits: BodyLimits,
    private readonly clientOf: (socket: Socket) => ClientAccount | null = () => null,
  ) {}

  /**
   * Never rejects. `goAhead` is called once nothing is known that speaks against the body (100
   * Continue).
   */
  receive(message: IncomingMessage | PlainRequest, goAhead?: () => void): Promise<ReceivedBody> {
    if (message instanceof PlainRequest) return Promise.resolve(this.atHand(message));
    const refusal = this.refusalOf(Number(message.headers['content-length'] ?? 0));
    if (refusal !== null) {
      this.discard(message);
      return Promise.resolve(refusal);
    }
    goAhead?.();
    return new Promise((resolve) => {
      new IncomingBody(message, this.clientOf(message.socket), this.limits, (body) => {
        if (body === 'too-large' || body === 'busy' || body === 'draining') this.discard(message);
        if (body === 'crumbs') new DiscardedBody(message, this.limits.transfers).stop();
        resolve(body);
      });
    });
  }

  /** The body of a request that came whole. */
  atHand({ body }: PlainRequest): ReceivedBody {
    const refusal = this.refusalOf(body.length);
    if (refusal !== null) return refusal;
    readGarbage.read(body.length);
    return body;
  }

  /** For a request that is answered without its body. */
  discard(message: IncomingMessage | PlainRequest): void {
    if (!(message instanceof PlainRequest)) new DiscardedBody(message, this.limits.transfers);
  }

  /**
   * What is sure already. An announcement ends nobody else's transfer; its bytes may, as they come.
   */
  private refusalOf(declaredBytes: number): 'too-large' | 'busy' | null {
    const { valueBytesMax, ledger, transfers } = this.limits;
    if (declaredBytes > valueBytesMax) return 'too-large';
    return ledger.fits(declaredBytes) || transfers.hasSlow ? null : 'busy';
  }
}
