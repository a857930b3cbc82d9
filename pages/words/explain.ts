// Says in plain words what went wrong and how long to wait; no DOM.
import type { Failure, Refusal } from '../node-api/calls';

export interface Explanation {
  readonly title: string;
  readonly detail: string;
}

const BACKOFF_FIRST_MS = 2000;
const BACKOFF_MAX_MS = 30_000;

/** @param online what the browser says of its own connection */
export function explain(failure: Failure, online: boolean): Explanation {
  if (failure.kind === 'refused') return { title: titleOf(failure), detail: asSentence(failure.detail) };
  if (!online) {
    return {
      title: 'You are offline.',
      detail: 'What is shown keeps counting down; new messages wait for a connection.',
    };
  }
  return {
    title: 'This node does not answer.',
    detail: 'It may be restarting. The other nodes hold the same messages.',
  };
}

/**
 * How long to wait before the next try, in milliseconds: what the node asks for, never less than
 * the backoff says.
 *
 * @param failures how many in a row, at least 1
 * @param jitter 0 to 1, to keep many pages from coming back at once
 */
export function retryDelayMs(failure: Failure, failures: number, jitter: number): number {
  const asked = failure.kind === 'refused' ? (failure.retryAfterSeconds ?? 0) * 1000 : 0;
  const backoff = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** Math.min(failures - 1, 10));
  return Math.max(asked, backoff) * (1 + 0.2 * jitter);
}

/** Whether the same request can succeed soon without anybody changing it. */
export function passesByItself(failure: Failure): boolean {
  return failure.kind === 'unreachable' || failure.status === 429 || failure.status === 503;
}

function titleOf(failure: Refusal): string {
  switch (failure.status) {
    case 413:
      return 'The message is too large for this node.';
    case 429:
      return 'Too many requests from your address.';
    case 503:
      return failure.code === 'syncing'
        ? 'This node has just started and is still collecting messages from the others.'
        : 'This node cannot take requests right now.';
    case 507:
      return 'The memory is full. Nothing is dropped early to make room: try again when older messages have run out.';
    default:
      return failure.status >= 500
        ? `The node failed to answer properly (${failure.status}).`
        : `The node did not accept the request (${failure.status}).`;
  }
}

function asSentence(words: string): string {
  const text = words.trim();
  if (text === '') return '';
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?…]$/.test(text) ? '' : '.'}`;
}
