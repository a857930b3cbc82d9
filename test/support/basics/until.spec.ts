// Waiting itself is tested: a wait that cannot fail would let every test that uses it pass.
import { until } from './until';

describe('until', () => {
  it('returns what the condition returned once it is truthy', async () => {
    let asked = 0;
    await expect(until(() => (asked += 1) === 3 && 'third', 'asked three times')).resolves.toBe('third');
  });

  it('waits for promises, and takes an error for not yet', async () => {
    let asked = 0;
    const condition = (): Promise<boolean> =>
      (asked += 1) < 3 ? Promise.reject(new Error('refused')) : Promise.resolve(true);
    await expect(until(condition, 'answered')).resolves.toBe(true);
  });

  it('fails after the deadline with what it waited for and the last error', async () => {
    await expect(until(() => false, 'pigs fly', 30)).rejects.toThrow('waited 30 ms in vain: pigs fly');
    await expect(until(() => Promise.reject(new Error('refused')), 'the port answers', 30)).rejects.toThrow(
      'waited 30 ms in vain: the port answers; last error: refused',
    );
  });

  it('fails after the deadline when the condition hangs', async () => {
    await expect(until(() => new Promise<boolean>(() => {}), 'it answers', 30)).rejects.toThrow('it answers');
  });
});
