import { cutTo, lengthOf, printable, printableName } from './printable';

it.each([
  ['invoice\u202egnp.exe', 'invoice[U+202E]gnp.exe'],
  ['\u2066a\u2069 \u200fb \u061cc', '[U+2066]a[U+2069] [U+200F]b [U+061C]c'],
  ['bo\u200bb bo\u200db bo\u00adb \ufeff\u{e0041}', 'bo[U+200B]b bo[U+200D]b bo[U+00AD]b [U+FEFF][U+E0041]'],
  ['\u{1f469}\u200d\u{1f4bb} \u0645\u06cc\u200c\u062e \u0915\u094d\u200d\u0937', null],
  ['\u05e9\u05dc\u05d5\u05dd, e\u0301', null],
  ['a\u0000b\r\nc\u001b[31m', 'a\ufffdb\nc\ufffd[31m'],
])('%j shows what cannot be seen in it, and leaves alone what its script needs', (stored, shown) => {
  expect(printable(stored)).toBe(shown ?? stored);
});

it('makes one line of a name, of bounded length, and never half a character', () => {
  expect(printableName(' A \n B ', 40)).toBe('A B');
  expect(printableName('\u{1f469}'.repeat(50), 40)).toBe('\u{1f469}'.repeat(40));
});

it('counts characters, not their halves', () => {
  expect([lengthOf('\u{1f4be}a'), cutTo('\u{1f4be}ab', 2)]).toEqual([2, '\u{1f4be}a']);
});
