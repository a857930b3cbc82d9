// Composition root of ONE node: its parts, and the modules that speak HTTP for it.
import { type DynamicModule, Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import type { ClientLimits } from './http/limits/client-limits';
import { LimitsModule } from './http/limits/limits.module';
import type { ProblemCounts } from './http/problem-counts';
import { DataModule } from './modules/data/data.module';
import { DiscoveryModule } from './modules/discovery/discovery.module';
import { DocsModule } from './modules/docs/docs.module';
import { EventsModule } from './modules/events/events.module';
import { GossipModule } from './modules/gossip/gossip.module';
import { HealthModule } from './modules/health/health.module';
import { MetricsModule } from './modules/metrics/metrics.module';
import { PagesModule } from './modules/pages/pages.module';
import { V1Module } from './modules/v1/v1.module';
import { type NodeParts, RuntimeModule } from './runtime/runtime.module';

@Module({})
export class AppModule {
  static forNode(parts: NodeParts, problems: ProblemCounts, limits: ClientLimits): DynamicModule {
    return {
      module: AppModule,
      imports: [
        RuntimeModule.forNode(parts),
        LimitsModule.of(limits, problems),
        ScheduleModule.forRoot(),
        DataModule,
        GossipModule,
        DiscoveryModule,
        HealthModule,
        MetricsModule,
        V1Module,
        EventsModule,
        DocsModule,
        PagesModule,
      ],
    };
  }
}
