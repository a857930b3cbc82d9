// The description of values and keys.
import { ApiBody, ApiConsumes, ApiParam, ApiResponse } from '@nestjs/swagger';
import { DataController } from '../../src/modules/data/data.controller';
import { KeysController } from '../../src/modules/data/keys.controller';
import { LIMIT_MAX } from '../../src/modules/data/keys.query';
import { WAIT_SECONDS_MAX } from '../../src/modules/data/wait';
import { describeRoutes, emptyAnswer, header, headersNamed, jsonAnswer, query, textAnswer } from './describe';

const WRITE_HEADERS = [
  'X-TTL',
  'X-Remaining-TTL',
  'X-Repram-Version',
  'X-Repram-Acks',
  'X-Repram-Ack-Hosts',
  'X-Repram-Node',
];
const READ_HEADERS = [
  ...['X-Created-At', 'X-Original-TTL', 'X-Remaining-TTL', 'X-Repram-Version', 'ETag'],
  ...['Cache-Control', 'Content-Disposition', 'Cross-Origin-Resource-Policy'],
];
const TTL = 'Seconds, decimals rounded up; clamped to what the node allows.';

const key = ApiParam({
  name: 'key',
  description: '1 to 1024 bytes of percent-encoded UTF-8. A slash may be sent raw or as %2F.',
  schema: { type: 'string', minLength: 1, examples: ['greetings/en'] },
});

const stated = header(
  'X-Repram-Key',
  { type: 'string', examples: ['a%2F%2Fb'] },
  'The key that is meant, percent-encoded: 400 where the path names another one, because something on the way has changed it.',
);

const prefix = query(
  'prefix',
  { type: 'string', examples: ['greetings/'] },
  'Only keys that begin so. All of them when absent.',
);
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

const v1Cursor = query(
  'cursor',
  { type: 'string', examples: ['greetings/en'] },
  'The last key of the page before, which is its `next_cursor` too.',
);

export function describeData(): void {
  describeRoutes(DataController, { tag: 'data' }, { write: WRITE, read: READ });
  const example = { keys: ['greetings/de', 'greetings/en'] };
  const problems = ['query-invalid', 'syncing', 'busy', 'store-away'] as const;
  describeRoutes(
    KeysController,
    { tag: 'data' },
    {
      keys: {
        id: 'listKeys',
        summary: 'List live keys',
        description:
          'In bytewise order. A key that is there throughout appears once. While this node fills up it waits up to 2 s, then answers 503.',
        parts: [prefix, limit, cursor, jsonAnswer(200, 'The keys.', 'KeyPage', example)],
        problems,
      },
      v1Keys: {
        // The document puts v1 before it.
        id: 'listKeys',
        summary: 'List live keys, with cursors as REPRAM v2 had them',
        description: 'As /keys, but the cursor is the last key of the page before.',
        parts: [prefix, limit, v1Cursor, jsonAnswer(200, 'The keys.', 'KeyPage', example)],
        problems,
      },
      scan: {
        id: 'scanKeys',
        summary: 'List live keys, under the earlier name',
        description: 'As /keys, without cursors.',
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
    'The body is opaque bytes, whatever its Content-Type says. Writing a key again replaces its value and its time-to-live. ' +
    'Conditions are judged by the newest version this node knows; writers on other nodes at the same moment are not seen.',
  parts: [
    key,
    query('ttl', { type: 'number', examples: [600] }, TTL),
    query(
      'w',
      { type: 'string', enum: ['1', 'quorum', 'all'], default: 'quorum' },
      'Who must hold the value for 201: this node, a quorum, or all.',
    ),
    header(
      'X-TTL',
      { type: 'string', examples: ['600'] },
      `${TTL} Used when \`ttl\` is absent; must say the same when it is not.`,
    ),
    stated,
    header(
      'If-None-Match',
      { type: 'string', examples: ['*'] },
      '`*`: write only where no live value is. Entity tags: write only over another version.',
    ),
    header(
      'If-Match',
      { type: 'string', examples: ['"6882b0813d000-9f8a2c4e6b1d3570"'] },
      'Write only over one of these versions; `*`: over any.',
    ),
    header(
      'X-Repram-Connected',
      { type: 'string', enum: ['required'], examples: ['required'] },
      'Write only while this client is connected; 412 where it has closed its side already.',
    ),
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
    ...([
      'key-invalid',
      'key-altered',
      'ttl-invalid',
      'level-invalid',
      'body-incomplete',
      'chunks-too-small',
      'key-missing',
    ] as const),
    ...([
      'value-too-large',
      'key-too-long',
      'draining',
      'syncing',
      'busy',
      'clock-wrong',
      'store-away',
      'client-quota',
      'storage-full',
    ] as const),
    ...(['precondition-invalid', 'content-range-refused', 'precondition-failed'] as const),
    ...(['content-coding-unsupported', 'precondition-unsupported', 'transfer-coding-unsupported'] as const),
  ],
};

const READ = {
  id: 'getValue',
  summary: 'Read a value',
  description:
    'Absent and expired are the same. A node that is behind its peers asks them before it says that a value is absent.',
  parts: [
    key,
    query(
      'wait',
      { type: 'number', minimum: 0, maximum: WAIT_SECONDS_MAX, examples: [25] },
      'Seconds to wait for the key, or for a version that is new enough.',
    ),
    header(
      'X-Repram-Min-Version',
      { type: 'string', examples: ['6882b0813d000-9f8a2c4e6b1d3570'] },
      'From the answer to a write: do not answer with anything older (read your write on any port).',
    ),
    stated,
    header(
      'If-None-Match',
      { type: 'string', examples: ['"6882b0813d000-9f8a2c4e6b1d3570"'] },
      'Versions the reader has: 304 when one of them is still the newest.',
    ),
    header(
      'If-Match',
      { type: 'string', examples: ['"6882b0813d000-9f8a2c4e6b1d3570"'] },
      'Versions the reader wants: 412 when it is none of them.',
    ),
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
    'key-altered',
    'version-invalid',
    'key-missing',
    'key-absent',
    'precondition-failed',
    'key-too-long',
    'syncing',
    'store-away',
    'busy',
    'draining',
  ] as const,
};
