import type { ReadText } from './control-groups';
import { heapsOfThreads, processMemory } from './process-limits';

const MB = 1_048_576;

function system(limits: Record<string, string>, status: Record<string, number> = {}, maps = ''): ReadText {
  const heading = 'Limit                     Soft Limit           Hard Limit           Units     \n';
  const lines = Object.entries(limits).map(
    ([name, soft]) => `${name.padEnd(26)}${soft.padEnd(21)}unlimited  bytes\n`,
  );
  const facts = Object.entries(status).map(([name, megabytes]) => `${name}:\t  ${megabytes * 1024} kB\n`);
  const files: Record<string, string> = {
    '/proc/self/limits': heading + lines.join(''),
    '/proc/self/status': `Name:\tnode\n${facts.join('')}`,
    '/proc/self/maps': maps,
  };
  return (path) => files[path] ?? null;
}

const TAKEN = { VmSize: 700, VmData: 50, RssAnon: 20 };

describe('the memory of a process with a limit of its own', () => {
  it('is what it uses, and what it may ask for beside that', () => {
    const read = system({ 'Max address space': String(1000 * MB), 'Max data size': 'unlimited' }, TAKEN);
    const own = { usedBytes: 20 * MB, limitBytes: 320 * MB, source: 'ulimit -v', setBytes: 1000 * MB };
    expect(processMemory(read)).toEqual(own);
  });

  it('is told by the limit that leaves least', () => {
    const limits = { 'Max address space': String(1000 * MB), 'Max data size': String(200 * MB) };
    expect(processMemory(system(limits, TAKEN))).toMatchObject({ limitBytes: 170 * MB, source: 'ulimit -d' });
  });

  it('is no less than what it uses already', () => {
    const read = system({ 'Max address space': String(600 * MB) }, TAKEN);
    expect(processMemory(read)).toMatchObject({ usedBytes: 20 * MB, limitBytes: 20 * MB });
  });

  it('is null without a limit, and where the system tells of none', () => {
    expect(
      processMemory(system({ 'Max address space': 'unlimited', 'Max data size': 'unlimited' })),
    ).toBeNull();
    expect(processMemory(() => null)).toBeNull();
  });
});

describe('the heaps of threads', () => {
  it('are the reservations of 64 MB of which a first part can be written', () => {
    const maps = [
      '7f0000000000-7f0000021000 rw-p 00000000 00:00 0 ',
      '7f0000021000-7f0004000000 ---p 00000000 00:00 0 ',
      '7f0008000000-7f0008100000 rw-p 00000000 00:00 0 ',
      '7f0008100000-7f000c000000 ---p 00000000 00:00 0 ',
      // Of V8: neither begins where a heap does, nor is as long.
      '7f0010001000-7f0010100000 rw-p 00000000 00:00 0 ',
      '7f0010100000-7f0014000000 ---p 00000000 00:00 0 ',
      '7f0018000000-7f0018100000 rw-p 00000000 00:00 0 ',
      '7f0018100000-7f0020000000 ---p 00000000 00:00 0 ',
      '7f0024000000-7f0028000000 rw-p 00000000 00:00 0 ',
      '7f0030000000-7f0034000000 ---p 00000000 00:00 0 ',
    ];
    expect(heapsOfThreads(system({}, {}, `${maps.join('\n')}\n`))).toBe(2 * 64 * MB);
    expect(heapsOfThreads(() => null)).toBe(0);
  });
});
