// Words that no file of the project may hold. Patterns are written so that this file does not match
// itself.
import type { ProjectFile } from './project-files';

interface Rule {
  readonly what: string;
  readonly pattern: RegExp;
  /** Where it applies; everywhere when absent. */
  readonly paths?: RegExp;
}

const RULES: readonly Rule[] = [
  { what: "a path outside the project's folder", pattern: /(?:\.\.\/shared|\/(?:work|Users)\/)/ },
  { what: "a name of somebody's machine", pattern: /\bfarm[-]/ },
  { what: 'unfinished work', pattern: /\b(?:TOD[O]|FIXM[E]|XX[X]|HAC[K])\b/ },
  {
    what: 'a focused or skipped test',
    pattern:
      /\b(?:(?:it|test|describe)(?:\.concurrent)?\.(?:only|skip|todo|failing)|[fx](?:it|test|describe))\s*[(.]/,
    paths: /^(?:src|test|pages)\/.*\.[cm]?[jt]s$/,
  },
];

const NOT_TEXT = /\.(?:png|jpe?g|gif|ico|woff2?|br|gz|tgz|wasm)$/;
const GENERATED = /^package-lock\.json$/;

/** "path:line has WHAT: the line" for each finding. */
export function forbiddenText(file: ProjectFile): string[] {
  if (NOT_TEXT.test(file.path) || GENERATED.test(file.path)) return [];
  const found: string[] = [];
  for (const [index, line] of file.text.split('\n').entries()) {
    for (const { what, pattern, paths } of RULES) {
      if ((paths === undefined || paths.test(file.path)) && pattern.test(line)) {
        found.push(`${file.path}:${index + 1} has ${what}: ${line.trim()}`);
      }
    }
  }
  return found;
}

const VAGUE_FOLDERS: ReadonlySet<string> = new Set(['utils', 'util', 'common', 'shared', 'helpers', 'misc']);

/** What a package shows of itself to its users. */
const FACES: ReadonlySet<string> = new Set(['src/client/index.ts']);

/** Barrels and folders whose name does not say what they hold. */
export function misnamedPaths(paths: readonly string[]): string[] {
  const found = paths.flatMap((path) => {
    const segments = path.split('/');
    const file = segments[segments.length - 1];
    const vague = segments.slice(0, -1).filter((folder) => VAGUE_FOLDERS.has(folder));
    const barrel =
      /^index\.[cm]?tsx?$/.test(file) && !FACES.has(path)
        ? [`${path} is a barrel: import the file that is meant`]
        : [];
    return [...barrel, ...vague.map((folder) => `a folder called ${folder}: ${path}`)];
  });
  return found.sort();
}
