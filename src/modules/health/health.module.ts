// Health for load balancers and peers, status for people.
import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { DataModule } from '../data/data.module';
import { HealthController } from './health.controller';
import { HealthService } from './health.service';
import { NodeIndicators } from './node.indicators';
import { StatusController } from './status.controller';

@Module({
  imports: [DataModule, TerminusModule.forRoot({ logger: false, errorLogStyle: 'json' })],
  controllers: [HealthController, StatusController],
  providers: [HealthService, NodeIndicators],
  exports: [HealthService],
})
export class HealthModule {}
