import { contentOf, decodeContent, encodeMessage, newKey, stampOf } from './message';

const plain = { author: '', location: '', foreign: true, cut: false };

it.each([
  [
    '{"v":1,"text":"hi","author":" A \\n B "}',
    { text: 'hi', author: 'A B', location: '', foreign: false, cut: false },
  ],
  ['{"v":1,"text":"hi","author":7}', { text: 'hi', author: '', location: '', foreign: false, cut: false }],
  [
    '{"v":1,"text":"hi","location":"Hall B"}',
    { text: 'hi', author: '', location: 'Hall B', foreign: false, cut: false },
  ],
  ['{"v":2,"text":"hi"}', { ...plain, text: '{"v":2,"text":"hi"}' }],
  ['{"__proto__":{"v":1,"text":"hi"}}', { ...plain, text: '{"__proto__":{"v":1,"text":"hi"}}' }],
  ['[{"v":1,"text":"hi"}]', { ...plain, text: '[{"v":1,"text":"hi"}]' }],
  ['null', { ...plain, text: 'null' }],
  ['', { ...plain, text: '' }],
])('stored text %j becomes %j', (stored, content) => {
  expect(decodeContent(new TextEncoder().encode(stored), true)).toEqual(content);
});

it('never takes the beginning of a value for a message, and cuts what is long', () => {
  expect(contentOf('{"v":1,"text":"hi"}', false)).toMatchObject({ foreign: true, cut: true });
  expect(contentOf('y'.repeat(2001), true)).toMatchObject({ text: 'y'.repeat(2000), cut: true });
});

it('what is written is read the same, and leaves out what was not given', () => {
  const words = { text: 'a\u{1f4be}', author: 'Mira', location: 'Hall B' };
  expect(decodeContent(encodeMessage(words), true)).toMatchObject(words);
  expect(new TextDecoder().decode(encodeMessage({ text: 'x', author: '', location: '' }))).toBe(
    '{"v":1,"text":"x"}',
  );
});

it('keys are new each time, tell their time, and a time ahead of the clock is not believed', () => {
  const keys = [newKey(1_700_000_000_000), newKey(1_700_000_000_000)];
  expect(new Set(keys).size).toBe(2);
  const stamps = [keys[0] ?? '', 'fade/9999999999999-x', 'fade/x'].map((key) =>
    stampOf(key, 1_700_000_000_000),
  );
  expect(stamps).toEqual([1_700_000_000_000, 0, 0]);
});
