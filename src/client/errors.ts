// What goes wrong, with a code for programs. The codes of nodes are those of docs/errors.md; a test
// holds the two lists together. docs/client.md explains the client's own.

/** Codes that a node gives in its problems. */
export const PROBLEM_CODES = [
  'key-invalid',
  'key-altered',
  'ttl-invalid',
  'level-invalid',
  'version-invalid',
  'precondition-invalid',
  'content-range-refused',
  'query-invalid',
  'url-invalid',
  'request-invalid',
  'body-incomplete',
  'chunks-too-small',
  'peer-refused',
  'not-found',
  'key-missing',
  'key-absent',
  'method-not-allowed',
  'request-timeout',
  'precondition-failed',
  'value-too-large',
  'key-too-long',
  'content-coding-unsupported',
  'expectation-failed',
  'host-refused',
  'upgrade-required',
  'rate-limited',
  'client-quota',
  'headers-too-large',
  'internal',
  'precondition-unsupported',
  'transfer-coding-unsupported',
  'draining',
  'syncing',
  'busy',
  'store-away',
  'clock-wrong',
  'http-version-unsupported',
  'storage-full',
] as const;

/** Codes of the client itself. */
export const CLIENT_CODES = [
  /** What the caller gave is not valid; nothing was sent. */
  'argument-invalid',
  /** No known node could be reached. */
  'no-node',
  /** Nodes were reached, and none answered in time. */
  'timeout',
  /** The caller's signal was aborted; `cause` is its reason. */
  'aborted',
  /** The answer is not one of a REPRAM node, a gateway's page for one. */
  'answer-invalid',
  /** The value ended early, and no node has the rest of this version any more. */
  'value-replaced',
  /** The value is not encrypted, not with this key, not for this name, or was altered. */
  'decryption-failed',
] as const;

export type ProblemCode = (typeof PROBLEM_CODES)[number];
export type ClientCode = (typeof CLIENT_CODES)[number];
export type RepramErrorCode = ProblemCode | ClientCode;

/** The body of an error answer (RFC 9457). */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ProblemCode;
  /** Names the line in the log of the node; only with `internal`. */
  readonly instance?: string;
}

export interface RepramErrorDetails {
  readonly status?: number | null;
  readonly node?: string | null;
  readonly problem?: Problem | null;
  readonly retryAfterSeconds?: number | null;
  readonly cause?: unknown;
}

export class RepramError extends Error {
  override readonly name = 'RepramError';
  /** Of the answer; null when there was none. */
  readonly status: number | null;
  /** Address of the node that answered last; null when none did. */
  readonly node: string | null;
  readonly problem: Problem | null;
  /** When the node says to come back. */
  readonly retryAfterSeconds: number | null;

  constructor(
    readonly code: RepramErrorCode,
    message: string,
    details: RepramErrorDetails = {},
  ) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined);
    this.status = details.status ?? null;
    this.node = details.node ?? null;
    this.problem = details.problem ?? null;
    this.retryAfterSeconds = details.retryAfterSeconds ?? null;
  }
}
