import type { ReadText } from './control-groups';
import { memoryPlan } from './memory-plan';

const MB = 1_048_576;
const HEAP = '7f0000000000-7f0000021000 rw-p 0 0:0 0\n7f0000021000-7f0004000000 ---p 0 0:0 0\n';

/** Of a process that has used 20 MB, with 700 MB of addresses of which 50 are data. */
function system(limit: string, files: Record<string, string> = {}): ReadText {
  const all: Record<string, string> = {
    '/proc/self/limits': `${limit} unlimited bytes\n`,
    '/proc/self/status': `VmSize:\t${700 * 1024} kB\nRssAnon:\t${20 * 1024} kB\nVmData:\t${50 * 1024} kB\n`,
    ...files,
  };
  return (path) => all[path] ?? null;
}

const addresses = (megabytes: number): string => `Max address space         ${megabytes * MB}`;
const data = (megabytes: number): string => `Max data size             ${megabytes * MB}`;
const three = { nodeCount: 3, isolation: 'process', hasHeaps: false } as const;

describe('what nodes plan with under a limit of each process', () => {
  it('is what the limit leaves to each of them beside the stacks of later threads', () => {
    const plan = { source: 'ulimit -v', countsAddresses: true, addressesLimited: true, problem: null };
    expect(memoryPlan(three, system(addresses(1000)))).toEqual({ ...plan, bytes: (60 + 3 * 288) * MB });
    const one = { ...three, isolation: 'none' } as const;
    expect(memoryPlan(one, system(addresses(1100)))).toEqual({ ...plan, bytes: (60 + 388) * MB });
  });

  it('counts no addresses where only data is limited', () => {
    const plan = memoryPlan(three, system(data(400)));
    expect(plan).toMatchObject({ source: 'ulimit -d', bytes: (60 + 3 * 338) * MB, addressesLimited: false });
  });

  it('is the limit of the container where that is less', () => {
    const read = system(addresses(1000), { '/sys/fs/cgroup/memory.max': `${500 * MB}` });
    const plan = { bytes: 500 * MB, source: '/sys/fs/cgroup', countsAddresses: true, addressesLimited: true };
    expect(memoryPlan(three, read)).toMatchObject(plan);
  });

  it('is only the limit of the container where a process has none', () => {
    const read = system('Max address space         unlimited', {
      '/sys/fs/cgroup/memory.max': `${500 * MB}`,
    });
    const plan = {
      bytes: 500 * MB,
      source: '/sys/fs/cgroup',
      countsAddresses: false,
      addressesLimited: false,
    };
    expect(memoryPlan(three, read)).toEqual({ ...plan, problem: null });
  });

  it('leaves out the heaps of this process’s threads where its nodes have none', () => {
    const read = system(addresses(1000), { '/proc/self/maps': HEAP });
    expect(memoryPlan(three, read).bytes).toBe((60 + 3 * (288 + 64)) * MB);
  });

  it('leaves room for a heap of each thread where they may have one', () => {
    const read = system(addresses(2000), { '/proc/self/maps': HEAP });
    const bytes = (60 + 3 * (1288 - 9 * 64)) * MB;
    expect(memoryPlan({ ...three, hasHeaps: true }, read).bytes).toBe(bytes);
  });
});

describe('a limit under which an upload would end a node', () => {
  it('is a problem that says what is set and what is needed', () => {
    expect(memoryPlan(three, system(addresses(800))).problem).toEqual({
      variable: 'ulimit -v',
      given: '819200 kB, of which Node.js leaves 88 MB to a process',
      allowed:
        'unlimited, or at least 847872 kB: a process of these nodes needs 116 MB, or an upload ends it',
    });
    expect(memoryPlan(three, system(addresses(828))).problem).toBeNull();
  });

  it('is higher where one process has all the nodes', () => {
    const one = { ...three, isolation: 'none' } as const;
    expect(memoryPlan(one, system(data(317))).problem).not.toBeNull();
    expect(memoryPlan(one, system(data(318))).problem).toBeNull();
  });
});
