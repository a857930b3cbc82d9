// Asks GET /health of endpoints the core wants to know about. At most 96 at a time. An endpoint
// that is waiting or being asked already is not asked twice.
import { Agent } from 'node:http';
import { HttpService } from '@nestjs/axios';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { type AxiosRequestConfig, isAxiosError } from 'axios';
import type { NodeSettings } from '../../config/settings';
import { parseWithin } from '../../runtime/bounded-json';
import type { DiscoveryPort, Endpoint } from '../../runtime/node-view';
import { DISCOVERY_PORT, SETTINGS } from '../../runtime/tokens';
import { outcomeOfAnswer, outcomeOfFailure, type ProbeOutcome } from './probe-outcome';

const PROBES_MAX = 96;
const PROBE_LIMIT_MS = 1000;
/** On another host: an answer takes two round trips, of a second each at the slowest. */
const PROBE_LIMIT_FAR_MS = 3000;
/** A node's health has less than 4 KB and 200 values. */
const ANSWER = { unitsMax: 65_536, depthMax: 16, valuesMax: 2000 } as const;

/**
 * Nothing of the environment (proxies), no redirects, no connection kept: the very endpoint and one
 * answer.
 */
const REQUEST: AxiosRequestConfig = {
  maxRedirects: 0,
  maxContentLength: ANSWER.unitsMax,
  responseType: 'text',
  validateStatus: () => true,
  httpAgent: new Agent({ keepAlive: false }),
  proxy: false,
  headers: { accept: 'application/json' },
};

@Injectable()
export class ProbeService implements OnModuleInit, OnModuleDestroy {
  private readonly waiting: Endpoint[] = [];
  private readonly known = new Set<string>();
  private readonly stop = new AbortController();
  private active = 0;

  constructor(
    private readonly http: HttpService,
    @Inject(DISCOVERY_PORT) private readonly discovery: DiscoveryPort,
    @Inject(SETTINGS) private readonly settings: NodeSettings,
  ) {}

  onModuleInit(): void {
    this.discovery.onProbe((endpoint) => this.enqueue(endpoint));
  }

  onModuleDestroy(): void {
    this.waiting.length = 0;
    this.stop.abort();
  }

  private enqueue(endpoint: Endpoint): void {
    const url = healthUrl(endpoint);
    if (this.known.has(url) || this.stop.signal.aborted) return;
    this.known.add(url);
    this.waiting.push(endpoint);
    this.startWaiting();
  }

  private startWaiting(): void {
    while (this.active < PROBES_MAX) {
      const endpoint = this.waiting.shift();
      if (endpoint === undefined) return;
      this.active++;
      void this.probe(endpoint);
    }
  }

  private async probe(endpoint: Endpoint): Promise<void> {
    const outcome = await this.ask(endpoint);
    this.active--;
    this.known.delete(healthUrl(endpoint));
    if (!this.stop.signal.aborted) this.discovery.submit({ kind: 'probe-result', endpoint, outcome });
    this.startWaiting();
  }

  private async ask(endpoint: Endpoint): Promise<ProbeOutcome> {
    const timeout = endpoint.address === this.settings.loopback ? PROBE_LIMIT_MS : PROBE_LIMIT_FAR_MS;
    const signal = AbortSignal.any([this.stop.signal, AbortSignal.timeout(timeout)]);
    try {
      const request = { ...REQUEST, timeout, signal };
      const { data, headers } = await this.http.axiosRef.get<string>(healthUrl(endpoint), request);
      return outcomeOfAnswer(
        parseWithin(data, ANSWER),
        this.settings.cluster,
        headers,
      );
    } catch (error) {
      return outcomeOfFailure(isAxiosError(error) ? error.code : undefined);
    }
  }
}

function healthUrl({ address, port }: Endpoint): string {
  return `http://${address.includes(':') ? `[${address}]` : address}:${port}/health`;
}
