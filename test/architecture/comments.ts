// Comments that are longer than a line of prose may be. Code has columns of its own, which Prettier
// holds.
import type { ProjectFile } from './project-files';
import { COLUMNS_MAX } from './prose';

const SCRIPT = /\.[cm]?[jt]s$/;

/**
 * A line that is a comment, or a part of one, and nothing else; `* x` within code is a generator.
 */
const COMMENT = /^\s*(?:\/\/|\/\*|\*(?:\/|\s|$))/;

/** "path:line has N columns" for each line of a script's comments that is too long. */
export function longComments({ path, text }: ProjectFile): string[] {
  if (!SCRIPT.test(path)) return [];
  return text
    .split('\n')
    .map((line, index) => ({ line, number: index + 1 }))
    .filter(({ line }) => line.length > COLUMNS_MAX && COMMENT.test(line))
    .filter(({ line }) => /\S\s+\S/.test(line.replace(COMMENT, '').trim()))
    .map(({ line, number }) => `${path}:${number} has ${line.length} columns`);
}
