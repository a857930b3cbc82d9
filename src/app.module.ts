// Composition root of ONE node: its parts, and the modules that speak HTTP for it.
import { type DynamicModule, Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { DataModule } from './modules/data/data.module';
import { DiscoveryModule } from './modules/discovery/discovery.module';
import { FadeModule } from './modules/fade/fade.module';
import { GossipModule } from './modules/gossip/gossip.module';
import { HealthModule } from './modules/health/health.module';
import { type NodeParts, RuntimeModule } from './runtime/runtime.module';

@Module({})
export class AppModule {
  static forNode(parts: NodeParts): DynamicModule {
    return {
      module: AppModule,
      imports: [
        RuntimeModule.forNode(parts),
        ScheduleModule.forRoot(),
        DataModule,
        GossipModule,
        DiscoveryModule,
        HealthModule,
        FadeModule,
      ],
    };
  }
}
