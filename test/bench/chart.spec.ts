import { svgText } from './chart';

const table = {
  title: 'How long <it> took',
  columns: ['', 'p50', 'p99', 'target'],
  rows: [
    ['3 nodes', '10.0 ms', '40.0 ms', '<= 1 s'],
    ['5 nodes', '20.0 ms', '-', '-'],
  ],
  bars: ['p50', 'p99'],
};

const widths = (svg: string): number[] =>
  [...svg.matchAll(/<rect x="\d+" y="[\d.]+" width="([\d.]+)"/g)].map((match) => Number(match[1]));

describe('the picture of a table', () => {
  const svg = svgText('REPRAM, test', [table], ['2 CPUs & a note']);

  it('has a bar for each figure, as long as the figure is large', () => {
    const [first, second, third, ...more] = widths(svg);
    expect(more).toEqual([]);
    expect(second / first).toBeCloseTo(4, 1);
    expect(third / first).toBeCloseTo(2, 1);
  });

  it('says what the table says, as text that XML can hold', () => {
    for (const text of ['How long &lt;it&gt; took', '40.0 ms  p99', '5 nodes', '2 CPUs &amp; a note'])
      expect(svg).toContain(`>${text}</text>`);
  });

  it('leaves out tables without bars', () => {
    const { title, columns, rows } = table;
    expect(widths(svgText('t', [{ title, columns, rows }], []))).toEqual([]);
  });
});
