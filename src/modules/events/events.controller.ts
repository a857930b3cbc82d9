// GET /events: what becomes readable and what is over, and how the members fare, as it happens. The
// same below /v1.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { writeRefusal } from '../../http/answer';
import { ProblemCounts } from '../../http/problem-counts';
import { queryValidation } from '../../http/query-validation';
import { EVENT_TYPES, EVENTS_PARAMETERS, EventsQuery } from './events.query';
import { EventsService } from './events.service';

@Controller(['events', 'v1/events'])
export class EventsController {
  constructor(
    private readonly events: EventsService,
    private readonly problems: ProblemCounts,
  ) {}

  @Get()
  @RouteConfig({ parameters: EVENTS_PARAMETERS })
  stream(
    @Query(queryValidation()) query: EventsQuery,
    @Req() { raw }: FastifyRequest,
    @Res() reply: FastifyReply,
  ): void {
    reply.hijack();
    // Behind another answer nobody could read it yet, and behind another stream nobody ever will.
    if (reply.raw.socket === null) reply.raw.once('socket', () => this.begin(query, raw, reply.raw));
    else this.begin(query, raw, reply.raw);
  }

  private begin(query: EventsQuery, request: IncomingMessage, response: ServerResponse): void {
    const refusal = this.events.refusal();
    if (refusal !== null) {
      writeRefusal(response, refusal, this.problems);
      return;
    }
    const { prefix = '', types = EVENT_TYPES, values } = query;
    const filter = { prefix, types, withValues: values === '1' };
    const since = lastEventId(request.headers['last-event-id']) ?? query.since;
    this.events.begin(request, response, filter, since);
  }
}

/**
 * A browser that comes back says where it was, whatever the address says. Of another kind of id it
 * is told that it may have missed something.
 */
function lastEventId(field: string | string[] | undefined): string | undefined {
  return field === undefined || field === '' ? undefined : String(field);
}
