import { findingLines, summaryOf } from '../doctor/finding-text';
import { painter } from './paint';
import { barText } from './progress';
import { bytesText, millisecondsText, placeText, plural, secondsText, tableLines } from './text';

describe('numbers in words', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [99_940, '99.9 kB'],
    [999_400, '999 kB'],
    [999_600, '1.0 MB'],
    [10_485_760, '10.5 MB'],
    [5e15, '5000 TB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(bytesText(bytes)).toBe(text);
  });

  it.each([
    [0, '0 s'],
    [59.9, '59 s'],
    [60, '1 min'],
    [3599, '59 min 59 s'],
    [86_400, '1 d'],
    [90_061, '1 d 1 h'],
  ])('%d seconds are %s', (seconds, text) => {
    expect(secondsText(seconds)).toBe(text);
  });

  it('tells milliseconds with two or three digits, and one of many', () => {
    expect([0.123, 9.99, 12.34, 250.4].map(millisecondsText)).toEqual([
      '0.12 ms',
      '9.99 ms',
      '12.3 ms',
      '250 ms',
    ]);
    expect([plural(1, 'key'), plural(1234, 'key')]).toEqual(['1 key', '1,234 keys']);
    expect([placeText('http://a:1/'), placeText('https://b')]).toEqual(['a:1', 'https://b']);
  });
});

describe('a table', () => {
  it('aligns columns, colours left out, and ends no line with white space', () => {
    const red = painter(true)('red', 'b');
    expect(
      tableLines(
        [
          ['aa', '1', ''],
          [red, '22', 'x'],
        ],
        ['left', 'right'],
      ),
    ).toEqual(['aa   1', `${red}   22  x`]);
  });
});

describe('a bar', () => {
  it('tells how far, how much and how fast', () => {
    expect(barText('storing', 5_000_000, 10_000_000, 2)).toBe(
      'storing [############------------]  50 %  5.0 MB of 10.0 MB  2.5 MB/s',
    );
    expect(barText('storing', 5_000_000, null, 0)).toBe('storing 5.0 MB  ');
  });
});

describe('a finding', () => {
  const finding = {
    check: 'secret',
    verdict: 'problem',
    sentence: 'one two three four five six seven eight nine ten',
    advice: 'Do.',
  } as const;

  it('is broken where the terminal ends, and says below what to do', () => {
    expect(findingLines(finding, painter(false), 56)).toEqual([
      'FAIL  secret    one two three four five six seven eight',
      '                nine ten',
      '                -> Do.',
    ]);
    expect(findingLines(finding, painter(false), Infinity)).toHaveLength(2);
  });

  it('is counted at the end', () => {
    expect(summaryOf([{ ...finding, verdict: 'ok' }])).toBe('Nothing is wrong.');
    expect(summaryOf([finding, { ...finding, verdict: 'warning' }])).toBe('1 problem, 1 warning.');
  });
});
