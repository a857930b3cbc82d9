// A fresh node that knows of others and meets none of them.
import { LoneCore } from '../../../test/support/core/lone-core';
import { ScriptedPeer } from '../../../test/support/core/scripted-peer';
import { VICTIM_SETTINGS } from '../../../test/support/core/victim';
import { CONFIGURED_SOURCE } from '../discovery/places';
import { TIMING, type CoreSettings } from '../base/settings';

const KEY = Buffer.from('k');
const INHERITED = { others: 4, hosts: 2, agoMs: 1000 };
const ELSEWHERE = { hostId: 'host-b', address: '10.0.0.2' };
const PLACE = { address: ELSEWHERE.address, port: 8081 };
/** As a node says that holds nothing yet. */
const EMPTY = { ready: false };
/** All first rounds are over by then. */
const ALONE_MS = 6000;

/** Starts with these settings and is alone for a while. */
function started(settings: Partial<CoreSettings>, aloneMs = ALONE_MS): LoneCore {
  return new LoneCore(settings, aloneMs);
}

function nameOne(raw: LoneCore): void {
  raw.handle({ kind: 'candidates', source: CONFIGURED_SOURCE, endpoints: [PLACE] });
}

/** What a reader of a key is told that this node does not hold. */
function denial(raw: LoneCore): 'absent' | 'unknown' {
  const now = { monoMs: raw.monoMs, wallMs: raw.wallMs };
  // A list calls absent what is not in it.
  expect(raw.core.isFilled(now)).toBe(!raw.core.mustAsk(KEY, now));
  if (!raw.core.mustAsk(KEY, now)) return 'absent';
  raw.fetches.length = 0;
  raw.handle({ kind: 'fetch', requestId: 1, key: KEY, minVersion: null });
  raw.advance(TIMING.fetchPatienceMs);
  expect(raw.fetches).toHaveLength(1);
  return raw.fetches[0].kind === 'absent' ? 'absent' : 'unknown';
}

const readyTold = (peer: ScriptedPeer): boolean[] => {
  const said = peer.hearsAll();
  return said.flatMap((message) => ('status' in message ? [message.status.ready] : []));
};

describe('a node that takes the place of one that had peers, and meets nobody', () => {
  it('is not ready for a minute, and calls nothing absent', () => {
    const raw = started({ inherited: INHERITED }, 50_000);
    expect(raw.core.state()).toBe('starting');
    expect(denial(raw)).toBe('unknown');
  });

  it('is ready then, and calls nothing absent as long as what they held may be alive', () => {
    const raw = started({ inherited: INHERITED, ttlMaxMs: 600_000 }, TIMING.firstLinksMaxMs + 200);
    expect(raw.core.state()).toBe('ready');
    expect(raw.put('mine', 'v', 'one')).toMatchObject({ kind: 'held' });
    expect(raw.read('mine')).toBe('v');
    expect(denial(raw)).toBe('unknown');
    raw.advance(600_000 - TIMING.firstLinksMaxMs - 5000);
    expect(denial(raw)).toBe('unknown');
    raw.advance(5000);
    expect(denial(raw)).toBe('absent');
  });

  it('says that nobody knows at once when nobody is there, so that readers do not pile up', () => {
    const raw = started({ inherited: INHERITED }, TIMING.firstLinksMaxMs + 200);
    raw.handle({ kind: 'fetch', requestId: 1, key: KEY, minVersion: null });
    raw.advance(0);
    expect(raw.fetches).toEqual([{ kind: 'unknown' }]);
  });

  it('expects them for its quorum', () => {
    const raw = started({ inherited: INHERITED, ttlMaxMs: 600_000 });
    const expected = (): unknown => raw.core.report().membership;
    expect(expected()).toMatchObject({ expectedNodes: 5, expectedHosts: 2 });
    expect(raw.core.report().replication).toMatchObject({ quorum: 2, counts: 'hosts' });
    raw.advance(600_000);
    expect(expected()).toMatchObject({ expectedNodes: 1, expectedHosts: 1 });
  });

  it('is not convinced by one in the same plight', () => {
    const raw = started({ inherited: INHERITED }, TIMING.firstLinksMaxMs + 200);
    const peer = new ScriptedPeer(raw, 'a');
    peer.tells({ ready: false, root: raw.core.root() });
    raw.advance(200);
    expect(readyTold(peer)).not.toContain(true);
    const answer = (): void => {
      for (const { requestId } of peer.hears('fetch')) peer.replies(requestId, null, false);
    };
    raw.handle({ kind: 'fetch', requestId: 1, key: KEY, minVersion: null });
    for (let ms = 0; ms < 3000; ms += 50) {
      answer();
      raw.advance(50);
    }
    expect(raw.fetches).toEqual([{ kind: 'unknown' }]);
  });

  it('believes itself again once it holds what a ready one holds', () => {
    const raw = started({ inherited: INHERITED }, TIMING.firstLinksMaxMs + 200);
    const peer = new ScriptedPeer(raw, 'a');
    peer.tells({ ready: true, root: raw.core.root() });
    peer.lives(200);
    peer.unlink();
    raw.advance(30_000);
    expect(raw.core.state()).toBe('ready');
    expect(denial(raw)).toBe('absent');
  });

  it('takes its readiness back when it meets a ready one that holds something', () => {
    const raw = started({ inherited: INHERITED }, TIMING.firstLinksMaxMs + 200);
    const fellow = new ScriptedPeer(raw, 'b');
    fellow.tells({ ready: false, root: raw.core.root() });
    expect(raw.core.state()).toBe('ready');
    new ScriptedPeer(raw, 'a').tells({ ready: true });
    expect(raw.core.state()).toBe('syncing');
  });
});

describe.each([
  ['the hosts that are expected', { expectedHostsMin: 2 }, (): void => undefined],
  ['the peers that the operator named', {}, nameOne],
  [
    'the peers that the operator named, because they refuse it',
    {},
    (raw: LoneCore): void => {
      nameOne(raw);
      raw.handle({ kind: 'probe-result', endpoint: PLACE, outcome: { kind: 'peer', id: 'a'.repeat(16) } });
      raw.handle({ kind: 'dial-failed', endpoint: PLACE, failure: 'rejected' });
    },
  ],
] as const)('a first node that meets none of %s', (_what, settings, begin: (raw: LoneCore) => void) => {
  const begun = (aloneMs: number): LoneCore => {
    const raw = started(settings, 0);
    begin(raw);
    raw.advance(aloneMs);
    return raw;
  };

  it('is ready as soon as everybody nearby had the chance to answer', () => {
    expect(begun(ALONE_MS).core.state()).toBe('ready');
  });

  it('calls nothing absent for a minute, and then what it does not hold', () => {
    const raw = begun(ALONE_MS);
    expect(denial(raw)).toBe('unknown');
    raw.advance(TIMING.firstLinksMaxMs - ALONE_MS);
    expect(denial(raw)).toBe('absent');
  });

  it('calls absent what it does not hold as soon as one of another host was met', () => {
    const raw = begun(ALONE_MS);
    raw.handle({
      kind: 'probe-result',
      endpoint: { address: ELSEWHERE.address, port: 8081 },
      outcome: { kind: 'peer', id: 'aaaaaaaaaaaaaaaa' },
    });
    const peer = new ScriptedPeer(raw, 'a', ELSEWHERE);
    peer.tells({ ready: false, root: raw.core.root() });
    peer.lives(200);
    expect(raw.core.mustAsk(KEY, { monoMs: raw.monoMs, wallMs: raw.wallMs })).toBe(false);
  });
});

describe('two hosts that start together, of three that are expected', () => {
  const begun = (): { readonly raw: LoneCore; readonly fellow: ScriptedPeer } => {
    const raw = started({ expectedHostsMin: 3 }, 0);
    const fellow = new ScriptedPeer(raw, 'a', ELSEWHERE);
    fellow.tells({ ...EMPTY, root: raw.core.root() });
    fellow.lives(2000, EMPTY);
    return { raw, fellow };
  };

  it('do not take the word of each other: neither is ready, nor calls anything absent', () => {
    const { raw, fellow } = begun();
    expect(raw.core.state()).not.toBe('ready');
    expect(readyTold(fellow)).not.toContain(true);
    expect(raw.core.mustAsk(KEY, { monoMs: raw.monoMs, wallMs: raw.wallMs })).toBe(true);
  });

  it('are ready when the third has filled them', () => {
    const { raw } = begun();
    const third = new ScriptedPeer(raw, 'b', { hostId: 'host-c', address: '10.0.0.3' });
    third.tells({ ready: true, root: raw.core.root() });
    third.lives(200);
    expect(raw.core.state()).toBe('ready');
    expect(raw.core.mustAsk(KEY, { monoMs: raw.monoMs, wallMs: raw.wallMs })).toBe(false);
  });

  it('are a new network when the third is as empty as they are', () => {
    const { raw, fellow } = begun();
    const third = new ScriptedPeer(raw, 'b', { hostId: 'host-c', address: '10.0.0.3' });
    third.tells({ ...EMPTY, root: raw.core.root() });
    third.lives(2000, EMPTY);
    fellow.lives(200, EMPTY);
    expect(raw.core.state()).toBe('ready');
  });

  it('are ready without the third after five seconds, and call nothing absent for a minute', () => {
    const { raw, fellow } = begun();
    fellow.lives(ALONE_MS, EMPTY);
    expect(raw.core.state()).toBe('ready');
    expect(raw.core.mustAsk(KEY, { monoMs: raw.monoMs, wallMs: raw.wallMs })).toBe(true);
    fellow.lives(TIMING.firstLinksMaxMs, EMPTY);
    expect(raw.core.mustAsk(KEY, { monoMs: raw.monoMs, wallMs: raw.wallMs })).toBe(false);
  });
});

it('a node that expects nobody calls absent what it does not hold as soon as it is ready', () => {
  expect(VICTIM_SETTINGS.expectedHostsMin).toBe(1);
  const raw = started({}, 500);
  expect(raw.core.state()).toBe('ready');
  expect(denial(raw)).toBe('absent');
});
