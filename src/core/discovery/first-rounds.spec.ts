import { here, PEER, run, setUp, type Scene } from '../../../test/support/core/greeter-scene';
import { TIMING } from '../base/settings';

describe('the first rounds of a fresh node', () => {
  it('knows when everyone nearby has had the chance to answer', () => {
    const scene = setUp();
    scene.greeter.learn('port-range', [here(8082)], 0);
    expect(scene.greeter.firstRoundsDone(100)).toBe(false);
    run(scene, 300, 'refused');
    expect(scene.greeter.firstRoundsDone(300)).toBe(true);
  });

  it('does not wait for ever for a candidate that never answers', () => {
    const scene = setUp();
    scene.greeter.learn('port-range', [here(8082)], 0);
    scene.greeter.tick(0);
    expect(scene.greeter.firstRoundsDone(TIMING.silentCandidatesMaxMs - 1)).toBe(false);
    expect(scene.greeter.firstRoundsDone(TIMING.silentCandidatesMaxMs)).toBe(true);
  });

  it('waits for one that is asked and silent where a peer is to be expected, and asks it again meanwhile', () => {
    const configured = { address: '203.0.113.7', port: 8081 };
    for (const [source, place] of [
      ['port-range', here(8082)],
      ['static-peers', configured],
    ] as const) {
      const scene = setUp();
      scene.greeter.learn(source, [place], 0);
      const asked = run(scene, TIMING.silentCandidatesMaxMs, 'timeout');
      expect(asked).toBeGreaterThan(4);
      expect(scene.greeter.firstRoundsDone(TIMING.silentCandidatesMaxMs - 1)).toBe(false);
      expect(scene.greeter.firstRoundsDone(TIMING.silentCandidatesMaxMs)).toBe(true);
    }
  });

  it('is not kept waiting by one that answers that it is none, or refuses, after it was silent', () => {
    for (const kind of ['refused', 'foreign'] as const) {
      const scene = setUp();
      scene.greeter.learn('port-range', [here(8082)], 0);
      run(scene, 1600, 'timeout');
      expect(scene.greeter.firstRoundsDone(1600)).toBe(false);
      scene.greeter.probed(here(8082), { kind }, 1700);
      expect(scene.greeter.firstRoundsDone(1700)).toBe(true);
    }
  });

  describe('that awaits a source', () => {
    const far = { address: '203.0.113.7', port: 8081 };

    it('has not looked everywhere before the source has spoken, for a few seconds at most', () => {
      const scene = setUp(['flux']);
      run(scene, TIMING.awaitedSourceMaxMs, 'refused');
      expect(scene.greeter.firstRoundsDone(TIMING.awaitedSourceMaxMs - 1)).toBe(false);
      expect(scene.greeter.firstRoundsDone(TIMING.awaitedSourceMaxMs)).toBe(true);
    });

    it('counts the first rounds from when it spoke, and waits for those it named', () => {
      const scene = setUp(['flux']);
      run(scene, 3000, 'refused');
      scene.greeter.learn('flux', [far], 3000);
      scene.greeter.tick(3000);
      expect(scene.greeter.firstRoundsDone(3000 + TIMING.silentCandidatesMaxMs - 1)).toBe(false);
      scene.greeter.probed(far, { kind: 'peer', id: PEER }, 3300);
      expect(scene.greeter.firstRoundsDone(3400)).toBe(false);
      scene.linked.add(PEER);
      expect(scene.greeter.firstRoundsDone(3400)).toBe(true);
    });

    it('is not held up by what is silent, nor by a source that knows nobody', () => {
      const silent = setUp(['flux']);
      silent.greeter.learn('flux', [far], 0);
      silent.greeter.tick(0);
      expect(silent.greeter.firstRoundsDone(TIMING.silentCandidatesMaxMs)).toBe(true);
      const nobody = setUp(['flux']);
      nobody.greeter.learn('flux', [], 0);
      expect(nobody.greeter.firstRoundsDone(400)).toBe(true);
    });
  });

  describe('with a peer that was heard and is not linked', () => {
    const LINK_MS = TIMING.firstLinksMaxMs;

    /** The place answers as a peer from `fromMs` on, as often as it is asked. */
    function goesOn(scene: Scene, fromMs: number, untilMs: number): number {
      let asked = 0;
      for (let now = fromMs; now <= untilMs; now += 50) {
        scene.probes.length = 0;
        scene.greeter.tick(now);
        asked += scene.probes.length;
        if (scene.probes.length > 0) scene.greeter.probed(here(8082), { kind: 'peer', id: PEER }, now);
      }
      return asked;
    }

    function heard(untilMs: number): Scene {
      const scene = setUp();
      scene.greeter.learn('port-range', [here(8082)], 0);
      goesOn(scene, 0, untilMs);
      return scene;
    }

    it('wait as long as it goes on answering, and ask it every few seconds, up to a bound', () => {
      const scene = heard(5000);
      scene.linked.add('another');
      expect(scene.greeter.firstRoundsDone(5001)).toBe(false);
      expect(goesOn(scene, 5050, LINK_MS)).toBeGreaterThan(8);
      expect(scene.greeter.firstRoundsDone(LINK_MS - 1)).toBe(false);
      expect(scene.greeter.firstRoundsDone(LINK_MS)).toBe(true);
      expect(LINK_MS).toBeGreaterThanOrEqual(30_000);
    });

    it('end as soon as it is linked', () => {
      const scene = heard(8000);
      scene.linked.add(PEER);
      expect(scene.greeter.firstRoundsDone(8001)).toBe(true);
    });

    it('end when it rejects this node', () => {
      const scene = heard(8000);
      scene.greeter.rejected(here(8082), 'rejected', 8001);
      expect(scene.greeter.firstRoundsDone(8001)).toBe(true);
    });

    it.each(['refused', 'foreign'] as const)('end when the place says that it is %s', (kind) => {
      const scene = heard(8000);
      expect(scene.greeter.firstRoundsDone(8001)).toBe(false);
      scene.greeter.probed(here(8082), { kind }, 8001);
      expect(scene.greeter.firstRoundsDone(8001)).toBe(true);
    });

    it('outlast a probe that is lost, and not a peer that stays silent', () => {
      const scene = heard(8000);
      run(scene, 10_000, 'timeout', 8010);
      expect(scene.greeter.firstRoundsDone(10_000)).toBe(false);
      run(scene, 30_000, 'timeout', 10_010);
      expect(scene.greeter.firstRoundsDone(30_000)).toBe(true);
    });

    it('wait again when it was linked and the link is lost', () => {
      const scene = heard(1000);
      scene.linked.add(PEER);
      goesOn(scene, 1050, 20_000);
      scene.linked.delete(PEER);
      expect(scene.greeter.firstRoundsDone(20_001)).toBe(false);
    });
  });
});
