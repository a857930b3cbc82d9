import { MetricSet } from './metric-set';

function refuse(): never {
  throw new Error('not told');
}

it('leaves out what cannot be read, tells the rest, and tells it all once it can', async () => {
  let isReadable = false;
  const read = (): number | null => (isReadable ? 3 : null);
  const set = new MetricSet();
  set.gauge('missing_gauge', 'A figure.', read);
  set.counter('missing_counter', 'A figure.', read);
  set.gauge('refused_gauge', 'A figure.', () => (isReadable ? 3 : refuse()));
  set.histogram('refused_histogram', 'A figure.', [1], refuse);
  set.gauge('known_gauge', 'A figure.', () => 7);
  const samples = async (): Promise<string[]> => {
    return (await set.registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  };
  expect(await samples()).toEqual(['known_gauge 7']);
  isReadable = true;
  expect(await samples()).toEqual([
    'missing_gauge 3',
    'missing_counter 3',
    'refused_gauge 3',
    'known_gauge 7',
  ]);
});
