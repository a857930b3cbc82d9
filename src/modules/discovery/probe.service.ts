// Asks GET /health of endpoints the core wants to know about. At most 96 at a time. An endpoint
// that is waiting or being asked already is not asked twice.
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { NodeSettings } from '../../config/settings';
import { requestHealth } from '../../runtime/health-request';
import type { DiscoveryPort, Endpoint } from '../../runtime/node-view';
import { DISCOVERY_PORT, SETTINGS } from '../../runtime/tokens';
import { outcomeOfAnswer, outcomeOfFailure, type ProbeOutcome } from './probe-outcome';

const PROBES_MAX = 96;
const PROBE_LIMIT_MS = 1000;
/** On another host: an answer takes two round trips, of a second each at the slowest. */
const PROBE_LIMIT_FAR_MS = 3000;

@Injectable()
export class ProbeService implements OnModuleInit, OnModuleDestroy {
  private readonly waiting: Endpoint[] = [];
  private readonly known = new Set<string>();
  private readonly stop = new AbortController();
  private active = 0;

  constructor(
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
    const name = nameOf(endpoint);
    if (this.known.has(name) || this.stop.signal.aborted) return;
    this.known.add(name);
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
    this.known.delete(nameOf(endpoint));
    if (!this.stop.signal.aborted) this.discovery.submit({ kind: 'probe-result', endpoint, outcome });
    this.startWaiting();
  }

  private async ask(endpoint: Endpoint): Promise<ProbeOutcome> {
    const { loopback, cluster } = this.settings;
    const limitMs = endpoint.address === loopback ? PROBE_LIMIT_MS : PROBE_LIMIT_FAR_MS;
    try {
      const { health, headers, cutBy } = await requestHealth(endpoint, limitMs, this.stop.signal);
      return cutBy === null ? outcomeOfAnswer(health, cluster, headers) : outcomeOfFailure(cutBy);
    } catch (error) {
      return outcomeOfFailure((error as NodeJS.ErrnoException).code);
    }
  }
}

function nameOf({ address, port }: Endpoint): string {
  return `${address} ${port}`;
}
