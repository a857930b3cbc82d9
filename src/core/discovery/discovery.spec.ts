import { here, identity, PEER, run, setUp } from '../../../test/support/core/greeter-scene';
import { endpointKey } from '../base/identity';
import { TIMING } from '../base/settings';
import { endpointsOf, isLoopback } from '../membership/address-rules';

const HERE = identity();

describe('the address rules', () => {
  it('dial a node of this host on loopback and its listen port', () => {
    expect(endpointsOf(identity({ addresses: ['192.0.2.1'] }), HERE, '192.0.2.9')).toEqual([
      { address: '127.0.0.1', port: 8082 },
    ]);
  });

  it('dial a node of another host at its own addresses first, never on loopback, on the advertised port', () => {
    const other = identity({ hostId: 'there', addresses: ['192.0.2.1', '127.0.0.1', '::1'] });
    expect(endpointsOf(other, HERE, '192.0.2.9').map(endpointKey)).toEqual([
      '192.0.2.1:38082',
      '192.0.2.9:38082',
    ]);
    expect(endpointsOf(identity({ hostId: 'there' }), HERE, '::ffff:127.0.0.1')).toEqual([]);
  });

  it.each([
    ['127.0.0.1', true],
    ['127.8.9.10', true],
    ['::1', true],
    ['::ffff:127.0.0.1', true],
    ['localhost', true],
    ['128.0.0.1', false],
    ['10.127.0.1', false],
    ['::2', false],
  ])('know whether %s is loopback: %s', (address, expected) => {
    expect(isLoopback(address)).toBe(expected);
  });
});

describe('the greeter', () => {
  it('forgets what no source names any more, unless a peer answers there', () => {
    const scene = setUp();
    const probed = (nowMs: number): string[] => {
      scene.probes.length = 0;
      scene.greeter.tick(nowMs);
      return [...scene.probes].sort();
    };
    scene.greeter.learn('flux', [here(1), here(2), here(3), here(4)], 0);
    scene.greeter.learn('domain', [here(2)], 0);
    scene.greeter.probed(here(3), { kind: 'peer', id: PEER }, 0);
    scene.greeter.learn('flux', [here(4)], 0);
    scene.greeter.learn('flux', [], 0);
    expect(probed(100_000)).toEqual([here(2), here(3), here(4)].map(endpointKey));
    scene.greeter.probed(here(3), { kind: 'refused' }, 100_000);
    scene.greeter.learn('flux', [here(4)], 100_000);
    expect(probed(200_000)).toEqual([here(2), here(4)].map(endpointKey));
  });

  it('has room for new candidates however many have come and gone', () => {
    const scene = setUp();
    for (let round = 0; round < 100; round += 1) {
      const named = Array.from({ length: 100 }, (_, i) => ({ address: `10.${round}.0.${i}`, port: 8081 }));
      scene.greeter.learn('flux', named, round);
    }
    scene.greeter.tick(1000);
    expect(scene.probes).toContain('10.99.0.99:8081');
    expect(scene.probes).toHaveLength(100);
  });

  it('probes candidates at 0, 50, 100 and 200 ms, never itself', () => {
    const scene = setUp();
    scene.greeter.learn('port-range', [here(8081), here(8082)], 0);
    const times: number[] = [];
    for (let now = 0; now <= 220; now += 10) {
      scene.probes.length = 0;
      scene.greeter.tick(now);
      for (const key of scene.probes) {
        expect(key).toBe('127.0.0.1:8082');
        times.push(now);
        scene.greeter.probed(here(8082), { kind: 'refused' }, now);
      }
    }
    expect(times).toEqual([0, 50, 100, 200]);
  });

  it('dials a candidate that answers as a peer, once until that is settled', () => {
    const scene = setUp();
    scene.greeter.learn('port-range', [here(8082)], 0);
    scene.greeter.tick(0);
    scene.greeter.probed(here(8082), { kind: 'peer', id: PEER }, 1);
    scene.greeter.probed(here(8082), { kind: 'peer', id: PEER }, 2);
    expect(scene.dials).toEqual(['127.0.0.1:8082']);
  });

  it('leaves a linked peer alone and finds it again when it was lost', () => {
    const scene = setUp();
    scene.greeter.learn('port-range', [here(8082)], 0);
    scene.greeter.tick(0);
    scene.greeter.probed(here(8082), { kind: 'peer', id: PEER }, 1);
    scene.greeter.dialled(here(8082), true);
    scene.linked.add(PEER);
    scene.probes.length = 0;
    for (let now = 10; now < 20_000; now += 100) scene.greeter.tick(now);
    expect(scene.probes).toEqual([]);
    scene.linked.delete(PEER);
    for (let now = 20_000; now < 27_000; now += 100) scene.greeter.tick(now);
    expect(scene.probes).toContain('127.0.0.1:8082');
  });

  it('says once that a foreign program answers, and asks it less and less', () => {
    const scene = setUp();
    scene.linked.add('someone');
    scene.greeter.learn('port-range', [here(8082)], 0);
    const early = run(scene, 60_000, 'foreign');
    const late = run(scene, 660_000, 'foreign', 600_000);
    expect(scene.ignored).toEqual(['127.0.0.1:8082']);
    expect(early).toBeGreaterThan(4);
    expect(late).toBeLessThanOrEqual(2);
  });

  it('keeps asking peers that the operator named every few seconds', () => {
    const scene = setUp();
    scene.linked.add('someone');
    scene.greeter.learn('static-peers', [here(8082)], 0);
    run(scene, 600_000, 'refused');
    expect(run(scene, 660_000, 'refused', 600_010)).toBeGreaterThanOrEqual(9);
  });

  it('keeps asking every second on its own host while it is alone', () => {
    const scene = setUp();
    scene.greeter.learn('port-range', [here(8082)], 0);
    run(scene, 300_000, 'refused');
    expect(run(scene, 310_000, 'refused', 300_010)).toBeGreaterThanOrEqual(8);
  });

  it('dials a contact again and again, ever more slowly, until it is settled', () => {
    const scene = setUp();
    scene.greeter.contact(identity(), '', 0);
    const dials = (fromMs: number, toMs: number): number => {
      scene.dials.length = 0;
      for (let now = fromMs; now < toMs; now += 10) {
        scene.greeter.tick(now);
        scene.greeter.dialled(here(8082), true);
      }
      return scene.dials.length;
    };
    expect(dials(0, 10)).toBe(1);
    expect(dials(10, 10_000)).toBeGreaterThanOrEqual(3);
    expect(dials(60_000, 120_000)).toBeLessThanOrEqual(60_000 / (TIMING.redialMaxMs * 0.8) + 1);
    scene.greeter.settled(PEER);
    expect(dials(120_000, 200_000)).toBe(0);
  });
});
