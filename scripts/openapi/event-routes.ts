// The description of the streams of events.
import { ApiResponse } from '@nestjs/swagger';
import { EVENT_TYPES, FROM_START } from '../../src/modules/events/events.query';
import { EventsController } from '../../src/modules/events/events.controller';
import { describeRoutes, header, headersNamed, query, schemaNamed } from './describe';
import * as example from './examples';

const PLACE = `Where the stream begins: the id of an event, of any node, or \`${FROM_START}\` = tell all that is readable first.`;

export function describeEvents(): void {
  describeRoutes(
    EventsController,
    { tag: 'events' },
    {
      stream: {
        id: 'streamEvents',
        summary: 'What changes, as it happens',
        description:
          'Server-sent events: `put`, `expire`, `member`, `resync`, `caught-up` and `end`, each with JSON (see the schemas named after them). ' +
          'Per key versions only rise. After a reconnect with the last id every key that changed is told, here or from another node, or `resync` says that something may be missing.',
        parts: [
          query('prefix', { type: 'string', examples: ['user/'] }, 'Only keys that begin with it.'),
          query(
            'types',
            { type: 'string', examples: ['put,expire'] },
            `Only these, of ${EVENT_TYPES.join(', ')}; the others come always.`,
          ),
          query(
            'values',
            { type: 'string', enum: ['0', '1'], default: '0' },
            'With 1 a `put` brings the value of up to 4096 bytes.',
          ),
          query('since', { type: 'string', pattern: '^[A-Za-z0-9_-]+$', examples: [FROM_START] }, PLACE),
          header(
            'Last-Event-ID',
            { type: 'string' },
            'The same as `since`, and before it; browsers send it.',
          ),
          ApiResponse({
            status: 200,
            description: 'A stream that ends when either side leaves.',
            headers: headersNamed('Cache-Control', 'X-Accel-Buffering', 'X-Repram-Node'),
            content: {
              'text/event-stream': {
                schema: {
                  type: 'string',
                  contentMediaType: 'text/event-stream',
                  contentSchema: { anyOf: EVENTS.map(schemaNamed) },
                },
                example: example.EVENTS,
              } as object,
            },
          }),
        ],
        problems: ['draining', 'busy'],
      },
    },
  );
}

/** What their lines of data are. */
const EVENTS = ['PutEvent', 'ExpireEvent', 'MemberEvent', 'ResyncEvent', 'EndEvent'];
