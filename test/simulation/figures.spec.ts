// The figures measure what they say: a calm network shows what the protocol promises, and a core
// that breaks the promise shows it.
import { deliver, UNSTEADY } from './figures/delivery';
import { FIGURES, figuresNamed, printFigures } from './figures/figures';
import { CoreLoader } from './mutants/core-loader';
import { productCore } from './world/simulated-core';

const WRITES = 30;
const MANY_WRITES = 3000;
const THREE_HOSTS = { hosts: [3, 3, 3] };

const WITHOUT_RELAYS = {
  file: 'replication/routes.ts',
  find: 'neighbours.length > 1 ? relayOf(neighbours, self) : null',
  replace: 'null',
};

const COPIES_FOR_LAGGARDS = {
  file: 'replication/routes.ts',
  find: ' ?? leastBehind(neighbours)',
  replace: '',
};

describe('the figures', () => {
  it('show a write crossing once to each other host, and reaching each node once', () => {
    const { records, crossings, everywhereMs } = deliver(THREE_HOSTS, WRITES);
    expect({ records, crossings }).toEqual({ records: 8 * WRITES, crossings: 2 * WRITES });
    expect(everywhereMs).not.toContain(null);
  });

  it('show a write crossing to every node of other hosts when nobody relays', () => {
    const makeCore = new CoreLoader().load([WITHOUT_RELAYS]);
    const { records, crossings, crossingBytes } = deliver(THREE_HOSTS, WRITES, { makeCore });
    expect({ records, crossings }).toEqual({ records: 8 * WRITES, crossings: 6 * WRITES });
    expect(crossingBytes / deliver(THREE_HOSTS, WRITES).crossingBytes).toBeGreaterThan(2.5);
  });

  it('show that a way that is slow now and then is not burdened with a copy for each node behind it', () => {
    const unsteady = { ...THREE_HOSTS, weather: UNSTEADY };
    const crossings = (makeCore = productCore): number =>
      deliver(unsteady, MANY_WRITES, { makeCore, everyMs: 1 }).crossings / MANY_WRITES;
    const broken = new CoreLoader().load([COPIES_FOR_LAGGARDS]);
    expect(crossings()).toBeLessThan(2.5);
    expect(crossings(broken)).toBeGreaterThan(4);
  });

  it.each(FIGURES.map(({ name }) => name))('are printed by name: %s', (name) => {
    const lines: string[] = [];
    printFigures(figuresNamed([name]), { runs: 2, hours: 0.01, sizes: [3], keys: 2000 }, (line) =>
      lines.push(line),
    );
    expect(lines[0]).toMatch(new RegExp(`^${name}: `));
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.join('\n')).not.toMatch(/never|NaN|no samples/);
  });

  it('are not printed by a name that no figure has', () => {
    expect(() => figuresNamed(['speed'])).toThrow(/there are formation/);
  });
});
