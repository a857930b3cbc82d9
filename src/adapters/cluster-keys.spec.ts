import { clusterKeys } from './cluster-keys';

const hex = (keys: Awaited<ReturnType<typeof clusterKeys>>): string[] =>
  [keys.channel, keys.greeting].map((key) => key.toString('hex'));

describe('the keys of a cluster', () => {
  it('follow from secret and cluster name alone, and are other ones for each of the two and each purpose', async () => {
    const made = await Promise.all([
      clusterKeys('a secret', 'repram'),
      clusterKeys('a secret', 'repram'),
      clusterKeys('a secret', 'another'),
      clusterKeys('a secreu', 'repram'),
    ]);
    const [first, again, ...others] = made.map(hex);
    expect(again).toEqual(first);
    expect(first.every((key) => /^[0-9a-f]{64}$/.test(key))).toBe(true);
    expect(new Set([...first, ...others.flat()]).size).toBe(6);
  }, 60_000);
});
