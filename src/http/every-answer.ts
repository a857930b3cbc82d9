// Headers of every answer. Data is public by key. So by CORS any origin may read and write it and
// see our headers. No origin may embed anything (docs/adr/0039-foreign-origins.md). Nothing this
// node serves may run as a page of its own unless a handler says so.

export const EXPOSED_HEADERS = [
  'ETag',
  'Retry-After',
  'X-Created-At',
  'X-Original-TTL',
  'X-Remaining-TTL',
  'X-TTL',
  'X-Repram-Version',
  'X-Repram-Acks',
  'X-Repram-Ack-Hosts',
  'X-Repram-Node',
].join(', ');

/** More than this is on problems only, which spares the others its bytes. */
export const EXPOSED_ON_PROBLEMS = `${EXPOSED_HEADERS}, X-Repram-Cluster, Allow`;

export const EVERY_ANSWER = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': EXPOSED_HEADERS,
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};
