// The text that wrk prints, as figures.
import { readWrk } from './wrk';

const PRINTED = `Running 5s test @ http://127.0.0.1:10000
  1 threads and 32 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency   635.91us    0.89ms  12.92ms   93.69%
    Req/Sec    56.20k     8.07k   62.00k    86.54%
  Latency Distribution
     50%  412.00us
     75%  628.00us
     90%    1.35ms
     99%    4.38ms
  280000 requests in 5.02s, 77.35MB read
`;

describe('the reader of wrk', () => {
  it('finds rates and latencies in whatever unit they are', () => {
    expect(readWrk(PRINTED)).toEqual({
      seconds: 5.02,
      answers: 280_000,
      others: 0,
      p50Ms: expect.closeTo(0.412, 6),
      p99Ms: 4.38,
      maxMs: 12.92,
    });
  });

  it('counts refusals and broken connections apart', () => {
    const text = `${PRINTED}  Socket errors: connect 0, read 3, write 0, timeout 2\n  Non-2xx or 3xx responses: 10\n`;
    expect(readWrk(text)).toMatchObject({ answers: 279_990, others: 15 });
  });

  it('does not take anything else for figures', () => {
    expect(() => readWrk('unable to connect to 127.0.0.1:10000 Connection refused')).toThrow(
      'Connection refused',
    );
  });
});
