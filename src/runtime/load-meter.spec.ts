import { LoadMeter } from './load-meter';

it('gives rates over the time since the last ones, at most once a second', () => {
  const meter = new LoadMeter(1000);
  const never = () => {
    throw new Error('asked too early');
  };
  expect(meter.read(1999, never)).toBeNull();
  const first = meter.read(2000, () => ({ puts: 30, gets: 500, loopDelayMs: 1.4 }));
  expect(first).toEqual({ kind: 'load', putsPerSecond: 30, getsPerSecond: 500, loopDelayMs: 1 });
  expect(meter.read(2999, never)).toBeNull();
  const second = meter.read(4000, () => ({ puts: 50, gets: 500, loopDelayMs: 0 }));
  expect(second).toEqual({ kind: 'load', putsPerSecond: 10, getsPerSecond: 0, loopDelayMs: 0 });
});
