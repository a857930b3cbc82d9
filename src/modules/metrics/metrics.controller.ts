// GET /metrics and /v1/metrics: Prometheus text.
import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { MetricsService } from './metrics.service';

@Controller(['metrics', 'v1/metrics'])
export class MetricsController {
  constructor(private readonly metrics: MetricsService) {}

  @Get()
  async scrape(@Res() reply: FastifyReply): Promise<void> {
    const { mediaType, text } = await this.metrics.scrape();
    reply.header('content-type', mediaType).header('cache-control', 'no-store').send(text);
  }
}
