// Finds where other nodes may be, and asks who is there.
import { HttpModule } from '@nestjs/axios';
import { Module } from '@nestjs/common';
import type { NodeSettings } from '../../config/settings';
import { SETTINGS } from '../../runtime/tokens';
import { DiscoveryScheduler } from './discovery.scheduler';
import { DomainSource } from './domain.source';
import { NameResolver } from './name-resolver';
import { PortRangeSource } from './port-range.source';
import { ProbeService } from './probe.service';
import { StaticPeersSource } from './static-peers.source';

const RESOLVE_LIMIT_MS = 2000;

@Module({
  imports: [HttpModule],
  providers: [
    { provide: NameResolver, useFactory: () => new NameResolver(RESOLVE_LIMIT_MS) },
    {
      provide: DomainSource,
      inject: [SETTINGS, NameResolver],
      useFactory: (settings: NodeSettings, resolver: NameResolver) => new DomainSource(settings, resolver),
    },
    {
      provide: StaticPeersSource,
      inject: [SETTINGS, NameResolver],
      useFactory: (settings: NodeSettings, resolver: NameResolver) =>
        new StaticPeersSource(settings.peers, resolver),
    },
    PortRangeSource,
    DiscoveryScheduler,
    ProbeService,
  ],
})
export class DiscoveryModule {}
