import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readNodeSettings } from './read-settings';
import { secretAdvice, secretBits, secretFileAdvice } from './secret-advice';

const warnings = (env: Record<string, string>): readonly string[] => readNodeSettings(env).warnings;

describe('a cluster secret', () => {
  it.each([
    'x',
    'secret',
    '...',
    'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
    '1234567890123456',
    'changeme',
    'hunter2',
  ])('%s can be guessed, and that is said with the remedy and without the secret', (secret) => {
    const [warning, ...others] = warnings({ REPRAM_CLUSTER_SECRET: secret });
    expect(others).toEqual([]);
    expect(warning).toContain('REPRAM_CLUSTER_SECRET can be guessed');
    expect(warning).toContain('`openssl rand -hex 32`');
    expect(warning).not.toContain(`"${secret}"`);
  });

  it.each(['correct horse battery staple', 'MyClusterSecret2024!', 'repram-production-cluster'])(
    '%s seems to be words, and is warned of',
    (secret) => {
      expect(warnings({ REPRAM_CLUSTER_SECRET: secret })).toHaveLength(1);
    },
  );

  it('that is random is worth no line, however it is written', () => {
    // Random, and the same in every run: one in some thousand in base64 looks like words.
    for (let round = 0; round < 200; round += 1) {
      const bytes = createHash('sha256').update(String(round)).digest();
      const secrets = [
        bytes.toString('hex'),
        bytes.subarray(0, 20).toString('hex'),
        bytes.subarray(0, 24).toString('base64'),
        randomUUID(),
      ];
      for (const secret of secrets) expect(secretAdvice('S', secret, 'repram')).toEqual([]);
    }
  });

  it('is no words because it has letters only, when they change between small and capital all the time', () => {
    expect(secretAdvice('S', 'qLxTbWnRkZvHcYpDsGmJfXaEoQiUtByN', 'repram')).toEqual([]);
    expect(secretAdvice('S', 'Correct Horse Battery Staple Now', 'repram')).toHaveLength(1);
  });

  it('is judged by what it could be, not by its length', () => {
    expect([secretBits(''), secretBits('aaaa'), secretBits('ab')]).toEqual([0, 0, 2]);
    expect(secretBits('abcdefghijklmnopqrstuvwxyz')).toBe(Math.floor(2.3 * 26));
  });

  it('that is the name of the cluster is told so', () => {
    const cluster = 'a'.repeat(8);
    expect(warnings({ REPRAM_CLUSTER: cluster, REPRAM_CLUSTER_SECRET: cluster })).toEqual([
      expect.stringContaining('REPRAM_CLUSTER_SECRET is the name of the cluster'),
    ]);
  });

  it('with white space at an end is refused, not cut', () => {
    for (const secret of ['a secret\n', ' a secret', 'a secret\r'])
      expect(readNodeSettings({ REPRAM_CLUSTER_SECRET: secret }).ok).toBe(false);
  });
});

describe('the file of a secret', () => {
  const directory = mkdtempSync(join(tmpdir(), 'repram-'));
  const path = join(directory, 'secret');

  afterAll(() => rmSync(directory, { recursive: true }));

  it.each([
    [0o644, 'can be read by everybody on this machine (mode 0644)'],
    [0o666, 'can be changed by others than its owner (mode 0666)'],
    [0o620, 'can be changed by others than its owner (mode 0620)'],
    [0o600, null],
    [0o440, null],
  ])('with mode %o: %s', (mode, said) => {
    writeFileSync(path, `${randomBytes(32).toString('hex')}\n`);
    chmodSync(path, mode);
    const expected = said === null ? [] : [expect.stringContaining(said) as string];
    expect(warnings({ REPRAM_CLUSTER_SECRET_FILE: path })).toEqual(expected);
    expect(secretFileAdvice('F', mode) === null).toBe(said === null);
  });

  it('is named where its content can be guessed', () => {
    writeFileSync(path, 'x');
    chmodSync(path, 0o600);
    expect(warnings({ REPRAM_CLUSTER_SECRET_FILE: path })).toEqual([
      expect.stringContaining('REPRAM_CLUSTER_SECRET_FILE can be guessed (1 character, some 0 bits'),
    ]);
  });
});
