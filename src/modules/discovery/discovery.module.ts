// Finds where other nodes may be, and asks what is there.
import { Module } from '@nestjs/common';
import type { Log } from '../../adapters/log';
import type { NodeSettings } from '../../config/settings';
import type { DiscoveryPort } from '../../runtime/node-view';
import { DISCOVERY_PORT, LOG, SETTINGS } from '../../runtime/tokens';
import { Deployment } from './deployment';
import { DiscoveryScheduler } from './discovery.scheduler';
import { DomainSource } from './domain.source';
import { FluxSource } from './flux.source';
import { FluxWatch } from './flux.watch';
import { NameResolver } from './name-resolver';
import { PlatformApi } from './platform-api';
import { PortRangeSource } from './port-range.source';
import { ProbeService } from './probe.service';
import { StaticPeersSource } from './static-peers.source';

const RESOLVE_LIMIT_MS = 2000;

/**
 * Null where no application has a name: such a node does not load axios. Another one has it before
 * it claims its port, and asks at once.
 */
async function fluxWatch(
  settings: NodeSettings,
  log: Log,
  discovery: DiscoveryPort,
  resolver: NameResolver,
  scheduler: DiscoveryScheduler,
): Promise<FluxWatch | null> {
  const { appName, fluxApiUrls: urls, hostInfoUrl, loopback } = settings;
  if (appName === null) return null;
  const deployment = new Deployment(settings);
  const source = new FluxSource(deployment, resolver);
  const { HttpService } = await import('@nestjs/axios');
  const api = new PlatformApi(new HttpService(), { appName, urls, hostInfoUrl, loopback });
  const refresh = (): Promise<void> => scheduler.refresh(source);
  return new FluxWatch({ api, deployment, discovery, log, refresh });
}

@Module({
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
    {
      provide: FluxWatch,
      inject: [SETTINGS, LOG, DISCOVERY_PORT, NameResolver, DiscoveryScheduler],
      useFactory: fluxWatch,
    },
    PortRangeSource,
    DiscoveryScheduler,
    ProbeService,
  ],
})
export class DiscoveryModule {}
