// The API of REPRAM v2, so that its clients work unchanged. Data, keys, status and metrics are
// today's own routes under a second name. This module adds the two that differ.
import { Module } from '@nestjs/common';
import { HealthModule } from '../health/health.module';
import { V1Controller } from './v1.controller';

@Module({ imports: [HealthModule], controllers: [V1Controller] })
export class V1Module {}
