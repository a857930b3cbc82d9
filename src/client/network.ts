// What all calls of one client share: the nodes it knows, and how it asks them.
import { Call, type CallLimits, type Outcome, type Try } from './call';
import { Learning } from './learning';
import type { CallOptions } from './options';
import { Pulse } from './pulse';
import { Roster } from './roster';
import { type Fetch, positive, type Settings } from './settings';

export interface Request {
  readonly method?: string;
  /** Below the address of the node. */
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

export class Network {
  readonly roster: Roster;
  readonly pulse: Pulse;
  private readonly learning: Learning | null;
  private readonly fetch: Fetch;
  private readonly limits: CallLimits;

  constructor({ nodes, limits, learnsNodes, fetch }: Settings) {
    const now = (): number => performance.now();
    this.roster = new Roster(nodes, now);
    this.fetch = fetch;
    this.limits = limits;
    this.pulse = new Pulse(fetch);
    this.learning = learnsNodes ? new Learning(this.roster, fetch, now) : null;
  }

  /** Where the caller says nothing else, the limits of the client count. */
  limitsFor({ timeoutMs }: Pick<CallOptions, 'timeoutMs'>): CallLimits {
    return timeoutMs === undefined
      ? this.limits
      : { ...this.limits, timeoutMs: positive('timeoutMs', timeoutMs) };
  }

  async call<T>(
    attempt: (it: Try) => Promise<Outcome<T>>,
    limits: CallLimits,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    try {
      return await new Call(this.roster, attempt, limits, signal).run();
    } finally {
      this.learning?.refresh();
    }
  }

  ask({ node, controller }: Pick<Try, 'node' | 'controller'>, request: Request): Promise<Response> {
    const { path, method = 'GET', headers = {}, body } = request;
    const init: RequestInit & { duplex?: 'half' } = {
      method,
      headers,
      signal: controller.signal,
      credentials: 'omit',
    };
    if (body !== undefined) {
      init.body = body as NonNullable<RequestInit['body']>;
      init.duplex = 'half';
    }
    return this.fetch(node + path, init);
  }

  close(): void {
    this.learning?.stop();
  }
}
