// Parts of the core are whole when they are made, and are made of few others.
import { madeOf } from './construction';
import { typescriptBelow } from './project-files';

const PARTS_MAX = 6;

describe('the parts of the core', () => {
  const made = typescriptBelow('src/core')
    .filter(({ path }) => !path.endsWith('.spec.ts'))
    .flatMap(madeOf);

  it(`are made of at most ${PARTS_MAX} others each`, () => {
    expect(made.length).toBeGreaterThan(50);
    const tooMany = made.filter(({ count }) => count > PARTS_MAX);
    expect(tooMany.map(({ what, count }) => `${what} takes ${count}`)).toEqual([]);
  });
});

it('the measure counts parameters of constructors and members of bags of parts', () => {
  const text = 'interface AParts { a: 1; b: 2 }\nclass B { constructor(readonly x: 1, y: 2, z: 3) {} }\n';
  expect(madeOf({ path: 'a.ts', text })).toEqual([
    { what: 'a.ts AParts', count: 2 },
    { what: 'a.ts B', count: 3 },
  ]);
});
