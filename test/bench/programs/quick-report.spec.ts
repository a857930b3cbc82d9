import { quickReport } from './quick-report';

const pair = (method: 'GET' | 'PUT', nodeCpuUs: number) => ({ method, nodeCpuUs, bareCpuUs: 10 });

describe('the report of the quick bench', () => {
  it('asks to look at what costs a tenth more than was written down, and at nothing else', () => {
    const pairs = [pair('GET', 12), pair('GET', 10), pair('GET', 11), pair('PUT', 40)];
    const [{ rows }] = quickReport(pairs, { GET: 0.98, PUT: 4 }, 'wrk').tables;
    expect(rows).toEqual([
      ['GET', '1.10 (1.00 to 1.20)', '0.98', '+12 %, look at it'],
      ['PUT', '4.00 (4.00 to 4.00)', '4.00', '0 %'],
    ]);
  });
});
