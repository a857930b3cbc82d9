// Metrics for Prometheus.
import { type DynamicModule, Module } from '@nestjs/common';
import { ProblemCounts } from '../../http/problem-counts';
import { MetricsController } from './metrics.controller';
import { MetricsService } from './metrics.service';

@Module({})
export class MetricsModule {
  /** @param problems the error answers of this node's HTTP server */
  static counting(problems: ProblemCounts): DynamicModule {
    return {
      module: MetricsModule,
      controllers: [MetricsController],
      providers: [MetricsService, { provide: ProblemCounts, useValue: problems }],
    };
  }
}
