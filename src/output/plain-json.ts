// JSON that no terminal obeys, whoever wrote the texts in it. JSON escapes control characters below
// U+0020 only. Those from U+007F on, those that turn the direction of writing, and those that are
// not seen are escaped here too. To a reader of JSON nothing changes.

/** All of them stand within strings of JSON, so each may be written as its escape. */
const COMMANDING = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
/** What ends a line, and what colours one, is no part of a string. */
const OUTSIDE = /[\n\u001B]/;

/** @param json one document, or a line with some; escape sequences of colours in it stay */
export function plainJson(json: string): string {
  return json.replace(COMMANDING, (character) => (OUTSIDE.test(character) ? character : escaped(character)));
}

/** A character beyond U+FFFF is two halves in JSON. */
function escaped(character: string): string {
  return character
    .split('')
    .map((half) => `\\u${half.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
