import { connectionLimits, CONNECTION_BYTES, descriptorFrom } from './connection-limits';
import { readNodeSettings } from './read-settings';
import { descriptorLimit, parseDescriptorLimit } from './descriptor-limit';

const MB = 1_048_576;

describe('connectionLimits', () => {
  it.each([
    // what, descriptors, nodes in the process, ledger MB, asked, asked per address -> max, per
    // address
    ['a small container', 1_048_576, 1, 24, 0, 0, 186, 46],
    ['a large one', 1_048_576, 1, 255, 0, 0, 1978, 494],
    ['memory without end', 1_048_576, 1, 16_384, 0, 0, 8192, 2048],
    ['few descriptors', 1024, 1, 255, 0, 0, 768, 192],
    ['few descriptors for three nodes', 1024, 3, 255, 0, 0, 213, 53],
    ['hardly any descriptors', 64, 1, 255, 0, 0, 16, 8],
    ['numbers of the operator', 1_048_576, 1, 24, 1000, 900, 1000, 900],
    ['more than the descriptors allow', 1024, 1, 24, 5000, 0, 768, 192],
    ['more for an address than for all', 1024, 1, 24, 10, 50, 10, 10],
  ])(
    '%s',
    (_what, descriptors, nodesInProcess, megabytes, max, perAddressMax, expected, expectedPerAddress) => {
      const shape = { descriptors, nodesInProcess, clientBytes: megabytes * MB, max, perAddressMax };
      expect(connectionLimits(shape)).toEqual({ max: expected, perAddressMax: expectedPerAddress });
    },
  );

  it('leaves two thirds of the ledger to what connections bring, when all of them send half a head', () => {
    const { max } = connectionLimits({
      descriptors: 1e6,
      nodesInProcess: 1,
      clientBytes: 64 * MB,
      max: 0,
      perAddressMax: 0,
    });
    expect(max * CONNECTION_BYTES).toBeLessThanOrEqual((64 * MB) / 3);
  });
});

describe('few descriptors', () => {
  const warningsWith = (descriptors: number, env: Record<string, string> = {}): readonly string[] =>
    readNodeSettings(env, { descriptors }).warnings;

  it('are warned of at the start with what there is and what is needed', () => {
    expect(warningsWith(40)).toEqual([
      'this process may have 40 descriptors open (ulimit -n), and 16 connections beside peers and files need 272: where none is left, clients are refused, or reset without an answer',
    ]);
    expect(warningsWith(40, { REPRAM_ISOLATION: 'none' })[0]).toContain(
      '48 connections beside peers and files need 432',
    );
  });

  it('are no matter where the caps fit', () => {
    for (const descriptors of [272, 1024, Number.MAX_SAFE_INTEGER])
      expect(warningsWith(descriptors)).toEqual([]);
  });

  it.each([
    [40, 30],
    [64, 48],
    [1024, 1008],
  ])('of %i those from %i on are for saying no', (descriptors, from) => {
    expect(descriptorFrom(descriptors)).toBe(from);
  });
});

describe('the limit of descriptors', () => {
  const line = (soft: string): string =>
    `Limit Soft Limit Hard Limit Units\nMax open files            ${soft}    4096    files\n`;

  it.each([
    ['a number', line('1024'), 1024],
    ['no limit', line('unlimited'), Number.MAX_SAFE_INTEGER],
    ['nothing of it', 'Max cpu time unlimited', null],
  ])('is read from a text with %s', (_what, text, expected) => {
    expect(parseDescriptorLimit(text)).toBe(expected);
  });

  it('is the common one where it cannot be read', () => {
    const unreadable = (): string => {
      throw new Error('ENOENT');
    };
    expect(descriptorLimit(unreadable)).toBe(1024);
    expect(descriptorLimit(() => 'nonsense')).toBe(1024);
    expect(descriptorLimit()).toBeGreaterThan(0);
  });
});
