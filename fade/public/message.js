// What a message is on the wire, and how whatever else lies under the prefix becomes plain text.
// Anyone can store anything there: nothing read here is ever interpreted as markup, and everything
// is bounded.

export const PREFIX = 'fade/';
/** Characters (code points). */
export const TEXT_MAX = 2000;
export const AUTHOR_MAX = 40;
/**
 * No message needs more, even with every character escaped; of larger values only the beginning is
 * read.
 */
export const READ_BYTES_MAX = 32 * 1024;

const STAMPED_KEY = /^fade\/(\d{13})-[0-9a-z]+$/;
/** Control characters other than tab and line feed: they have no picture of their own. */
const UNPRINTABLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
/**
 * Characters without a picture that change how others look, or make two texts that look alike
 * differ: marks, embeddings, overrides and isolates of the writing direction (UAX #9), spaces
 * without width, fillers, tags.
 */
const HIDDEN =
  /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/gu;
/** The joiners, but for behind emoji and letters of scripts that need them. */
const STRAY_JOINERS =
  /(?<![\p{Extended_Pictographic}\p{Emoji_Modifier}\p{M}]|(?!\p{Script=Latin}|\p{Script=Cyrillic}|\p{Script=Greek})\p{L})[\u200c\u200d]/gu;

/**
 * @typedef {object} Content
 * @property {string} text what to show; at most TEXT_MAX characters
 * @property {string} author '' when none was given
 * @property {boolean} foreign not written in Fade's format
 * @property {boolean} cut there was more than is shown
 */

/** @param {number} wallMs */
export function newKey(wallMs) {
  const random = crypto.getRandomValues(new Uint32Array(2));
  return `${PREFIX}${wallMs}-${Array.from(random, (part) => part.toString(36).padStart(7, '0')).join('')}`;
}

/**
 * When the key says it was written, 0 when it does not say or claims a time more than a minute
 * ahead.
 *
 * @param {string} key
 * @param {number} wallMs
 */
export function stampOf(key, wallMs) {
  const stamp = Number(STAMPED_KEY.exec(key)?.[1] ?? 0);
  return stamp > wallMs + 60_000 ? 0 : stamp;
}

/**
 * @param {string} text
 * @param {string} author
 */
export function encodeMessage(text, author) {
  return new TextEncoder().encode(JSON.stringify(author === '' ? { v: 1, text } : { v: 1, text, author }));
}

/** @param {string} text */
export function lengthOf(text) {
  return [...text].length;
}

/**
 * @param {Uint8Array} bytes the value, or its beginning
 * @param {boolean} whole whether `bytes` is all of it
 * @returns {Content}
 */
export function decodeContent(bytes, whole) {
  const raw = new TextDecoder().decode(bytes);
  const message = whole ? parseMessage(raw) : null;
  const text = printable(message?.text ?? raw);
  return {
    text: cutTo(text, TEXT_MAX),
    author: cutTo(
      printable(message?.author ?? '')
        .replace(/\s+/g, ' ')
        .trim(),
      AUTHOR_MAX,
    ),
    foreign: message === null,
    cut: !whole || lengthOf(text) > TEXT_MAX,
  };
}

/**
 * @param {string} raw
 * @returns {{ text: string, author: string } | null} null when it is not a message of Fade
 */
function parseMessage(raw) {
  try {
    const value = JSON.parse(raw);
    if (value === null || typeof value !== 'object' || value.v !== 1 || typeof value.text !== 'string')
      return null;
    return { text: value.text, author: typeof value.author === 'string' ? value.author : '' };
  } catch {
    return null;
  }
}

/**
 * The text without anything that cannot be seen.
 *
 * @param {string} text
 */
export function printable(text) {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(UNPRINTABLE, '\ufffd')
    .replace(HIDDEN, codePoint)
    .replace(STRAY_JOINERS, codePoint);
}

/** @param {string} character */
function codePoint(character) {
  return `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`;
}

/**
 * @param {string} text
 * @param {number} charactersMax
 */
function cutTo(text, charactersMax) {
  if (text.length <= charactersMax) return text;
  return [...text].slice(0, charactersMax).join('');
}
