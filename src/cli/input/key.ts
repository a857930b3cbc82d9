// Keys as they are typed and as they are shown. A key is any text of UTF-8. What a shell cannot
// type, or a terminal cannot show, is written percent-encoded.
import { InputError } from '../cli-error';
import { checkText } from './text';

/** As the protocol has it by default. A node with another limit says so itself. */
const KEY_BYTES_MAX = 65_536;

/** @param isEncoded whether `%0A` stands for one byte */
export function parseKey(text: string, isEncoded: boolean): string {
  const key = read('KEY', text, isEncoded);
  if (key === '') throw new InputError('KEY', text, 'a text of at least one byte');
  if (key === '.' || key === '..')
    throw new InputError('KEY', text, 'a text that a URL can name, which dots alone are not');
  return key;
}

/** The same, and nothing at all. */
export function parsePrefix(text: string, isEncoded: boolean): string {
  return read('PREFIX', text, isEncoded);
}

function read(field: string, text: string, isEncoded: boolean): string {
  const key = isEncoded ? decoded(field, text) : text;
  if (Buffer.byteLength(key) > KEY_BYTES_MAX)
    throw new InputError(field, text, `at most ${KEY_BYTES_MAX} bytes`);
  if (!isEncoded) checkText(field, text, 'UTF-8; with --encoded any character can be written as %XX');
  return key;
}

function decoded(field: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new InputError(field, text, 'percent-encoded UTF-8, such as a%2Fb, because of --encoded');
  }
}

export function encodedKey(key: string): string {
  return encodeURIComponent(key).replace(/%2F/g, '/');
}

/** Control characters, also those that turn the direction of writing, and half characters. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/gu;

/** What strangers stored is shown on a terminal as text, and cannot command the terminal. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => {
    const bytes = [...Buffer.from(character)];
    return bytes.map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
  });
}

/** A carriage return alone would let what follows hide what stands before it. */
const LAYOUT = /\t|\r?\n/g;

/** Whether a terminal would do more with this text than show it, line by line. */
export function commandsTerminal(text: string): boolean {
  const rest = text.replace(LAYOUT, '');
  return printable(rest) !== rest;
}
