// What of a Markdown document is prose, and how long its sentences and its lines are. Code blocks
// (diagrams are code blocks too), tables and headings are no prose; of a link only the text is.
import type { ProjectFile } from './project-files';
import type { Size } from './sizes';

export const COLUMNS_MAX = 100;

interface Line {
  readonly number: number;
  /** Empty where the document has something else than prose. */
  readonly text: string;
}

function proseLines(markdown: string): Line[] {
  let fence: string | null = null;
  return markdown.split('\n').map((text, index) => {
    const mark = /^\s*(`{3,}|~{3,})/.exec(text)?.[1] ?? null;
    const isCode = fence !== null || mark !== null;
    if (fence === null) fence = mark;
    else if (mark?.startsWith(fence) === true) fence = null;
    return { number: index + 1, text: isCode || /^\s*(?:\||#+ )/.test(text) ? '' : text };
  });
}

const LIST_MARK = /^\s*(?:[-*+]|\d+\.)\s+/;

/** Paragraphs and list items, each in one line. */
function blocks(markdown: string): string[] {
  const found: string[] = [];
  let isOpen = false;
  for (const { text } of proseLines(markdown)) {
    const part = text.replace(LIST_MARK, '').trim();
    if (isOpen && part !== '' && !LIST_MARK.test(text)) found.push(`${found.pop() ?? ''} ${part}`);
    else if (part !== '') found.push(part);
    isOpen = part !== '';
  }
  return found;
}

/** A piece of code is one word, whatever it holds; of a link its text is left. */
function spoken(block: string): string {
  return block.replace(/`[^`]*`/g, '`code`').replace(/\[([^\]]*)\]\([^)\s]*\)/g, '$1');
}

/**
 * The document's sentences in their order. A colon or a semicolon ends none; bold words that open a
 * paragraph are a heading.
 */
export function sentences(markdown: string): string[] {
  return blocks(markdown)
    .map((block) => spoken(block).replace(/^\*\*[^*]*[.!?]\*\*\s*/, ''))
    .flatMap((block) => block.split(/(?<=[^.][.!?][)"*_]*)\s+/))
    .filter((sentence) => sentence !== '');
}

/** The words of each sentence, as `lines` of the shared measure. */
export function sentenceSizes(markdown: string): Size[] {
  return sentences(markdown).map((what) => ({
    what,
    lines: what.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length,
  }));
}

/** Nothing in it could be moved to the next line: it is one link, one piece of code or one word. */
function isUnbreakable(text: string): boolean {
  const whole = text.replace(/\[[^\]]*\]\([^)\s]*\)|`[^`]*`/g, 'x');
  return !/\s/.test(whole.replace(LIST_MARK, '').trim());
}

/** "path:line has N columns" for each line of prose that is too long. */
export function longLines({ path, text }: ProjectFile): string[] {
  return proseLines(text)
    .filter((line) => line.text.length > COLUMNS_MAX && !isUnbreakable(line.text))
    .map((line) => `${path}:${line.number} has ${line.text.length} columns`);
}
