import { plainJson } from './plain-json';

describe('JSON for a terminal', () => {
  it.each([
    ['a control sequence of one character', '\u009B31m', '\\u009b31m'],
    ['the end of a line in other countries', '\u0085', '\\u0085'],
    ['DEL', '\u007F', '\\u007f'],
    ['a turn of direction', 'right\u202Eleft\u2066', 'right\\u202eleft\\u2066'],
    ['what nobody sees', '\uFEFF\u200B\u00AD', '\\ufeff\\u200b\\u00ad'],
    ['a line separator', '\u2028\u2029', '\\u2028\\u2029'],
    ['a tag beyond U+FFFF', '\u{E0041}', '\\udb40\\udc41'],
  ])('has no %s', (_what, text, shown) => {
    const json = plainJson(JSON.stringify({ text }));
    expect(json).toBe(`{"text":"${shown}"}`);
    expect(JSON.parse(json)).toEqual({ text });
  });

  it('has letters, signs and its own line end as they are', () => {
    expect(plainJson(`${JSON.stringify({ 'ü日🙂': '\u001B[2J' })}\n`)).toBe('{"ü日🙂":"\\u001b[2J"}\n');
  });

  it('may stand in a line with colours', () => {
    expect(plainJson('\u001B[36mevent\u001B[39m {"name":"\u009B"}\n')).toBe(
      '\u001B[36mevent\u001B[39m {"name":"\\u009b"}\n',
    );
  });
});
