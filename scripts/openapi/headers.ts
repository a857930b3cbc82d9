// The answer headers that the document describes.
const VERSION = { type: 'string', pattern: '^[0-9a-f]+-[0-9a-f]{16}$' };
const SECONDS = { type: 'integer', minimum: 0 };

const ALWAYS: Readonly<Record<string, object>> = {
  'X-TTL': {
    description: 'The time-to-live in effect, seconds, after clamping.',
    schema: SECONDS,
    example: 600,
  },
  'X-Remaining-TTL': { description: 'Whole seconds until the value expires.', schema: SECONDS, example: 599 },
  'X-Original-TTL': {
    description: 'The time-to-live it was written with, seconds.',
    schema: SECONDS,
    example: 600,
  },
  'X-Created-At': {
    description: "When it was written, by the writer's clock.",
    schema: { type: 'string', format: 'date-time' },
    example: '2026-02-03T04:05:06.789Z',
  },
  'X-Repram-Version': {
    description: 'Newer writes of a key have greater versions. Goes into X-Repram-Min-Version.',
    schema: VERSION,
    example: '6882b0813d000-9f8a2c4e6b1d3570',
  },
  'X-Repram-Acks': {
    description:
      'Nodes known to hold the write, and nodes expected. A newcomer holds writes for some seconds before it is expected.',
    schema: { type: 'string', pattern: '^[0-9]+/[0-9]+$' },
    example: '3/3',
  },
  'X-Repram-Ack-Hosts': {
    description: 'The same in hosts, which the quorum counts as soon as a second one is known or expected.',
    schema: { type: 'string', pattern: '^[0-9]+/[0-9]+$' },
    example: '1/1',
  },
  'X-Repram-Node': {
    description: 'The node that answers.',
    schema: { type: 'string' },
    example: '9f8a2c4e6b1d3570',
  },
  'X-Repram-Cluster': {
    description: 'The network of the node that answers.',
    schema: { type: 'string' },
    example: 'default',
  },
  'Cache-Control': {
    description: 'For how long it may be kept.',
    schema: { type: 'string' },
    example: 'no-store',
  },
  'Content-Disposition': {
    description: 'A browser saves a value and never shows it.',
    schema: { type: 'string' },
    example: 'attachment; filename="value.bin"',
  },
  'Cross-Origin-Resource-Policy': {
    description: 'No page of another origin embeds a value.',
    schema: { type: 'string' },
    example: 'same-origin',
  },
  'X-Accel-Buffering': {
    description: 'Proxies hand it on at once.',
    schema: { type: 'string' },
    example: 'no',
  },
  Vary: {
    description: 'Headers of the request that decide which answer it is.',
    schema: { type: 'string' },
    example: 'Accept-Encoding',
  },
  ETag: {
    description: 'Changes whenever the body does.',
    schema: { type: 'string' },
    example: '"6882b0813d000-9f8a2c4e6b1d3570"',
  },
  'Retry-After': { description: 'Seconds after which to try again.', schema: SECONDS, example: 1 },
};

/** Those that an answer may have or not. What follows `-If-` is no part of the header's name. */
const SOMETIMES: Readonly<Record<string, object>> = {
  'Retry-After-If-Time-Helps': ALWAYS['Retry-After'],
  'ETag-If-Known': {
    description: 'The newest version that this node knows.',
    schema: { type: 'string' },
    example: '"6882b0813d000-9f8a2c4e6b1d3570"',
  },
  'Allow-If-Method': {
    description: 'With `method-not-allowed`: what the path offers.',
    schema: { type: 'string' },
    example: 'GET, HEAD, OPTIONS',
  },
  'Content-Encoding-If-Asked': {
    description: 'How the body is packed, where the client said that it can unpack it.',
    schema: { type: 'string', enum: ['br', 'gzip'] },
    example: 'br',
  },
};

/** Of every answer, for browsers. */
const OF_ALL: Readonly<Record<string, string>> = {
  'Access-Control-Allow-Origin': 'Pages of any origin may read the answer.',
  'Access-Control-Expose-Headers': 'Which of its headers they may read.',
  'Content-Security-Policy': 'What the answer may load, should a browser show it.',
  'Referrer-Policy': 'The address stays with the browser.',
  'X-Content-Type-Options': 'The type is as it is said.',
};
export const EVERY_ANSWER = mapped(OF_ALL, (description) => {
  return { description, required: true, schema: { type: 'string' } };
});

export const HEADERS: Readonly<Record<string, object>> = {
  ...mapped(ALWAYS, (header) => ({ ...header, required: true })),
  ...SOMETIMES,
};

function mapped<T>(parts: Readonly<Record<string, T>>, change: (part: T) => object): Record<string, object> {
  return Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, change(part)]));
}
