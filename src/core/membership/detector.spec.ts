import type { Link } from '../links/link';
import { Prng } from '../base/prng';
import { TIMING } from '../base/settings';
import { Awareness } from './awareness';
import { Detector } from './detector';
import type { NodeIdentity } from '../base/identity';
import type { Member } from '../peer/member';
import { Membership } from './membership';

const SELF = 'aaaaaaaaaaaaaaaa';
const X = '1111111111111111';
const Y = '2222222222222222';

function identity(id: string, listenPort: number): NodeIdentity {
  return { id, name: id, cluster: 'c', hostId: 'h', listenPort, advertisedPort: listenPort, addresses: [] };
}

interface Scene {
  readonly detector: Detector;
  readonly membership: Membership;
  readonly awareness: Awareness;
  readonly said: string[];
  /** Ticks every 5 ms of virtual time; `onPing` decides what happens to each ping. */
  run(fromMs: number, toMs: number, onPing: (id: string, seq: number, nowMs: number) => void): void;
}

function setUp(ids: readonly string[]): Scene {
  const said: string[] = [];
  const pings: [string, number][] = [];
  const ignore = (): void => undefined;
  const membership = new Membership(identity(SELF, 1), {
    notify: ignore,
    gone: ignore,
    heardOf: ignore,
    accused: ignore,
    selfAccused: ignore,
    refuted: () => undefined,
  });
  ids.forEach((id, i) => {
    const member = membership.proven(identity(id, i + 2), '127.0.0.1', 0);
    if (member !== null) member.link = {} as Link;
  });
  const awareness = new Awareness();
  const port = {
    ping: (member: Member, seq: number) => void pings.push([member.id, seq]),
    pingRequest: (relay: Member, _seq: number, target: string) =>
      void said.push(`ask ${relay.id[0]} about ${target[0]}`),
    pingRequestAnswer: (asker: Member, seq: number, reached: boolean) =>
      void said.push(`tell ${asker.id[0]} ${seq} ${reached}`),
    suspect: (member: Member) => void said.push(`suspect ${member.id[0]}`),
    silent: (member: Member) => void said.push(`silent ${member.id[0]}`),
  };
  const detector = new Detector(membership, awareness, new Prng(7), port, 0);
  const run: Scene['run'] = (fromMs, toMs, onPing) => {
    for (let now = fromMs; now <= toMs; now += 5) {
      detector.tick(now);
      for (const [id, seq] of pings.splice(0)) onPing(id, seq, now);
    }
  };
  return { detector, membership, awareness, said, run };
}

describe('the detector', () => {
  it('suspects nobody while all pings are acknowledged, and probes everybody in turn', () => {
    const { detector, said, run } = setUp([X, Y]);
    const probed = new Map<string, number>();
    run(0, 5000, (id, seq, now) => {
      probed.set(id, (probed.get(id) ?? 0) + 1);
      expect(detector.acked(id, seq, now)).toBe(0);
    });
    expect(said).toEqual([]);
    expect(probed.get(X)).toBeGreaterThanOrEqual(9);
    expect(Math.abs((probed.get(X) ?? 0) - (probed.get(Y) ?? 0))).toBeLessThanOrEqual(1);
  });

  it('asks others about a silent member before it suspects it', () => {
    const { detector, said, run } = setUp([X, Y]);
    run(0, 1000, (id, seq, now) => {
      if (id === Y) detector.acked(id, seq, now);
    });
    expect(said.slice(0, 2)).toEqual(['ask 2 about 1', 'suspect 1']);
    expect(said).not.toContain('suspect 2');
  });

  it('takes an indirect ack, or any other sign of life, for an ack', () => {
    const { detector, said, run, membership } = setUp([X, Y]);
    run(0, 2000, (id, seq, now) => {
      if (id === Y) (membership.get(Y) as Member).lastSeenMs = now;
      else detector.answered(seq, true);
    });
    expect(said.filter((each) => each.startsWith('suspect'))).toEqual([]);
    expect(said).toContain('silent 1');
    expect(said).not.toContain('silent 2');
  });

  it('answers for others: reached when the target acknowledges, a nack when it does not or is unknown', () => {
    const { detector, said, run, membership } = setUp([X, Y]);
    const asker = membership.get(X) as Member;
    let acknowledge = true;
    detector.asked(asker, 70, Y, 0);
    run(0, 0, (id, seq, now) => {
      if (id === Y && acknowledge) detector.acked(id, seq, now);
    });
    acknowledge = false;
    detector.asked(asker, 71, Y, 10);
    run(10, 10 + TIMING.probeTimeoutMinMs, () => undefined);
    detector.asked(asker, 72, 'ffffffffffffffff', 200);
    expect(said.filter((each) => each.startsWith('tell'))).toEqual([
      'tell 1 70 true',
      'tell 1 71 false',
      'tell 1 72 false',
    ]);
  });

  it('blames itself, not the member, when its own acks and nacks stay away', () => {
    const { awareness, run } = setUp([X, Y]);
    run(0, 3000, () => undefined);
    expect(awareness.score).toBeGreaterThan(0);
  });

  it('discards what it did not hear while it was paused itself', () => {
    const { detector, said, run } = setUp([X]);
    run(0, 250, () => undefined);
    said.length = 0;
    detector.discardRound(40_000);
    detector.tick(40_000);
    expect(said).toEqual([]);
  });
});
