import { heldBytes, leastProcessBytes, limitOfAll, memoryBudget } from './memory-budget';

const MB = 1048576;

describe('memoryBudget', () => {
  it.each<[number, number, 'process' | 'none', number, number, boolean, number, number, boolean]>([
    // limit MB, nodes, isolation, asked MB -> storage MB, tight, old space MB, semi space MB,
    // whether garbage is collected late
    [300, 3, 'process', 0, 16, true, 80, 1, false],
    [300, 3, 'none', 0, 16, true, 112, 1, false],
    [400, 3, 'process', 0, 16, true, 80, 1, false],
    [500, 3, 'process', 0, 46, false, 110, 1, false],
    [400, 3, 'process', 26, 26, true, 90, 1, false],
    [410, 3, 'process', 0, 16, false, 80, 1, false],
    [512, 3, 'process', 0, 48, false, 112, 1, false],
    [512, 3, 'none', 0, 76, false, 292, 1, false],
    [1024, 3, 'process', 0, 150, false, 214, 16, false],
    [1024, 3, 'none', 0, 178, false, 598, 16, true],
    [4096, 3, 'process', 0, 765, false, 829, 16, true],
    [4096, 3, 'none', 0, 793, false, 2443, 16, true],
    [1023, 1, 'process', 0, 535, false, 599, 1, false],
    [100, 10, 'process', 0, 16, true, 80, 1, false],
    [1024, 3, 'process', 100, 100, false, 164, 16, false],
    [1024, 3, 'process', 500, 500, true, 564, 16, false],
    [1024, 3, 'process', 4, 4, false, 68, 16, false],
  ])(
    '%i MB, %i nodes, isolation %s, asked %i',
    (limit, nodeCount, isolation, asked, storage, tight, old, semi, isLate) => {
      expect(memoryBudget({ limitBytes: limit * MB, nodeCount, isolation, storageMegabytes: asked })).toEqual(
        {
          storageMegabytes: storage,
          tight,
          heapFlags: [
            `--max-old-space-size=${old}`,
            `--max-semi-space-size=${semi}`,
            ...(limit < 1024 ? ['--expose-gc'] : []),
            ...(isLate ? ['--heap-growing-percent=400'] : []),
          ],
          allocator: limit < 1024 ? { MALLOC_MMAP_THRESHOLD_: '131072' } : {},
        },
      );
    },
  );
});

it('has nodes collect what they read at any size where values are in servers', () => {
  const shape = { nodeCount: 3, isolation: 'process', storageMegabytes: 0, storesElsewhere: true } as const;
  const { heapFlags, allocator } = memoryBudget({ ...shape, limitBytes: 4096 * MB });
  expect(heapFlags.slice(1)).toEqual(['--max-semi-space-size=16', '--expose-gc']);
  expect(allocator).toEqual({ MALLOC_MMAP_THRESHOLD_: '131072' });
});

it('gives nodes one heap for all threads where addresses are limited', () => {
  const shape = { nodeCount: 3, isolation: 'process', storageMegabytes: 0, addressesLimited: true } as const;
  expect(memoryBudget({ ...shape, limitBytes: 2048 * MB }).allocator).toEqual({ MALLOC_ARENA_MAX: '1' });
  const small = { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '131072' };
  expect(memoryBudget({ ...shape, limitBytes: 512 * MB }).allocator).toEqual(small);
});

it('is not tight with the least of each process, and tight with a megabyte less', () => {
  for (const nodes of [1, 2, 3, 5].flatMap((nodeCount) => [
    { nodeCount, isolation: 'process' as const },
    { nodeCount, isolation: 'none' as const },
  ])) {
    const least = leastProcessBytes(nodes);
    const tight = (bytes: number): boolean => {
      return memoryBudget({ ...nodes, storageMegabytes: 0, limitBytes: limitOfAll(bytes, nodes) }).tight;
    };
    expect([tight(least), tight(least - MB)]).toEqual([false, true]);
  }
});

describe('heldBytes', () => {
  it.each<[string, number, number, number, number, number, number]>([
    // what, limit MB, asked MB, largest value MB -> for clients, in queues, half arrived; a process
    // base of 70 and the rest is garbage
    ['a small container: the least', 512, 0, 10, 24, 10, 20],
    ['a container of 1 GB', 1024, 0, 10, 50, 12, 20],
    ['a container of 4 GB', 4096, 0, 10, 255, 63, 63],
    ['a machine of 64 GB', 65_536, 0, 10, 4351, 256, 256],
    ['a small store on a large machine', 65_536, 64, 10, 64, 256, 256],
    ['a store larger than there is room for', 1024, 500, 10, 24, 10, 20],
    ['small values', 512, 0, 1, 16, 4, 4],
  ])('%s', (_what, limit, storageMegabytes, value, clients, queues, assembly) => {
    const shape = { limitBytes: limit * MB, nodeCount: 3, isolation: 'process', storageMegabytes } as const;
    const held = heldBytes(shape, value * MB);
    expect(Math.floor(held.clientBytes / MB)).toBe(clients);
    expect(Math.floor(held.queueBytes / MB)).toBe(queues);
    expect(Math.floor(held.assemblyBytes / MB)).toBe(assembly);
  });

  it.each([1024, 2048, 4096, 16_384])(
    'fits a limit of %d MB together with storage and processes, and leaves room for garbage',
    (limit) => {
      for (const isolation of ['process', 'none'] as const) {
        const shape = { limitBytes: limit * MB, nodeCount: 3, isolation, storageMegabytes: 0 };
        const { clientBytes, queueBytes, assemblyBytes } = heldBytes(shape, 10 * MB);
        const perNode = memoryBudget(shape).storageMegabytes * MB + clientBytes + queueBytes + assemblyBytes;
        const processes = (isolation === 'process' ? 3 : 1) * 70 * MB;
        expect(60 * MB + processes + 3 * perNode).toBeLessThan(0.95 * limit * MB);
      }
    },
  );

  it('fits any limit that is not tight together with storage, idle processes and their garbage', () => {
    for (const isolation of ['process', 'none'] as const) {
      for (const nodeCount of [1, 2, 3, 5]) {
        for (let limit = 150; limit <= 1500; limit += 10) {
          const shape = { limitBytes: limit * MB, nodeCount, isolation, storageMegabytes: 0 };
          const { storageMegabytes, tight } = memoryBudget(shape);
          if (tight) continue;
          const { clientBytes, queueBytes, assemblyBytes } = heldBytes(shape, 10 * MB);
          const perNode = storageMegabytes * MB + clientBytes + queueBytes + assemblyBytes;
          const processes = (isolation === 'process' ? nodeCount : 1) * (30 + 16) * MB;
          expect(60 * MB + processes + nodeCount * perNode).toBeLessThanOrEqual((limit + 2) * MB);
        }
      }
    }
  });
});
