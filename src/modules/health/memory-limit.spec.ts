import { parseMemoryLimit, readMemoryLimit } from './memory-limit';

it.each([
  ['max\n', null],
  ['536870912\n', 536_870_912],
  ['9223372036854771712\n', null],
  ['', null],
  ['nonsense', null],
])('a limit file with %j means %s bytes', (text, bytes) => {
  expect(parseMemoryLimit(text)).toBe(bytes);
});

it('asks the older kernel interface when the newer one is not there', () => {
  const read = (path: string): string => {
    if (path.endsWith('memory.max')) throw new Error('ENOENT');
    return '1000';
  };
  expect(readMemoryLimit(read)).toBe(1000);
});

it('knows no limit where there is no control group', () => {
  const read = (): string => {
    throw new Error('ENOENT');
  };
  expect(readMemoryLimit(read)).toBeNull();
});
