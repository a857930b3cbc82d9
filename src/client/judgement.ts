// What an answer that is no success means: whether another node may do better, and when this one
// may be asked again (docs/errors.md).
import { jsonWithin, PROBLEM_BYTES_MAX } from './bounded';
import type { Elsewhere, Outcome } from './call';
import { PROBLEM_CODES, type Problem, type ProblemCode, RepramError } from './errors';

/** Of a node that is leaving: until its successor is there. */
const LEAVING_MS = 2000;

/** What becomes of a call whose node answered with a code. */
export type Verdict =
  /** Every node would say the same. */
  | 'final'
  /** The request did not come through whole. */
  | 'again'
  /** Another node may do it; this one when it says so. */
  | 'busy'
  /** The same, and the node is not used for other calls either. */
  | 'unwell'
  /** Another node may do it; this one will not in this call. */
  | 'not-here';

const VERDICTS: Readonly<Record<ProblemCode, Verdict>> = {
  'key-invalid': 'final',
  'key-altered': 'final',
  'ttl-invalid': 'final',
  'level-invalid': 'final',
  'version-invalid': 'final',
  'precondition-invalid': 'final',
  'content-range-refused': 'final',
  'query-invalid': 'final',
  'url-invalid': 'final',
  'request-invalid': 'final',
  'body-incomplete': 'again',
  'chunks-too-small': 'final',
  'peer-refused': 'final',
  'not-found': 'not-here',
  'key-missing': 'final',
  'key-absent': 'final',
  'method-not-allowed': 'final',
  'request-timeout': 'again',
  'precondition-failed': 'final',
  'value-too-large': 'final',
  'key-too-long': 'final',
  'content-coding-unsupported': 'final',
  'expectation-failed': 'final',
  'host-refused': 'not-here',
  'upgrade-required': 'final',
  'rate-limited': 'busy',
  'client-quota': 'final',
  'headers-too-large': 'final',
  internal: 'not-here',
  'precondition-unsupported': 'final',
  'transfer-coding-unsupported': 'final',
  draining: 'unwell',
  syncing: 'busy',
  busy: 'busy',
  'store-away': 'busy',
  'clock-wrong': 'busy',
  'http-version-unsupported': 'final',
  'storage-full': 'not-here',
};

const KNOWN: ReadonlySet<string> = new Set(PROBLEM_CODES);

/** What answers to HEAD leave to guess. */
const CODES_WITHOUT_BODY: Readonly<Record<number, ProblemCode | undefined>> = {
  400: 'request-invalid',
  404: 'key-absent',
  414: 'key-too-long',
  421: 'host-refused',
  429: 'rate-limited',
  500: 'internal',
  503: 'syncing',
};

type Refused = Exclude<Outcome<never>, { kind: 'done' }>;

/** Reads the answer to its end. */
export async function judge(response: Response, node: string): Promise<Refused> {
  const { status, headers } = response;
  const problem = await readProblem(response);
  const retryAfterSeconds = readRetryAfter(response);
  const isNode = headers.has('x-repram-node');
  const code = isNode ? (problem?.code ?? CODES_WITHOUT_BODY[status]) : undefined;
  if (code === undefined) return { ...notOurs(response, node), againMs: (retryAfterSeconds ?? 0) * 1000 };
  const message = problem === null ? `${node} answered ${status}.` : `${problem.title}: ${problem.detail}`;
  return verdictOn(new RepramError(code, message, { status, node, problem, retryAfterSeconds }), code);
}

function verdictOn(error: RepramError, code: ProblemCode): Refused {
  const againMs = (error.retryAfterSeconds ?? 0) * 1000;
  const verdict = VERDICTS[code];
  switch (verdict) {
    case 'final':
      return { kind: 'final', error };
    case 'again':
      return { kind: 'elsewhere', error, againMs: 0, isWell: true };
    case 'busy':
      return { kind: 'elsewhere', error, againMs, isWell: code !== 'rate-limited' && code !== 'syncing' };
    case 'unwell':
      return { kind: 'elsewhere', error, againMs: Math.max(againMs, LEAVING_MS), isWell: false };
    case 'not-here':
      return { kind: 'elsewhere', error, againMs: null, isWell: true };
  }
}

/** An answer that no node gives: a gateway's, another server's, or a later release's. */
export function notOurs(response: Response, node: string): Elsewhere {
  const { status, statusText } = response;
  const answered = `${status} ${statusText}`.trim();
  const message = `${node} answered ${answered}, which is no answer of a node of REPRAM.`;
  const error = new RepramError('answer-invalid', message, { status, node });
  return { kind: 'elsewhere', error, againMs: 0, isWell: false };
}

async function readProblem(response: Response): Promise<Problem | null> {
  const type = response.headers.get('content-type') ?? '';
  if (!type.startsWith('application/problem+json')) {
    await response.body?.cancel();
    return null;
  }
  const body = await jsonWithin(response, PROBLEM_BYTES_MAX);
  return isProblem(body) ? body : null;
}

function isProblem(body: unknown): body is Problem {
  if (typeof body !== 'object' || body === null) return false;
  const { code, title, detail } = body as Partial<Record<keyof Problem, unknown>>;
  return (
    typeof code === 'string' && KNOWN.has(code) && typeof title === 'string' && typeof detail === 'string'
  );
}

function readRetryAfter({ headers }: Response): number | null {
  const text = headers.get('retry-after');
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null;
}
