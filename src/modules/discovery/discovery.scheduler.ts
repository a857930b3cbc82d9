// Asks the sources for candidates and hands them to the core, which decides which to greet and
// when. The port range is known at once. Name lookups may take their time and hold nothing up.
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import type { Log } from '../../adapters/log';
import type { DiscoveryPort } from '../../runtime/node-view';
import { DISCOVERY_PORT, LOG } from '../../runtime/tokens';
import type { CandidateSource } from './candidate-source';
import { DomainSource } from './domain.source';
import { PortRangeSource } from './port-range.source';
import { StaticPeersSource } from './static-peers.source';

const DOMAIN_REFRESH_MS = 30_000;
const PEERS_REFRESH_MS = 30_000;

@Injectable()
export class DiscoveryScheduler implements OnApplicationBootstrap {
  private readonly running = new Map<CandidateSource, Promise<void>>();
  private readonly again = new Set<CandidateSource>();
  private readonly lastCounts = new Map<CandidateSource, number>();

  constructor(
    @Inject(DISCOVERY_PORT) private readonly discovery: DiscoveryPort,
    @Inject(LOG) private readonly log: Log,
    private readonly portRange: PortRangeSource,
    private readonly domain: DomainSource,
    private readonly staticPeers: StaticPeersSource,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.refresh(this.portRange);
    void this.refreshDomain();
    void this.refreshStaticPeers();
  }

  @Interval('discovery-domain', DOMAIN_REFRESH_MS)
  refreshDomain(): Promise<void> {
    return this.refresh(this.domain);
  }

  @Interval('discovery-static-peers', PEERS_REFRESH_MS)
  refreshStaticPeers(): Promise<void> {
    return this.refresh(this.staticPeers);
  }

  /**
   * Never rejects, and never runs twice at a time for one source. A call that comes meanwhile gets
   * one more run after it, and waits for that.
   */
  refresh(source: CandidateSource): Promise<void> {
    this.again.add(source);
    const running = this.running.get(source) ?? this.run(source);
    this.running.set(source, running);
    return running;
  }

  private async run(source: CandidateSource): Promise<void> {
    while (this.again.delete(source)) await this.submitFrom(source);
    this.running.delete(source);
  }

  private async submitFrom(source: CandidateSource): Promise<void> {
    try {
      const endpoints = await source.endpoints();
      this.noteCount(source, endpoints.length);
      this.discovery.submit({ kind: 'candidates', source: source.name, endpoints });
    } catch (error) {
      this.log.error('source-failed', { source: source.name, error: String(error) });
    }
  }

  private noteCount(source: CandidateSource, endpoints: number): void {
    if ((this.lastCounts.get(source) ?? 0) === endpoints) return;
    this.lastCounts.set(source, endpoints);
    this.log.info('candidates-found', { source: source.name, endpoints });
  }
}
