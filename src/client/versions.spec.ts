import { compareVersions as compareOfNodes, formatVersion } from '../core/base/version';
import { compareVersions, isVersion, newerOf, OwnWrites } from './versions';

const ORIGINS = ['0000000000000001', 'b41fbb53eb6f9f49', 'ffffffffffffffff'];
const VERSIONS = [1, 2 ** 24, 2 ** 31, 1_838_926_815_642_624].flatMap((hlc) =>
  ORIGINS.map((origin) => ({ hlc, origin })),
);

it('orders versions as nodes do', () => {
  for (const a of VERSIONS)
    for (const b of VERSIONS)
      expect(Math.sign(compareVersions(formatVersion(a), formatVersion(b)))).toBe(
        Math.sign(compareOfNodes(a, b)),
      );
});

it('tells versions from other text', () => {
  expect(VERSIONS.map(formatVersion).every(isVersion)).toBe(true);
  expect([null, '', 'x', '1-2', `${'1'.repeat(15)}-${ORIGINS[0]}`].some(isVersion)).toBe(false);
});

it('takes the newer of two, and the one that there is', () => {
  const [old, young] = [VERSIONS[0], VERSIONS[5]].map(formatVersion);
  expect([newerOf(old, young), newerOf(young, old)]).toEqual([young, young]);
  expect([newerOf(null, old), newerOf(old, null), newerOf(null, null)]).toEqual([old, old, null]);
});

describe('own writes', () => {
  const version = (hlc: number): string => formatVersion({ hlc, origin: ORIGINS[0] });
  let nowMs: number;
  let own: OwnWrites;
  beforeEach(() => {
    nowMs = 0;
    own = new OwnWrites(() => nowMs);
  });

  it('are remembered until their time is up', () => {
    own.note('k', version(7), 10);
    nowMs = 9999;
    expect(own.versionOf('k')).toBe(version(7));
    nowMs = 10_000;
    expect(own.versionOf('k')).toBeNull();
    expect(own.size).toBe(0);
  });

  it('are remembered by the newest, whichever answer came last', () => {
    own.note('k', version(9), 10);
    own.note('k', version(7), 10);
    expect(own.versionOf('k')).toBe(version(9));
  });

  it('are a thousand at most, the last ones', () => {
    for (let index = 0; index < 1500; index += 1) own.note(`k${index}`, version(1 + index), 10);
    expect(own.size).toBe(1000);
    expect([own.versionOf('k499'), own.versionOf('k500')]).toEqual([null, version(501)]);
  });
});
