import { lookOf } from '../looks';
import { Network } from './network';
import type { NodeSeen } from './node-seen';
import { Opinions } from './opinions';
import type { Difference } from './opinions';
import { totalsOf } from './totals';
import { judge } from './verdict';

const B = { id: 'b', port: 8082 };
const C = { id: 'c', name: 'node-3', port: 8083 };
const FAR = { id: 'f', name: 'node-2', address: '10.0.0.2', host: 'h2', port: 8082 };

function seen(...[peers, self]: Parameters<typeof lookOf>): readonly NodeSeen[] {
  const network = new Network();
  network.look(lookOf(peers, self), 0, 0);
  return network.all();
}

const remarksOf = (nodes: readonly NodeSeen[], differences: readonly Difference[] = []): string[] =>
  judge(nodes, differences).remarks.map(({ text }) => text);

it('says that all is well when it is', () => {
  expect(judge(seen([B, C]), [])).toEqual({
    level: 'well',
    headline: '3 nodes on one host, all well',
    remarks: [],
  });
  expect(judge(seen([B, FAR]), []).headline).toBe('3 nodes on 2 hosts, all well');
});

it('says of a lone node for whom it waits', () => {
  const { level, headline, remarks } = judge(seen([]), []);
  expect([level, headline]).toEqual(['notice', 'One node, alone']);
  expect(remarks.map(({ text }) => text).join(' ')).toContain('It expects 3 nodes');
});

it.each([
  [{ ...B, state: 'dead' }, 'node-2 is dead.', 'trouble'],
  [{ ...B, state: 'suspect' }, 'node-2 does not answer just now.', 'notice'],
  [{ ...B, full: true }, 'node-2 has no room.', 'trouble'],
  [{ ...B, lagging: true }, 'node-2 lags.', 'notice'],
  [{ ...B, reach: 'indirect' }, 'node-2 is reached through others.', 'notice'],
])('says what is the matter with %j', (peer, text, level) => {
  expect(remarksOf(seen([peer, C]))).toEqual([text]);
  expect(judge(seen([peer, C]), []).level).toBe(level);
});

it('tells nodes of the same name apart by their addresses', () => {
  expect(remarksOf(seen([B, { ...FAR, state: 'suspect' }, { ...FAR, id: 'g', port: 8083 }]))).toEqual([
    'node-2 (10.0.0.2:8082) does not answer just now.',
  ]);
});

it('tells a host that went silent as a whole, which may be a cut network', () => {
  const dead = { ...FAR, name: 'node-9', state: 'dead' };
  expect(remarksOf(seen([B, C, dead]))[0]).toMatch(/^No node on 10\.0\.0\.2 answers: .* cut\./);
});

it('tells when too few are left for a quorum, of nodes or of hosts', () => {
  const dead = [B, C].map((peer) => ({ ...peer, state: 'dead' }));
  expect(remarksOf(seen(dead))[0]).toContain('the quorum is 2 nodes, and 1 can answer');
  const replication = { quorum: 2, counts: 'hosts' };
  expect(remarksOf(seen([B, { ...FAR, state: 'dead' }], { replication })).join()).toContain('2 hosts, and 1');
});

describe('opinions', () => {
  const witness = { node_id: 'c', name: 'node-3', port: 8083 };
  const us = { id: 'a', name: 'node-1', port: 8081 };

  it('count once the same witness has told the same twice', () => {
    const opinions = new Opinions();
    const nodes = seen([B, C]);
    const view = lookOf([us, { ...B, state: 'dead' }], witness);
    expect(opinions.hear(view, nodes)).toBe(true);
    expect(opinions.differences(nodes)).toEqual([]);
    expect(opinions.hear(view, nodes)).toBe(false);
    expect(remarksOf(nodes, opinions.differences(nodes))).toEqual([
      'Views differ: node-3 takes node-2 for dead.',
    ]);
  });

  it('are over when the witness agrees, is not live, or another node tells', () => {
    const opinions = new Opinions();
    const nodes = seen([B, C]);
    const view = lookOf([us], witness);
    const doubt = (): void => [view, view].forEach((each) => opinions.hear(each, nodes));
    doubt();
    expect(opinions.differences(nodes)).toMatchObject([{ theirs: 'unknown', subject: 'node-2' }]);
    expect(opinions.differences(seen([B, { ...C, state: 'dead' }]))).toEqual([]);
    opinions.hear(lookOf([us, B], witness), nodes);
    expect(opinions.differences(nodes)).toEqual([]);
    doubt();
    opinions.clear();
    expect(opinions.differences(nodes)).toEqual([]);
  });

  it('do not differ over whom one side suspects or has forgotten dead', () => {
    const opinions = new Opinions();
    const nodes = seen([{ ...B, state: 'dead' }, C]);
    expect(opinions.hear(lookOf([us], witness), nodes)).toBe(false);
    expect(opinions.hear(lookOf([us, { ...B, state: 'suspect' }], witness), nodes)).toBe(false);
  });
});

it('adds up what live nodes do, and takes keys and memory from the fullest', () => {
  const digest = { keys: 9, used_bytes: 900, limit_bytes: 1000, puts_per_second: 1, gets_per_second: 1 };
  expect(
    totalsOf(
      seen([
        { ...B, digest },
        { ...C, state: 'dead' },
      ]),
    ),
  ).toMatchObject({
    live: 2,
    known: 3,
    keys: 9,
    usedBytes: 900,
    limitBytes: 1000,
    writes: 4,
    reads: 5,
  });
});
