import { figure, memoryFigures } from './process-figures';

function refuse(): never {
  throw Object.assign(new Error('EMFILE: too many open files, uv_resident_set_memory'), { code: 'EMFILE' });
}

it('tells the heap and leaves the resident set out where the system refuses it', () => {
  const { rss, heapUsed, heapTotal, external } = memoryFigures(refuse);
  expect(rss).toBeNull();
  for (const bytes of [heapUsed, heapTotal, external]) expect(bytes).toBeGreaterThan(0);
});

it('tells all where the system does', () => {
  expect(memoryFigures().rss).toBeGreaterThan(0);
});

it('makes null of a figure that cannot be read', () => {
  expect([figure(refuse), figure(() => 0)]).toEqual([null, 0]);
});
