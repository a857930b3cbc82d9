// Hands what a node allows its clients, and the count of what it refused them, to all modules.
import { type DynamicModule, Module } from '@nestjs/common';
import { ProblemCounts } from '../problem-counts';
import { ClientLimits } from './client-limits';

@Module({})
export class LimitsModule {
  static of(limits: ClientLimits, problems: ProblemCounts): DynamicModule {
    return {
      module: LimitsModule,
      global: true,
      providers: [
        { provide: ClientLimits, useValue: limits },
        { provide: ProblemCounts, useValue: problems },
      ],
      exports: [ClientLimits, ProblemCounts],
    };
  }
}
