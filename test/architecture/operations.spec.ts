// docs/operations.md tells what the software logs and measures, and how much memory it takes.
import { memoryBudget } from '../../src/config/memory-budget';
import { difference, listedTerms } from './documents';
import { kindsOf, loggedEvents } from './log-events';
import { readProjectFile, typescriptBelow } from './project-files';

const MEGABYTE = 1_048_576;
const operations = readProjectFile('docs/operations.md').text;
const sources = typescriptBelow('src').filter(({ path }) => !path.endsWith('.spec.ts'));

function section(title: string): string {
  const [, text] = operations.split(`\n## ${title}\n`);
  return text.split('\n## ')[0];
}

describe('docs/operations.md', () => {
  it('lists exactly the events that are logged', () => {
    const kinds = kindsOf('Notification', readProjectFile('src/core/base/effects.ts'));
    const listed = listedTerms(section('Log events'), /^[a-z]+(-[a-z]+)*$/);
    expect(difference([...sources.flatMap(loggedEvents), ...kinds], listed)).toEqual({
      undocumented: [],
      unknown: [],
    });
  });

  it('names only metrics that exist', () => {
    const code = sources
      .filter(({ path }) => path.startsWith('src/modules/metrics/'))
      .map(({ text }) => text)
      .join();
    const named = [...operations.matchAll(/\brepram_[a-z_]+/g)].map(([name]) => name);
    expect(named.filter((name) => !code.includes(`'${name}'`))).toEqual([]);
  });

  it('asks for as much memory as the launcher needs to grant the data', () => {
    const rows = [...section('Memory').matchAll(/^\| (\d+) MB \| (\d+) MB \|$/gm)];
    expect(rows).toHaveLength(4);
    for (const [, data, limit] of rows) {
      const limitBytes = Number(limit) * MEGABYTE;
      const shape = { limitBytes, nodeCount: 3, isolation: 'process', storageMegabytes: 0 } as const;
      const { storageMegabytes } = memoryBudget(shape);
      expect(storageMegabytes).toBeGreaterThanOrEqual(Number(data));
      expect(storageMegabytes).toBeLessThanOrEqual(Number(data) + 1);
    }
  });
});

describe('the reader of log calls', () => {
  const events = (text: string): string[] => loggedEvents({ path: 'src/a.ts', text });

  it('finds texts, choices of texts, and those in a constant', () => {
    expect(events("log.info('one', {}); this.log.warn('two'); a.options.log.error('three');")).toEqual([
      'one',
      'two',
      'three',
    ]);
    expect(events("const e = c ? 'one' : 'two'; this.logOnce('warn', e, address);")).toEqual(['one', 'two']);
    expect(events("dialog.info('no'); log.level('no'); Math.log(1);")).toEqual([]);
  });

  it('says where an event cannot be read', () => {
    expect(() => events('log.info(name());')).toThrow('src/a.ts: the event name() is not a text');
  });
});
