// What the counters of cables say, and what of it is due to writes.
import { difference, sentByHosts } from '../machine/cables';
import { hostsReport, perWrite } from './hosts-report';

const counters = (a: number, b: number): string =>
  JSON.stringify([
    { ifname: 'lo', stats64: { rx: { bytes: 1e6, packets: 1e3 } } },
    { ifname: 'to-a', stats64: { rx: { bytes: a, packets: 1 }, tx: { bytes: 1e9, packets: 9 } } },
    { ifname: 'to-b', stats64: { rx: { bytes: b, packets: 2 } } },
  ]);

const idle = { relays: true, traffic: { bytes: 4000, packets: 40 }, seconds: 20 };
const written = {
  relays: true,
  traffic: { bytes: 22_000, packets: 120 },
  seconds: 10,
  valueBytes: 100,
  connections: 1,
  writes: 100,
  late: 3,
};

describe('bytes between hosts', () => {
  it('are those that hosts sent over their cables, each counted once', () => {
    expect(sentByHosts(counters(100, 20))).toEqual({ bytes: 120, packets: 3 });
    expect(difference({ bytes: 120, packets: 3 }, { bytes: 20, packets: 1 })).toEqual({
      bytes: 100,
      packets: 2,
    });
  });

  it('are no number when the kernel gives no counters', () => {
    expect(sentByHosts('[{"ifname":"to-a"}]').bytes).toBeNaN();
  });

  it('per write are what remains without the traffic of as many seconds at rest', () => {
    expect(perWrite(written, idle)).toEqual({ bytes: 200, packets: 1 });
  });

  it('stand in the report with copies of the value, and are compared with rest of the same kind only', () => {
    const { tables } = hostsReport([idle], [written]);
    expect(tables[0].rows).toEqual([['100 B, 1 at a time, relayed', '200', '2.00', '1.00', '10', '3']]);
    expect(tables[1].rows).toEqual([['relayed', '200', '2.0', '20 s']]);
    expect(() => hostsReport([idle], [{ ...written, relays: false }])).toThrow(
      'nothing was measured at rest',
    );
  });
});
