import { pairedReport, type PairedRound } from './paired-report';

const window = (perSecond: number, cpuUs: number) => ({ perSecond, cpuUs, p99Ms: 1, others: 0 });

function put(ours: [number, number], theirs: [number, number]): PairedRound {
  const what = { method: 'PUT', connections: 32, valueBytes: 100 } as const;
  return { ...what, ours: window(...ours), theirs: window(...theirs) };
}

describe('the report of the paired bench', () => {
  it('takes each ratio within its pair, so that a machine that slows down half-way counts for both', () => {
    const rounds = [put([100, 50], [100, 50]), put([50, 100], [50, 100]), put([97, 52], [100, 50])];
    const [, ratios] = pairedReport(rounds, 'wrk', 'other').tables;
    expect(ratios.rows).toEqual([
      ['PUT 100 B, 32 connections', '3', '1.000 (0.970 to 1.000)', '1.000 (0.962 to 1.000)'],
    ]);
  });

  it('shows a loss of either side on its own line', () => {
    const [sides, ratios] = pairedReport([put([95, 53], [100, 50])], 'wrk', 'other').tables;
    expect(sides.rows.map(([name, perSecond]) => [name, perSecond])).toEqual([
      ['PUT 100 B, 32 connections: ours', '95'],
      ['PUT 100 B, 32 connections: theirs', '100'],
    ]);
    expect(ratios.rows[0][2]).toBe('0.950 (0.950 to 0.950)');
  });
});
