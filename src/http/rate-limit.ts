// Limits requests per client. Probes of orchestrators and metrics have buckets of their own, ten
// times as large, so that other requests cannot make a node look dead. Peer links are upgrades and
// never come here. Behind a trusted proxy one bucket counts the hop that the proxy vouches for. A
// second, fifty times larger, counts the socket itself. A client that forges hops meets that second
// one, and uses up only buckets of its own.
import type { Socket } from 'node:net';
import { routedPath } from './answer-headers';
import type { RequestHead } from './exchange';
import type { Gate } from './gates';
import { clientKey, lastForwardedHop, TrustedProxies } from './client-address';
import { TokenBuckets } from './token-buckets';

export interface RateLimitSettings {
  /** Requests per second and client; 0 = no limit. */
  readonly rateLimitPerSecond: number;
  readonly trustProxy: boolean | readonly string[];
}

const PROXY_FACTOR = 50;
/**
 * Probes and scrapes have buckets of their own, so large that no orchestrator ever meets their
 * bottom.
 */
const ORCHESTRATOR_FACTOR = 10;
/**
 * Refusals on one connection within five seconds before it ends: to answer a flood costs as much as
 * to serve it.
 */
const REFUSALS_MAX = 1000;
const REFUSALS_WITHIN_MS = 5000;
const EXEMPT = /^\/(?:v1\/)?(?:health|metrics)(?:\/|$)/;

export class RateLimit {
  /** Requests refused since the start. */
  refused = 0;
  private readonly clients: TokenBuckets;
  private readonly orchestrators: TokenBuckets;
  private readonly proxies: TokenBuckets;
  private readonly refusals = new WeakMap<Socket, { count: number; readonly sinceMs: number }>();
  private readonly trusted: TrustedProxies;

  constructor(
    settings: RateLimitSettings,
    private readonly nowMs: () => number = () => performance.now(),
  ) {
    this.clients = new TokenBuckets(settings.rateLimitPerSecond);
    this.orchestrators = new TokenBuckets(settings.rateLimitPerSecond * ORCHESTRATOR_FACTOR);
    this.proxies = new TokenBuckets(settings.rateLimitPerSecond * PROXY_FACTOR);
    this.trusted = new TrustedProxies(settings.trustProxy);
  }

  /** Seconds to wait, 0 when the request may pass. */
  waitSeconds(socketAddress: string, forwardedFor: string | readonly string[] | undefined): number {
    const [nowMs, proxy] = [this.nowMs(), clientKey(socketAddress)];
    const hop = this.trusted.includes(socketAddress) ? lastForwardedHop(forwardedFor) : null;
    if (hop === null) return this.clients.take(proxy, nowMs);
    const proxyWait = this.proxies.take(proxy, nowMs);
    return proxyWait > 0 ? proxyWait : this.clients.take(`${proxy} ${clientKey(hop)}`, nowMs);
  }

  /** The same for probes and scrapes. */
  orchestratorWaitSeconds(socketAddress: string): number {
    return this.orchestrators.take(clientKey(socketAddress), this.nowMs());
  }

  /** Refusals on this connection within five seconds, with this one. */
  refusedOn(socket: Socket): number {
    this.refused += 1;
    const nowMs = this.nowMs();
    const known = this.refusals.get(socket);
    const isOver = known === undefined || nowMs - known.sinceMs > REFUSALS_WITHIN_MS;
    const refusals = isOver ? { count: 0, sinceMs: nowMs } : known;
    refusals.count += 1;
    this.refusals.set(socket, refusals);
    return refusals.count;
  }
}

export function rateLimitGate(limit: RateLimit, perSecond: number): Gate {
  return (request) => {
    const { socket } = request;
    const address = socket.remoteAddress ?? '';
    const isOrchestrator = isForOrchestrators(request);
    const wait = isOrchestrator
      ? limit.orchestratorWaitSeconds(address)
      : limit.waitSeconds(address, request.headers['x-forwarded-for']);
    if (wait === 0) return null;
    const refusals = limit.refusedOn(socket);
    // The connection ends with the last refusal, which is on its way.
    if (refusals > REFUSALS_MAX) return 'unanswered';
    const limitPerSecond = isOrchestrator ? perSecond * ORCHESTRATOR_FACTOR : perSecond;
    return {
      code: 'rate-limited',
      detail: `At most ${limitPerSecond} requests per second (twice that in a burst) are taken from one client.`,
      retryAfterSeconds: Math.ceil(wait),
      fields: refusals === REFUSALS_MAX ? ['connection', 'close'] : [],
    };
  };
}

/** /health, /health/live, /metrics and the same below /v1. */
export function isForOrchestrators(request: RequestHead): boolean {
  return EXEMPT.test(routedPath(request));
}
