import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { until } from '../../test/support/basics/until';
import { withinTime } from './time-limit';

const FAR_MS = 3_600_000;

describe('a time limit', () => {
  it('comes however often garbage is collected', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const signals = Array.from({ length: 20 }, () => withinTime(500, new AbortController().signal));
    await until(() => {
      collect();
      return signals.every(({ aborted }) => aborted);
    }, 'all limits');
    expect((signals[0].reason as Error).name).toBe('TimeoutError');
  });

  it('comes at once where there was nothing to wait for', () => {
    expect(withinTime(FAR_MS, AbortSignal.abort('stopped')).reason).toBe('stopped');
  });

  it('ends with what it belongs to, and for the same reason', () => {
    const stop = new AbortController();
    const signal = withinTime(FAR_MS, stop.signal);
    expect(signal.aborted).toBe(false);
    stop.abort('stopped');
    expect(signal.reason).toBe('stopped');
  });

  it('is one of as many as like that end with the same, and Node.js warns of no leak', () => {
    const stop = new AbortController();
    const signals = Array.from({ length: 50 }, () => withinTime(FAR_MS, stop.signal));
    // Node.js 20 tells this of no AbortSignal by a call.
    const limits = Object.getOwnPropertySymbols(stop.signal).filter(({ description }) =>
      description?.endsWith('maxEventTargetListeners'),
    );
    expect(limits.map((limit) => Reflect.get(stop.signal, limit) as unknown)).toEqual([0]);
    stop.abort();
    expect(signals.every(({ aborted }) => aborted)).toBe(true);
  });

  it('leaves nothing behind at the signal that outlives it', async () => {
    const stop = new AbortController();
    const remove = jest.spyOn(stop.signal, 'removeEventListener');
    const signal = withinTime(1, stop.signal);
    await until(() => signal.aborted, 'the limit');
    expect(remove).toHaveBeenCalledTimes(1);
  });
});
