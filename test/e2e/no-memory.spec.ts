// Without an engine: a body for which the system gives no memory.
import { createServer, type Server } from 'node:http';
import { BodyReader } from '../../src/http/body-reader';
import type { ReceivedBody } from '../../src/http/incoming-body';
import { Ledger } from '../../src/http/limits/ledger';
import { Transfers } from '../../src/http/limits/transfers';
import { call } from '../support/http/calls';
import { portRange } from '../support/processes/ports';

const MB = 1_048_576;
const ledger = new Ledger(64 * MB);
const bodies: ReceivedBody[] = [];
let countsAddresses = false;
let server: Server;
let port: number;

beforeAll(async () => {
  port = await portRange(1);
  server = createServer((request, response) => {
    const transfers = new Transfers({ windowMs: 10_000, bytes: 10, totalMs: 60_000 });
    const reader = new BodyReader({ valueBytesMax: 10 * MB, ledger, transfers, countsAddresses });
    void reader.receive(request).then((body) => {
      bodies.push(body);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
});
afterAll(() => server.close());
afterEach(() => {
  jest.restoreAllMocks();
  bodies.length = 0;
});

/** As Node.js throws where there are no addresses left. */
function refuse(): never {
  throw new RangeError('Array buffer allocation failed');
}

describe('a body for which there is no memory', () => {
  it.each([
    ['while it arrives', false, 'allocUnsafeSlow'],
    ['when it is joined at its end', true, 'concat'],
  ] as const)('is refused %s, and gives back its room', async (_, counts, method) => {
    countsAddresses = counts;
    jest.spyOn(Buffer, method).mockImplementationOnce(refuse);
    await call(port, '/', { method: 'PUT', body: 'x'.repeat(MB) });
    expect(bodies).toEqual(['busy']);
    expect(ledger.usedBytes).toBe(0);
  });

  it('is received where only what is used counts, or all that is asked for', async () => {
    for (countsAddresses of [false, true]) {
      const asked = jest.spyOn(Buffer, 'allocUnsafeSlow');
      await call(port, '/', { method: 'PUT', body: 'x'.repeat(MB) });
      expect(bodies.pop()).toHaveLength(MB);
      // Room for the whole before the whole is there costs what has not come.
      expect(asked.mock.calls.some(([bytes]) => bytes === MB)).toBe(!countsAddresses);
      asked.mockRestore();
    }
  });
});
