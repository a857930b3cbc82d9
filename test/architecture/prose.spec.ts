// The documents read well: short sentences, and lines that fit beside a diff everywhere, in
// comments too.
import { longComments } from './comments';
import { pathsBelow, readProjectFile } from './project-files';
import { COLUMNS_MAX, longLines, sentences, sentenceSizes } from './prose';
import { percentile } from './sizes';

const SENTENCE_WORDS_MEDIAN = 16;
const SENTENCE_WORDS_P90 = 28;

const documents = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md', ...pathsBelow('docs')]
  .filter((path) => path.endsWith('.md'))
  .map((path) => readProjectFile(path));

describe('the prose of the documents', () => {
  it(`half of the sentences of each document have at most ${SENTENCE_WORDS_MEDIAN} words, nine of ten ${SENTENCE_WORDS_P90}`, () => {
    const measured = documents.map(({ path, text }) => ({ path, sizes: sentenceSizes(text) }));
    const long = measured
      .map(({ path, sizes }) => ({ path, median: percentile(sizes, 0.5), p90: percentile(sizes, 0.9) }))
      .filter(({ median, p90 }) => median > SENTENCE_WORDS_MEDIAN || p90 > SENTENCE_WORDS_P90);
    expect(long).toEqual([]);
    expect(measured.find(({ path }) => path === 'docs/protocol.md')?.sizes.length).toBeGreaterThan(100);
  });

  it(`no line of it is longer than ${COLUMNS_MAX} columns`, () => {
    expect(documents.length).toBeGreaterThan(30);
    expect(documents.flatMap(longLines)).toEqual([]);
  });
});

describe('the comments of the code', () => {
  it(`have no line longer than ${COLUMNS_MAX} columns`, () => {
    const files = pathsBelow('.').map((path) => readProjectFile(path));
    expect(files.flatMap(longComments)).toEqual([]);
  });

  it('are measured line by line, and code beside them is not', () => {
    const words = 'word '.repeat(20).trim();
    const text = `// ${words}\n/** ${words} */\n  * ${words} x\ncall('${words}'); // ${words}\n  *${'x'.repeat(99)}(a, b) {}\n`;
    expect(longComments({ path: 'a.ts', text })).toEqual([
      'a.ts:1 has 102 columns',
      'a.ts:2 has 106 columns',
      'a.ts:3 has 105 columns',
    ]);
    expect(longComments({ path: 'a.md', text })).toEqual([]);
  });

  it('may hold a line that cannot be broken', () => {
    const text = `// ${'x'.repeat(120)}\n * ${'y'.repeat(120)}\n`;
    expect(longComments({ path: 'a.ts', text })).toEqual([]);
  });
});

describe('the reader of prose', () => {
  const words = (markdown: string): number[] => sentenceSizes(markdown).map(({ lines }) => lines);
  const tooLong = (...lines: readonly string[]): string[] =>
    longLines({ path: 'a.md', text: lines.join('\n') });
  const long = 'word '.repeat(21).trim();

  it('ends a sentence at a full stop, a question mark or the end of a paragraph or list item', () => {
    expect(sentences('One two. Three?\nFour five\n\nSix\n- seven\n- eight: nine;\n  ten.')).toEqual([
      'One two.',
      'Three?',
      'Four five',
      'Six',
      'seven',
      'eight: nine; ten.',
    ]);
  });

  it('ends none within a number, at dots that leave something out, or at a line end', () => {
    expect(sentences('Takes 1.5 s, 2 s ... or\nmore. **Bold.** (Aside.) Next.')).toEqual([
      'Takes 1.5 s, 2 s ... or more.',
      '**Bold.**',
      '(Aside.)',
      'Next.',
    ]);
  });

  it('takes bold words that open a paragraph for a heading, unless a sentence goes on with them', () => {
    expect(sentences('- **Of two.** One stays.\n- **Of two** one stays.\n\n**Context.**')).toEqual([
      'One stays.',
      '**Of two** one stays.',
    ]);
  });

  it('counts a piece of code as one word and nothing of a link but its text', () => {
    expect(words('Set `a = b + c` by [the rule](docs/a-b.md#c) - now.')).toEqual([6]);
  });

  it('leaves out headings, tables, code and diagrams', () => {
    const markdown = [
      '# A heading. Of two',
      '| a cell. | another. |',
      '```mermaid',
      'a --> b. c',
      '```',
      '~~~',
      'code. ```',
      '~~~',
      'One sentence.',
    ].join('\n');
    expect(sentences(markdown)).toEqual(['One sentence.']);
    expect(tooLong('```', long, '```', `| ${long} |`, `## ${long}`)).toEqual([]);
  });

  it('names each line of prose that is too long, after a code block too', () => {
    expect(tooLong('```', '```', long, 'short', `- ${long}`)).toEqual([
      'a.md:3 has 104 columns',
      'a.md:5 has 106 columns',
    ]);
    expect(tooLong('x'.repeat(50) + ' ' + 'y'.repeat(49))).toEqual([]);
  });

  it('accepts a line that is one long link and cannot be broken, and no other line with a link', () => {
    const link = `[some text](docs/${'x'.repeat(100)}.md)`;
    expect(tooLong(link, `- ${link}.`)).toEqual([]);
    expect(tooLong(`see ${link}`)).toHaveLength(1);
  });
});
