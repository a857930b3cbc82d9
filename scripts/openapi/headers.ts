// The answer headers that the document describes.
const VERSION = { type: 'string', pattern: '^[0-9a-f]+-[0-9a-f]{16}$' };
const SECONDS = { type: 'integer', minimum: 0 };

export const HEADERS: Readonly<Record<string, object>> = {
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
    description: 'The node that took the write.',
    schema: { type: 'string' },
    example: '9f8a2c4e6b1d3570',
  },
  ETag: {
    description: 'Changes whenever the body does.',
    schema: { type: 'string' },
    example: '"6882b0813d000-9f8a2c4e6b1d3570"',
  },
  'Retry-After': { description: 'Seconds after which to try again.', schema: SECONDS, example: 1 },
};
