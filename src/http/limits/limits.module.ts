// Hands what a node allows its clients to the modules that ask for it.
import { type DynamicModule, Module } from '@nestjs/common';
import { ClientLimits } from './client-limits';

@Module({})
export class LimitsModule {
  static of(limits: ClientLimits): DynamicModule {
    const providers = [{ provide: ClientLimits, useValue: limits }];
    return { module: LimitsModule, global: true, providers, exports: [ClientLimits] };
  }
}
