// PUT, GET and HEAD /data/{key}, and the same below /v1. The requests that come this way are those
// that the data lane left to the router (src/http/data-lane.ts).
import { Controller, Get, Put, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataHandler } from './data.handler';

@Controller(['data', 'v1/data'])
export class DataController {
  constructor(private readonly handler: DataHandler) {}

  @Get('*')
  read(@Req() { raw }: FastifyRequest, @Res() reply: FastifyReply): void {
    reply.hijack();
    this.handler.read(raw, reply.raw);
  }

  @Put('*')
  write(@Req() { raw }: FastifyRequest, @Res() reply: FastifyReply): void {
    reply.hijack();
    this.handler.put(raw, reply.raw);
  }
}
