// Performs what the core asks for. Nothing here calls back into the core within the call. Settled
// promises resume in a microtask; links and probes answer with inputs later.
import { FirstTime } from '../adapters/first-time';
import type { Log } from '../adapters/log';
import type { PeerLinks } from '../adapters/peer-links';
import { endpointKey, type Endpoint } from '../core/base/identity';
import type { CloseReason, EffectSink, FetchOutcome, Notification, PutOutcome } from '../core/base/effects';
import type { LinkId, RequestId } from '../core/base/inputs';
import type { NodeTally } from './node-tally';
import { logNotification } from './notification-log';
import { WaitingPuts } from './waiting-puts';

export class EffectRunner implements EffectSink {
  private prober: ((endpoint: Endpoint) => void) | null = null;
  private readonly puts: WaitingPuts;
  private readonly fetches = new Map<RequestId, (outcome: FetchOutcome) => void>();
  private readonly firstTime = new FirstTime();
  private lastRequestId = 0;

  constructor(
    private readonly links: PeerLinks,
    private readonly log: Log,
    private readonly tally: NodeTally,
    private readonly onNotification: (notification: Notification) => void = () => undefined,
  ) {
    this.puts = new WaitingPuts(tally);
  }

  useProber(prober: (endpoint: Endpoint) => void): void {
    this.prober = prober;
  }

  awaitPut(resolve: (outcome: PutOutcome) => void): RequestId {
    return this.puts.add(resolve);
  }

  awaitFetch(resolve: (outcome: FetchOutcome) => void): RequestId {
    this.lastRequestId += 1;
    this.fetches.set(this.lastRequestId, resolve);
    return this.lastRequestId;
  }

  /** Puts and fetches that have not been settled. */
  get unsettled(): number {
    return this.puts.size + this.fetches.size;
  }

  send(linkId: LinkId, frame: Uint8Array, shared?: Uint8Array): void {
    this.tally.sent(frame.length + (shared?.length ?? 0));
    this.links.send(linkId, frame, shared);
  }

  flush(): void {
    this.links.flush();
  }

  close(linkId: LinkId, reason: CloseReason): void {
    this.links.close(linkId, reason);
  }

  dial(endpoint: Endpoint): void {
    this.links.dial(endpoint);
  }

  /** Not even asked: an address that no policy admits, whichever source named it. */
  probe(endpoint: Endpoint): void {
    if (this.links.mayDial(endpoint.address)) this.prober?.(endpoint);
    else if (this.firstTime.isFirst(endpointKey(endpoint)))
      this.notify({ kind: 'candidate-ignored', endpoint, reason: 'no address of a peer' });
  }

  settlePut(requestId: RequestId, outcome: PutOutcome): void {
    this.puts.settle(requestId, outcome);
  }

  settleFetch(requestId: RequestId, outcome: FetchOutcome): void {
    this.fetches.get(requestId)?.(outcome);
    this.fetches.delete(requestId);
  }

  notify(notification: Notification): void {
    logNotification(this.log, notification);
    this.onNotification(notification);
  }
}
