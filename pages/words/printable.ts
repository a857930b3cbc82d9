// Text of strangers, made so that everything in it can be seen. It is never markup: whoever shows
// it puts it into a text node.

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

/** The text without anything that cannot be seen. */
export function printable(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(UNPRINTABLE, '\ufffd')
    .replace(HIDDEN, codePoint)
    .replace(STRAY_JOINERS, codePoint);
}

/** The same for a name: one line, no space at its ends, at most so many characters. */
export function printableName(text: string, charactersMax: number): string {
  return cutTo(printable(text).replace(/\s+/g, ' ').trim(), charactersMax);
}

/** @returns at most so many characters (code points). */
export function cutTo(text: string, charactersMax: number): string {
  if (text.length <= charactersMax) return text;
  return Array.from(text).slice(0, charactersMax).join('');
}

/** Characters (code points). */
export function lengthOf(text: string): number {
  return Array.from(text).length;
}

function codePoint(character: string): string {
  return `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`;
}
