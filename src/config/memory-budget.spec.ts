import { memoryBudget } from './memory-budget';

const MB = 1048576;

describe('memoryBudget', () => {
  it.each<[number, number, 'process' | 'none', number, number, boolean, number, number]>([
    // limit MB, nodes, isolation, asked MB -> storage MB, tight, old space MB, semi space MB
    [300, 3, 'process', 0, 16, true, 80, 1],
    [300, 3, 'none', 0, 34, false, 166, 1],
    [512, 3, 'process', 0, 48, false, 112, 1],
    [512, 3, 'none', 0, 76, false, 292, 1],
    [1024, 3, 'process', 0, 150, false, 214, 16],
    [1024, 3, 'none', 0, 178, false, 598, 16],
    [4096, 3, 'process', 0, 765, false, 829, 16],
    [4096, 3, 'none', 0, 793, false, 2443, 16],
    [1023, 1, 'process', 0, 535, false, 599, 1],
    [100, 10, 'process', 0, 16, true, 80, 1],
    [1024, 3, 'process', 100, 100, false, 164, 16],
    [1024, 3, 'process', 500, 500, true, 564, 16],
    [1024, 3, 'process', 4, 4, false, 68, 16],
  ])(
    '%i MB, %i nodes, isolation %s, asked %i',
    (limit, nodeCount, isolation, asked, storage, tight, old, semi) => {
      expect(memoryBudget({ limitBytes: limit * MB, nodeCount, isolation, storageMegabytes: asked })).toEqual(
        {
          storageMegabytes: storage,
          tight,
          heapFlags: [`--max-old-space-size=${old}`, `--max-semi-space-size=${semi}`],
        },
      );
    },
  );
});
