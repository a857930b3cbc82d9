// Which texts are folded at first.

const LONG_CHARACTERS = 600;
const LONG_LINES = 12;

export function isLong(text: string): boolean {
  return text.length > LONG_CHARACTERS || text.split('\n').length > LONG_LINES;
}
