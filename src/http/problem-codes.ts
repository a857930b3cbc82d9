// Every code an error answer can carry, with its status and title. Codes are stable: clients may
// switch on them. docs/errors.md explains the same list. A test holds the two together.

export const PROBLEM_CODES = {
  'key-invalid': { status: 400, title: 'The key is not percent-encoded UTF-8' },
  'ttl-invalid': { status: 400, title: 'The time-to-live is not a positive number of seconds' },
  'level-invalid': { status: 400, title: 'The write level is unknown' },
  'version-invalid': { status: 400, title: 'The minimum version is malformed' },
  'precondition-invalid': { status: 400, title: 'The condition is malformed' },
  'content-range-refused': { status: 400, title: 'A value cannot be written in parts' },
  'query-invalid': { status: 400, title: 'A query parameter is not valid' },
  'url-invalid': { status: 400, title: 'The request target is malformed' },
  'request-invalid': { status: 400, title: 'The request is not valid HTTP' },
  'body-incomplete': { status: 400, title: 'The body ended early' },
  'chunks-too-small': { status: 400, title: 'The body came in too many small chunks' },
  'not-found': { status: 404, title: 'There is nothing at this path' },
  'key-missing': { status: 404, title: 'The path names no key' },
  'key-absent': { status: 404, title: 'No live value under this key' },
  'method-not-allowed': { status: 405, title: 'This path does not offer that method' },
  'request-timeout': { status: 408, title: 'The request took too long to arrive' },
  'precondition-failed': { status: 412, title: 'The condition does not hold' },
  'value-too-large': { status: 413, title: 'The value is larger than this node accepts' },
  'key-too-long': { status: 414, title: 'The key is longer than this node accepts' },
  'content-coding-unsupported': { status: 415, title: 'Values are stored without an encoding' },
  'expectation-failed': { status: 417, title: 'The expectation is not one this node meets' },
  'host-refused': { status: 421, title: 'This node is not reached under that name' },
  'rate-limited': { status: 429, title: 'Too many requests from this client' },
  'client-quota': { status: 429, title: 'This client occupies all that one client may' },
  'headers-too-large': { status: 431, title: 'The request line and headers are too large' },
  internal: { status: 500, title: 'This node made a mistake' },
  'precondition-unsupported': { status: 501, title: 'This condition is not judged here' },
  'transfer-coding-unsupported': { status: 501, title: 'The transfer coding is unknown here' },
  draining: { status: 503, title: 'This node is shutting down' },
  syncing: { status: 503, title: 'This node is still filling up from its peers' },
  busy: { status: 503, title: 'This node is doing too much of this at once' },
  'storage-full': { status: 507, title: 'This node has no room for the value' },
} as const satisfies Record<string, { readonly status: number; readonly title: string }>;

export type ProblemCode = keyof typeof PROBLEM_CODES;
