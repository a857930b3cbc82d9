import type { ReadText } from './control-groups';
import { memoryLimit, memoryUsage } from './memory-limit';

const MB = 1_048_576;
const NO_LIMIT_V1 = '9223372036854771712\n';
const MACHINE = 8192 * MB;

const V2 = '35 25 0:30 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n';
const V1 = '39 31 0:32 / /sys/fs/cgroup/memory rw,relatime shared:14 - cgroup cgroup rw,memory\n';

/** Files by path; what is not named cannot be read. */
function tree(files: Record<string, string>): ReadText {
  return (path) => files[path] ?? null;
}

function v2(path: string, files: Record<string, string>, mountinfo = V2): ReadText {
  return tree({ '/proc/self/cgroup': `0::${path}\n`, '/proc/self/mountinfo': mountinfo, ...files });
}

const SLICE = '/sys/fs/cgroup/app.slice';
const OWN = `${SLICE}/node.service`;

describe('the limit a node plans with', () => {
  it.each<[string, ReadText, number, string]>([
    ['its own group', v2('/app.slice/node.service', { [`${OWN}/memory.max`]: `${512 * MB}\n` }), 512, OWN],
    [
      'a group above, where the own has none',
      v2('/app.slice/node.service', {
        [`${OWN}/memory.max`]: 'max\n',
        [`${SLICE}/memory.max`]: `${300 * MB}\n`,
      }),
      300,
      SLICE,
    ],
    [
      'a group above that has less',
      v2('/app.slice/node.service', {
        [`${OWN}/memory.max`]: `${900 * MB}`,
        [`${SLICE}/memory.max`]: `${300 * MB}`,
      }),
      300,
      SLICE,
    ],
    [
      'what a group is advised to stay below',
      v2('/app.slice/node.service', {
        [`${OWN}/memory.max`]: `${900 * MB}`,
        [`${SLICE}/memory.high`]: `${400 * MB}`,
      }),
      400,
      SLICE,
    ],
    [
      'the root of a namespace of its own',
      v2('/', { '/sys/fs/cgroup/memory.max': `${256 * MB}\n` }),
      256,
      '/sys/fs/cgroup',
    ],
    [
      'a group of which only a part is mounted',
      v2(
        '/kube/pod1/c1/inner',
        { '/cg/inner/memory.max': 'max', '/cg/memory.max': `${128 * MB}` },
        '35 25 0:30 /kube/pod1/c1 /cg rw - cgroup2 none rw\n',
      ),
      128,
      '/cg',
    ],
    [
      'the mount that shows most of the groups above',
      v2(
        '/kube/c1',
        { '/cg/memory.max': 'max', '/all/kube/memory.max': `${128 * MB}` },
        '35 25 0:30 /kube/c1 /cg rw - cgroup2 none rw\n36 25 0:30 / /all rw - cgroup2 none rw\n',
      ),
      128,
      '/all/kube',
    ],
    [
      'a mount point with a blank in its name',
      v2('/a', { '/c g/a/memory.max': `${64 * MB}` }, '1 2 0:3 / /c\\040g rw - cgroup2 none rw\n'),
      64,
      '/c g/a',
    ],
    [
      'the mount point when the path leads out of the namespace',
      v2('/../../elsewhere', { '/sys/fs/cgroup/memory.max': `${77 * MB}` }),
      77,
      '/sys/fs/cgroup',
    ],
    [
      'a group above in the older hierarchy',
      tree({
        '/proc/self/cgroup': '4:memory:/pods/one\n1:cpu:/\n0::/\n',
        '/proc/self/mountinfo': V1,
        '/sys/fs/cgroup/memory/pods/one/memory.limit_in_bytes': NO_LIMIT_V1,
        '/sys/fs/cgroup/memory/pods/memory.limit_in_bytes': `${200 * MB}\n`,
      }),
      200,
      '/sys/fs/cgroup/memory/pods',
    ],
    [
      'a group above that only the older kernel interface tells of',
      tree({
        '/proc/self/cgroup': '4:cpu,memory:/docker/abc\n',
        '/proc/self/mountinfo':
          '39 31 0:32 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,cpu,memory\n',
        '/sys/fs/cgroup/memory/memory.limit_in_bytes': NO_LIMIT_V1,
        '/sys/fs/cgroup/memory/memory.stat': `cache 1\nhierarchical_memory_limit ${150 * MB}\ntotal_cache 1\n`,
      }),
      150,
      '/sys/fs/cgroup/memory',
    ],
    [
      'the older hierarchy on a system that has both',
      tree({
        '/proc/self/cgroup': '4:memory:/own\n0::/own\n',
        '/proc/self/mountinfo': `${V1}40 31 0:33 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n`,
        '/sys/fs/cgroup/memory/own/memory.limit_in_bytes': `${220 * MB}\n`,
      }),
      220,
      '/sys/fs/cgroup/memory/own',
    ],
    [
      'the usual place where /proc tells nothing',
      tree({ '/sys/fs/cgroup/memory.max': `${99 * MB}\n` }),
      99,
      '/sys/fs/cgroup',
    ],
    [
      'the usual place of the older interface',
      tree({ '/sys/fs/cgroup/memory/memory.limit_in_bytes': `${98 * MB}\n` }),
      98,
      '/sys/fs/cgroup/memory',
    ],
    [
      'the machine where no group has one',
      v2('/', { '/sys/fs/cgroup/memory.max': 'max\n' }),
      8192,
      'machine',
    ],
    [
      'the machine when a group has more than there is',
      v2('/', { '/sys/fs/cgroup/memory.max': '99999999999999' }),
      8192,
      'machine',
    ],
  ])('is that of %s', (_, read, megabytes, source) => {
    expect(memoryLimit(read, MACHINE)).toEqual({ bytes: megabytes * MB, source });
  });

  it.each(['', 'nonsense', '-5', '1e9', '12 34', '0x10', '\0'])('is not read out of %j', (text) => {
    const odd = {
      '/proc/self/cgroup': `${text}\n0::/a\n4:memory\n:::\n`,
      '/proc/self/mountinfo': `${text}\n - cgroup2\n1 2 3\n${V2}`,
      '/sys/fs/cgroup/a/memory.max': text,
      '/sys/fs/cgroup/a/memory.high': text,
    };
    expect(memoryLimit(tree(odd), MACHINE)).toEqual({ bytes: MACHINE, source: 'machine' });
  });

  it('is found however deep the group is, at a bounded cost', () => {
    let reads = 0;
    const read: ReadText = (path) => {
      reads += 1;
      if (path === '/proc/self/cgroup') return `0::${'/x'.repeat(10_000)}\n`;
      return path === '/proc/self/mountinfo' ? V2 : null;
    };
    expect(memoryLimit(read, MACHINE).bytes).toBe(MACHINE);
    expect(reads).toBeLessThan(300);
  });
});

describe('what is used of it', () => {
  const stat = (inactive: number, active: number, slab: number): string =>
    `anon 5\nfile 900\ninactive_file ${inactive * MB}\nactive_file ${active * MB}\nslab_reclaimable ${slab * MB}\n`;

  it('counts all processes of the group, without page cache that can be taken back', () => {
    const read = v2('/app.slice/node.service', {
      [`${OWN}/memory.max`]: `${512 * MB}`,
      [`${OWN}/memory.current`]: `${500 * MB}`,
      [`${OWN}/memory.stat`]: stat(100, 50, 10),
    });
    const usage = { usedBytes: 340 * MB, limitBytes: 512 * MB, scope: 'group', throttled: false };
    expect(memoryUsage(read)).toEqual(usage);
  });

  it('is told of the group that is nearest to its limit, not of the one with the smallest', () => {
    const read = v2('/app.slice/node.service', {
      [`${OWN}/memory.max`]: `${512 * MB}`,
      [`${OWN}/memory.current`]: `${200 * MB}`,
      [`${SLICE}/memory.max`]: `${1000 * MB}`,
      [`${SLICE}/memory.current`]: `${990 * MB}`,
    });
    expect(memoryUsage(read)).toMatchObject({ usedBytes: 990 * MB, limitBytes: 1000 * MB });
  });

  it('is read from the older interface with what is below the group', () => {
    const own = '/sys/fs/cgroup/memory/own';
    const read = tree({
      '/proc/self/cgroup': '4:memory:/own\n',
      '/proc/self/mountinfo': V1,
      [`${own}/memory.limit_in_bytes`]: `${300 * MB}\n`,
      [`${own}/memory.usage_in_bytes`]: `${290 * MB}\n`,
      [`${own}/memory.stat`]: `inactive_file 1\ntotal_inactive_file ${20 * MB}\ntotal_active_file ${30 * MB}\n`,
    });
    expect(memoryUsage(read)).toMatchObject({ usedBytes: 240 * MB, limitBytes: 300 * MB });
  });

  it('is unknown where the kernel does not tell, and the limit still stands', () => {
    const read = v2('/', { '/sys/fs/cgroup/memory.max': `${512 * MB}` });
    expect(memoryUsage(read)).toMatchObject({ usedBytes: null, limitBytes: 512 * MB });
  });

  it('says when a group is beyond what it was advised', () => {
    const read = v2('/', {
      '/sys/fs/cgroup/memory.max': `${512 * MB}`,
      '/sys/fs/cgroup/memory.high': `${300 * MB}`,
      '/sys/fs/cgroup/memory.current': `${310 * MB}`,
    });
    expect(memoryUsage(read)).toMatchObject({ throttled: true });
  });

  it('is that of this process where it is nearer to a limit of its own', () => {
    const own = {
      '/proc/self/limits': `Max address space         ${1000 * MB}           unlimited  bytes\n`,
      '/proc/self/status': `VmSize:\t${900 * 1024} kB\nRssAnon:\t${300 * 1024} kB\n`,
    };
    const usage = { usedBytes: 300 * MB, limitBytes: 400 * MB, scope: 'process', throttled: false };
    expect(memoryUsage(tree(own))).toEqual(usage);
    const group = {
      '/sys/fs/cgroup/memory.max': `${500 * MB}`,
      '/sys/fs/cgroup/memory.current': `${450 * MB}`,
    };
    expect(memoryUsage(v2('/', { ...own, ...group }))).toMatchObject({ scope: 'group' });
  });

  it('is that of the machine where no group has a limit', () => {
    const read = v2('/', {
      '/proc/meminfo': 'MemTotal:       8000 kB\nMemFree: 1 kB\nMemAvailable:   2000 kB\n',
    });
    const usage = { usedBytes: 6000 * 1024, limitBytes: 8000 * 1024, scope: 'machine', throttled: false };
    expect(memoryUsage(read)).toEqual(usage);
  });

  it('is null where nothing can be read', () => {
    expect(memoryUsage(() => null)).toBeNull();
  });
});
