// Says in plain words what went wrong and how long to wait; no DOM.

/** @typedef {import('./node-api.js').Failure} Failure */
/** @typedef {{ title: string, detail: string }} Explanation */

const BACKOFF_FIRST_MS = 2000;
const BACKOFF_MAX_MS = 30_000;

/**
 * @param {Failure} failure
 * @param {boolean} online what the browser says of its own connection
 * @returns {Explanation}
 */
export function explain(failure, online) {
  if (failure.kind === 'unreachable') {
    return online
      ? {
          title: 'This node does not answer.',
          detail: 'It may be restarting. The other nodes hold the same messages.',
        }
      : {
          title: 'You are offline.',
          detail: 'What is shown keeps counting down; new messages wait for a connection.',
        };
  }
  return { title: titleOf(failure), detail: asSentence(failure.detail) };
}

/**
 * How long to wait before the next try, in milliseconds: what the node asks for, never less than
 * the backoff says.
 *
 * @param {Failure} failure
 * @param {number} failures how many in a row, at least 1
 * @param {number} jitter 0 to 1, to keep many pages from coming back at once
 */
export function retryDelayMs(failure, failures, jitter) {
  const asked = failure.kind === 'refused' ? (failure.retryAfterSeconds ?? 0) * 1000 : 0;
  const backoff = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** Math.min(failures - 1, 10));
  return Math.max(asked, backoff) * (1 + 0.2 * jitter);
}

/**
 * Whether the same request can succeed soon without anybody changing it.
 *
 * @param {Failure} failure
 */
export function passesByItself(failure) {
  return failure.kind === 'unreachable' || failure.status === 429 || failure.status === 503;
}

/** @param {Extract<Failure, { kind: 'refused' }>} failure */
function titleOf(failure) {
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

/** @param {string} words */
function asSentence(words) {
  const text = words.trim();
  if (text === '') return '';
  return `${text[0]?.toUpperCase()}${text.slice(1)}${/[.!?…]$/.test(text) ? '' : '.'}`;
}
