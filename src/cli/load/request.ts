// Requests of the bench: plain HTTP over kept connections, without a retry, so that what is counted
// is what nodes answered.
import { Agent, request } from 'node:http';

export interface Asked {
  readonly url: URL;
  readonly method: 'PUT' | 'GET';
  readonly body: Buffer | null;
}

export interface Answered {
  /** 0: no answer. */
  readonly status: number;
  readonly tookMs: number;
}

const LIMIT_MS = 10_000;

export class Connections {
  private readonly agent: Agent;

  constructor(count: number) {
    this.agent = new Agent({ keepAlive: true, maxSockets: count });
  }

  ask({ url, method, body }: Asked, stop: AbortSignal): Promise<Answered> {
    const startMs = performance.now();
    const { agent } = this;
    return new Promise((resolve) => {
      const end = (status: number): void => resolve({ status, tookMs: performance.now() - startMs });
      const asking = request(url, { agent, method, signal: stop, timeout: LIMIT_MS }, (response) => {
        response.resume();
        response.on('end', () => end(response.statusCode ?? 0));
        response.on('error', () => end(0));
      });
      asking.on('timeout', () => asking.destroy());
      asking.on('error', () => end(0));
      asking.end(body ?? undefined);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}
