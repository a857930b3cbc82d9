// The description of values and keys.
import { ApiBody, ApiConsumes, ApiParam, ApiResponse } from '@nestjs/swagger';
import { DataController } from '../../src/modules/data/data.controller';
import { KeysController } from '../../src/modules/data/keys.controller';
import { LIMIT_MAX } from '../../src/modules/data/keys.query';
import { describeRoutes, emptyAnswer, header, headersNamed, jsonAnswer, query, textAnswer } from './describe';

const WRITE_HEADERS = [
  'X-TTL',
  'X-Remaining-TTL',
  'X-Repram-Version',
  'X-Repram-Acks',
  'X-Repram-Ack-Hosts',
  'X-Repram-Node',
];
const READ_HEADERS = ['X-Created-At', 'X-Original-TTL', 'X-Remaining-TTL', 'X-Repram-Version', 'ETag'];
const TTL = 'Seconds, decimals rounded up; clamped to what the node allows.';

const key = ApiParam({
  name: 'key',
  description: '1 to 1024 bytes of percent-encoded UTF-8. A slash may be sent raw or as %2F.',
  schema: { type: 'string', minLength: 1, examples: ['greetings/en'] },
});

const prefix = query('prefix', { type: 'string', examples: ['greetings/'] });
const limit = query(
  'limit',
  { type: 'integer', minimum: 1, maximum: LIMIT_MAX, examples: [100] },
  'All keys when absent.',
);
const cursor = query(
  'cursor',
  { type: 'string', examples: ['Z3JlZXRpbmdzL2Vu'] },
  'The `next_cursor` of the page before.',
);

export function describeData(): void {
  describeRoutes(DataController, { tag: 'data', limited: true }, { write: WRITE, read: READ });
  const example = { keys: ['greetings/de', 'greetings/en'] };
  const problems = ['query-invalid', 'syncing', 'busy'] as const;
  describeRoutes(
    KeysController,
    { tag: 'data', limited: true },
    {
      keys: {
        id: 'listKeys',
        summary: 'List live keys',
        parts: [prefix, limit, cursor, jsonAnswer(200, 'The keys.', 'KeyPage', example)],
        problems,
      },
      scan: {
        id: 'scanKeys',
        summary: 'List live keys, under the earlier name',
        parts: [prefix, limit, jsonAnswer(200, 'The keys.', 'KeyList', example)],
        problems,
      },
    },
  );
}

const WRITE = {
  id: 'putValue',
  summary: 'Store a value for a time',
  description:
    'The body is opaque bytes, whatever its Content-Type says. Writing a key again replaces its value and its time-to-live.',
  parts: [
    key,
    query('ttl', { type: 'number', examples: [600] }, TTL),
    query(
      'w',
      { type: 'string', enum: ['1', 'quorum', 'all'], default: 'quorum' },
      'Who must hold the value for 201: this node, a quorum, or all.',
    ),
    header('X-TTL', { type: 'string', examples: ['600'] }, `${TTL} Used when \`ttl\` is absent.`),
    ApiConsumes('application/octet-stream'),
    ApiBody({ required: false, description: 'At most REPRAM_MAX_VALUE_BYTES.', schema: {} }),
    textAnswer(201, 'The quorum (or what `w` asks for) holds it.', {
      types: ['text/plain'],
      example: 'OK',
      headers: WRITE_HEADERS,
    }),
    textAnswer(202, 'Stored here; replication goes on.', {
      types: ['text/plain'],
      example: 'Accepted',
      headers: WRITE_HEADERS,
    }),
  ],
  problems: [
    ...(['key-invalid', 'ttl-invalid', 'level-invalid', 'body-incomplete', 'key-missing'] as const),
    ...(['value-too-large', 'key-too-long', 'draining', 'busy', 'client-quota', 'storage-full'] as const),
  ],
};

const READ = {
  id: 'getValue',
  summary: 'Read a value',
  parts: [
    key,
    header(
      'X-Repram-Min-Version',
      { type: 'string', examples: ['6882b0813d000-9f8a2c4e6b1d3570'] },
      'From the answer to a write: do not answer with anything older (read your write on any port).',
    ),
    header('If-None-Match', { type: 'string', examples: ['"6882b0813d000-9f8a2c4e6b1d3570"'] }),
    ApiResponse({
      status: 200,
      description: 'The exact bytes.',
      headers: headersNamed(...READ_HEADERS),
      content: { 'application/octet-stream': { schema: {}, example: 'hello' } },
    }),
    emptyAnswer(304, 'The reader has this version already.', READ_HEADERS),
  ],
  problems: [
    'key-invalid',
    'version-invalid',
    'key-missing',
    'key-absent',
    'key-too-long',
    'syncing',
  ] as const,
};
