// Asks the Flux platform: its public API where the instances of an application are and how they are
// built, and the host of this container for its address. Bounded in time and bytes. Null is every
// kind of failure; the caller tells its reason once.
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { HttpService } from '@nestjs/axios';
import type { AxiosError, AxiosRequestConfig } from 'axios';
import { parseWithin } from '../../runtime/bounded-json';
import { withinTime } from '../../runtime/time-limit';
import type { Specification } from './platform-answers';
import { HOST_ADDRESS, LOCATIONS, type Question, SPECIFICATION } from './platform-questions';

const API_LIMIT_MS = 10_000;
/** The host itself is near. What takes longer is not there. */
const HOST_LIMIT_MS = 2000;
/**
 * A row of a list has about 250 bytes and 17 values, and the platform allows 100 instances. Five
 * thousand values are parsed in less than 50 ms, whatever they are.
 */
const ANSWER = { unitsMax: 262_144, depthMax: 16, valuesMax: 5000 } as const;

/**
 * No redirect is followed. A server that answers could send a node to any address within its
 * network.
 */
const REQUEST: AxiosRequestConfig = {
  maxRedirects: 0,
  maxContentLength: ANSWER.unitsMax,
  responseType: 'text',
  httpAgent: new HttpAgent({ keepAlive: false }),
  httpsAgent: new HttpsAgent({ keepAlive: false }),
  proxy: false,
  headers: { accept: 'application/json' },
};

export interface PlatformApiOptions {
  readonly appName: string;
  /** Base URLs without a slash at the end. */
  readonly urls: readonly string[];
  readonly hostInfoUrl: string;
  /** The own one (127.0.0.1). */
  readonly loopback?: string;
  /** Milliseconds that the API has for an answer (10000). */
  readonly limitMs?: number;
}

export class PlatformApi {
  private readonly failures = new Map<Question<unknown>['kind'], string>();
  private readonly limitMs: number;
  private turn = 0;

  constructor(
    private readonly http: HttpService,
    private readonly options: PlatformApiOptions,
  ) {
    this.limitMs = options.limitMs ?? API_LIMIT_MS;
  }

  /** Addresses of the instances; empty when no base URL knows any. */
  locations(stop: AbortSignal): Promise<readonly string[] | null> {
    return this.askAround(LOCATIONS, stop);
  }

  specification(stop: AbortSignal): Promise<Specification | null> {
    return this.askAround(SPECIFICATION, stop);
  }

  hostAddress(stop: AbortSignal): Promise<string | null> {
    return this.ask(HOST_ADDRESS, this.options.hostInfoUrl, HOST_LIMIT_MS, stop);
  }

  /** Why the list of instances was not to be had last; for the log. */
  get locationsFailure(): string {
    return this.failures.get('location') ?? 'there is no base URL';
  }

  /**
   * Each time from another base URL on, until one says something. An answer that says nothing is
   * better than none.
   */
  private async askAround<T>(question: Question<T>, stop: AbortSignal): Promise<T | null> {
    const { urls, appName } = this.options;
    const first = this.turn++;
    let best: T | null = null;
    for (let step = 0; step < urls.length && !stop.aborted; step += 1) {
      const base = urls[(first + step) % urls.length];
      const url = `${base}/apps/${question.kind}/${encodeURIComponent(appName)}`;
      const answer = await this.ask(question, url, this.limitMs, stop);
      best = answer ?? best;
      if (answer !== null && question.says(answer)) return answer;
    }
    return best;
  }

  private async ask<T>(
    { kind, meaning }: Question<T>,
    url: string,
    limitMs: number,
    stop: AbortSignal,
  ): Promise<T | null> {
    const signal = withinTime(limitMs, stop);
    try {
      const { data } = await this.http.axiosRef.get<string>(url, { ...REQUEST, signal });
      const answer = meaning(parseWithin(data, ANSWER), this.options.loopback);
      if (answer === null) this.failures.set(kind, 'the answer is not what was asked for');
      return answer;
    } catch (error) {
      this.failures.set(kind, reasonOf(error));
      return null;
    }
  }
}

function reasonOf(error: unknown): string {
  if (!isFromAxios(error)) return String(error);
  const status = error.response?.status ?? 0;
  return status >= 300 && status < 400 ? 'a redirect, which is not followed' : (error.code ?? error.message);
}

/** As axios tells its own errors, which need not be loaded for this. */
function isFromAxios(error: unknown): error is AxiosError {
  return error instanceof Error && 'isAxiosError' in error && error.isAxiosError === true;
}
