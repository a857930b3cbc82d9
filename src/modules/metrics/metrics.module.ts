// Metrics for Prometheus.
import { Module } from '@nestjs/common';
import { DataModule } from '../data/data.module';
import { EventsModule } from '../events/events.module';
import { MetricsController } from './metrics.controller';
import { MetricsService } from './metrics.service';

@Module({
  imports: [DataModule, EventsModule],
  controllers: [MetricsController],
  providers: [MetricsService],
})
export class MetricsModule {}
