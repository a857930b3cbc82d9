// What comments and documents refer to: files and folders, numbers of decisions, headings of
// documents and names of code. Each must exist. Of a script the comments count, of a document all
// but its code blocks.
import { dirname, join } from 'node:path/posix';
import ts from 'typescript';
import { FOREIGN_FILES, FOREIGN_NAMES } from './foreign-names';
import type { ProjectFile } from './project-files';

export interface Project {
  /** Paths of all files, and of the folders above them. */
  readonly paths: ReadonlySet<string>;
  /** Words of the code, comments left out. */
  readonly words: ReadonlySet<string>;
  /** Texts of the headings of each document, by its path. */
  readonly headings: ReadonlyMap<string, ReadonlySet<string>>;
}

export interface Passage {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

export interface Finding {
  readonly kind: 'path' | 'decision' | 'section' | 'name';
  /** "path:line refers to WHAT". */
  readonly what: string;
}

export const SCRIPT = /\.[cm]?[jt]s$/;

function comments({ path, text }: ProjectFile): ts.CommentRange[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  const found = new Map<number, ts.CommentRange>();
  const visit = (node: ts.Node): void => {
    const before = ts.getLeadingCommentRanges(text, node.pos) ?? [];
    const behind = ts.getTrailingCommentRanges(text, node.end) ?? [];
    for (const range of [...before, ...behind]) found.set(range.pos, range);
    node.getChildren(source).forEach(visit);
  };
  visit(source);
  return [...found.values()].sort((a, b) => a.pos - b.pos);
}

function lineAt(text: string, position: number): number {
  return text.slice(0, position).split('\n').length;
}

/** A comment without its marks, in one line: what it refers to may be broken over two. */
function spoken(comment: string): string {
  return comment
    .replace(/^\/\*+|\*\/$/g, '')
    .split('\n')
    .map((line) => line.replace(/^\s*(?:\/\/|\*|#)?\s?/, ''))
    .join(' ');
}

/** Comments of one line each that follow each other are one passage. */
function commentPassages(file: ProjectFile): Passage[] {
  const passages: { path: string; line: number; text: string; end: number }[] = [];
  for (const { pos, end } of comments(file)) {
    const text = spoken(file.text.slice(pos, end));
    const last = passages.at(-1);
    if (last !== undefined && /^[^\S\n]*\n[^\S\n]*$/.test(file.text.slice(last.end, pos))) {
      last.text += ` ${text}`;
      last.end = end;
    } else {
      passages.push({ path: file.path, line: lineAt(file.text, pos), text, end });
    }
  }
  return passages;
}

/** Paragraphs, items and rows; code blocks are replaced by empty lines. */
function documentPassages({ path, text }: ProjectFile): Passage[] {
  const prose = text.replace(/^( *)(```|~~~)[\s\S]*?^ *\2/gm, (block) => block.replace(/[^\n]/g, ''));
  return [...prose.matchAll(/(?:^.*\S.*\n?)+/gm)].map((match) => {
    return { path, line: lineAt(prose, match.index), text: match[0].replace(/\n\s*/g, ' ') };
  });
}

export function passages(file: ProjectFile): Passage[] {
  if (file.path.endsWith('.md')) return documentPassages(file);
  return SCRIPT.test(file.path) ? commentPassages(file) : [];
}

/** Words of a file's code. Comments do not count, unless they define a type (JSDoc). */
export function wordsOf(file: ProjectFile): string[] {
  let code = file.text;
  for (const { pos, end } of SCRIPT.test(file.path) ? comments(file) : []) {
    const isDefinition = file.text.slice(pos, end).includes('@typedef');
    if (!isDefinition) code = code.slice(0, pos) + ' '.repeat(end - pos) + code.slice(end);
  }
  return code.match(/[A-Za-z_$][\w$]*/g) ?? [];
}

export function headingsOf({ text }: ProjectFile): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map((match) => match[1].replaceAll('`', '').trim());
}

export function folders(paths: readonly string[]): string[] {
  return [...new Set(paths.flatMap((path) => path.split('/').map((_, i, all) => all.slice(0, i).join('/'))))];
}

const PATH = /(?<![\w/.@:~$<*-])(?:\.{1,2}\/)*[A-Za-z0-9_.-]+(?:\/[A-Za-z0-9_.*{},-]+)*/g;
const FILE_NAME = /\.(?:[cm]?[jt]s|md|json|ya?ml|html|css|sh)$/;
/** Made by tools, not kept. */
const BUILT = /^(?:dist|node_modules|coverage|\.cache)(?:\/|$)/;

/** Whether comments speak of a folder of the project when they begin a path with this name. */
function isOwnFolder(name: string, { paths }: Project): boolean {
  return ['', 'src/', 'src/core/', 'src/modules/', 'test/'].some((parent) => paths.has(`${parent}${name}`));
}

/**
 * A path may begin at the root, beside the file, or at any folder. A pattern counts up to its first
 * wildcard.
 */
function exists(reference: string, from: string, { paths }: Project): boolean {
  const fixed = reference.split(/\/?[^/]*[*{]/, 1)[0].replace(/\/$/, '');
  const path = join(fixed);
  const beside = join(dirname(from), fixed);
  const compiled = path.replace(/\.([cm]?)js$/, '.$1ts');
  return [path, beside, compiled, `${path}.ts`].some((each) => paths.has(each) || endsAPath(each, paths));
}

function endsAPath(end: string, paths: ReadonlySet<string>): boolean {
  return [...paths].some((path) => path.endsWith(`/${end}`));
}

function wrongPaths({ path: from, text }: Passage, project: Project): string[] {
  const references = text.replace(/\w+:\/\/[^\s)`]+/g, '').match(PATH) ?? [];
  return references
    .map((reference) => reference.replace(/[.,]+$/, ''))
    .filter((reference) => {
      const [first, ...rest] = reference.split('/');
      const isFolder = rest.length > 0 && (first.startsWith('.') || isOwnFolder(first, project));
      return (isFolder || FILE_NAME.test(reference)) && !BUILT.test(reference);
    })
    .filter((reference) => !FOREIGN_FILES.includes(reference) && !exists(reference, from, project));
}

function wrongDecisions({ text }: Passage, project: Project): string[] {
  const numbers = [...text.matchAll(/\bADRs? (\d+)/g)].map((match) => match[1]);
  return numbers
    .filter((number) => {
      const start = `docs/adr/${number.padStart(4, '0')}-`;
      return ![...project.paths].some((path) => path.startsWith(start));
    })
    .map((number) => `ADR ${number}`);
}

/** Documents as they are commonly called, when only their name is said. */
const DOCUMENT_NAMES =
  /\b(?:DESIGN|SPEC|SPECIFICATION|REQUIREMENTS|PLAN|NOTES|ROADMAP|README|ARCHITECTURE|CONTRIBUTING)\b(?![-_.\w])/g;

function wrongSections({ path: from, text }: Passage, project: Project): string[] {
  const named = [...text.matchAll(/([\w./-]+\.md), ([A-Z][\w '-]*)(?=[).;:,]|$)/g)].filter((match) => {
    const [, document, heading] = match;
    return !headings(document, from, project).has(heading.trim());
  });
  // A number says nothing without the RFC or the paper that it counts in.
  const numbered = /\bRFC \d+|\b(?:19|20)\d\d\b|Lifeguard/.test(text)
    ? []
    : [...text.matchAll(/\b[Ss]ection (?:\d+|[IVX]+\b)[\d.A-Z]*/g)];
  const documents = [...text.matchAll(DOCUMENT_NAMES)].filter(([name]) => !project.paths.has(`${name}.md`));
  return [...named, ...numbered, ...documents].map((match) => match[0]);
}

function headings(document: string, from: string, project: Project): ReadonlySet<string> {
  const { headings: all } = project;
  return all.get(document) ?? all.get(join(dirname(from), document)) ?? new Set();
}

/** camelCase, PascalCase, UPPER_CASE or snake_case, of two words at least. */
const COMPOUND_NAME =
  '[a-z][a-z0-9]*(?:[A-Z][a-z0-9]*)+|(?:[A-Z][a-z0-9]+){2,}|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|[a-z][a-z0-9]*(?:_[a-z0-9]+)+';
const NAME_IN_BACKTICKS = new RegExp(`^(?:${COMPOUND_NAME}|[A-Z][a-z0-9]+)$`);
const NAME_IN_PROSE = new RegExp(`(?<![\\w/.@-])(?:${COMPOUND_NAME})(?![\\w/*-])`, 'g');

/** The single names, also of what has a dot or is called. */
function namesInBackticks(text: string): string[] {
  return [...text.matchAll(/`([A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*)(?:\([^)]*\))?`/g)]
    .flatMap((match) => match[1].split('.'))
    .filter((name) => NAME_IN_BACKTICKS.test(name));
}

/** Bodies of answers and log lines write the same names with underscores (http/snake-case.ts). */
function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function wrongNames({ text }: Passage, { words }: Project): string[] {
  const prose = text.replace(/`[^`]*`|\]\([^)]*\)|\w+:\/\/\S+/g, ' ');
  const variables = text.match(/\bREPRAM_[A-Z0-9_]*[A-Z0-9]\b(?![*_])/g) ?? [];
  const names = new Set([...namesInBackticks(text), ...(prose.match(NAME_IN_PROSE) ?? []), ...variables]);
  return [...names].filter((name) => {
    return !words.has(name) && !words.has(camelCase(name)) && !FOREIGN_NAMES.includes(name);
  });
}

/** What a file refers to and does not exist. */
export function wrongReferences(file: ProjectFile, project: Project): Finding[] {
  return passages(file).flatMap((passage) => {
    const at = `${passage.path}:${passage.line} refers to`;
    const finding = (kind: Finding['kind']) => (what: string) => ({ kind, what: `${at} ${what}` });
    return [
      ...wrongPaths(passage, project).map(finding('path')),
      ...wrongDecisions(passage, project).map(finding('decision')),
      ...wrongSections(passage, project).map(finding('section')),
      ...wrongNames(passage, project).map(finding('name')),
    ];
  });
}

/** Numbers that no decision has although a later one exists. */
export function gaps(paths: readonly string[]): number[] {
  const numbers = paths.flatMap((path) => /^docs\/adr\/(\d{4})-/.exec(path)?.[1] ?? []).map(Number);
  const all = Array.from({ length: Math.max(0, ...numbers) }, (_, index) => index + 1);
  return all.filter((number) => !numbers.includes(number));
}
