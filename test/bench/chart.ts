// The tables of a report as a picture: one bar for each figure, as long as the figure is large,
// with the figure beside it. Plain SVG, so that it can be looked at, linked and compared without
// any program.
import type { Table } from './report';

const WIDTH = 900;
const LABEL_WIDTH = 330;
const BAR_WIDTH_MAX = WIDTH - LABEL_WIDTH - 110;
const LINE = 18;
const COLOURS = ['#3b6ea5', '#d08a3c', '#5a9367', '#8d5a97'];

/** Pieces of the picture, from the top down. */
class Drawing {
  private readonly pieces: string[] = [];
  private y = 0;

  text(text: string, { x = 10, bold = false, anchor = 'start' } = {}): void {
    const weight = bold ? ' font-weight="bold"' : '';
    this.pieces.push(
      `<text x="${x}" y="${this.y + 13}" text-anchor="${anchor}"${weight}>${escaped(text)}</text>`,
    );
  }

  bar(width: number, colour: string): void {
    this.pieces.push(
      `<rect x="${LABEL_WIDTH}" y="${this.y + 2}" width="${width.toFixed(1)}" height="${LINE - 5}" fill="${colour}"/>`,
    );
  }

  down(lines = 1): void {
    this.y += lines * LINE;
  }

  whole(): string {
    const head = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${this.y + LINE}" font-family="sans-serif" font-size="12">`;
    return `${[head, '<rect width="100%" height="100%" fill="white"/>', ...this.pieces, '</svg>'].join('\n')}\n`;
  }
}

export function svgText(title: string, tables: readonly Table[], notes: readonly string[]): string {
  const drawing = new Drawing();
  drawing.text(title, { bold: true });
  drawing.down(2);
  for (const table of tables) if (table.bars !== undefined) drawTable(drawing, table, table.bars);
  for (const note of notes) {
    drawing.text(note);
    drawing.down();
  }
  return drawing.whole();
}

function drawTable(drawing: Drawing, { title, columns, rows }: Table, bars: readonly string[]): void {
  const figure = (row: readonly string[], bar: string): number =>
    Number.parseFloat(row[columns.indexOf(bar)] ?? '');
  const most = Math.max(
    ...rows.flatMap((row) => bars.map((bar) => figure(row, bar)).filter(Number.isFinite)),
  );
  drawing.text(title, { bold: true });
  drawing.down(1.3);
  for (const row of rows) {
    drawing.text(row[0], { x: LABEL_WIDTH - 8, anchor: 'end' });
    for (const [at, bar] of bars.entries()) {
      const value = figure(row, bar);
      if (!Number.isFinite(value)) continue;
      const width = (value / most) * BAR_WIDTH_MAX;
      drawing.bar(width, COLOURS[at % COLOURS.length]);
      drawing.text(`${row[columns.indexOf(bar)]}  ${bar}`, { x: LABEL_WIDTH + width + 6 });
      drawing.down();
    }
    drawing.down(0.3);
  }
  drawing.down();
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
