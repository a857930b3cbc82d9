import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { readNodeSettings } from './read-settings';
import { parseStoreUrl, shownStoreUrl, storeText } from './store-address';

const PLAIN = { kind: 'single', hasTls: false, username: null, password: null, database: 0 };

describe('the address of a store', () => {
  it.each([
    ['redis://h', { ...PLAIN, endpoints: [{ address: 'h', port: 6379 }] }],
    ['valkey://h:1/3', { ...PLAIN, endpoints: [{ address: 'h', port: 1 }], database: 3 }],
    [
      'rediss://u:p%40ss@[::1]:7',
      { ...PLAIN, hasTls: true, username: 'u', password: 'p@ss', endpoints: [{ address: '::1', port: 7 }] },
    ],
    [
      'valkeys-cluster://:secret@a:1,b:2',
      {
        ...PLAIN,
        kind: 'cluster',
        hasTls: true,
        password: 'secret',
        endpoints: [
          { address: 'a', port: 1 },
          { address: 'b', port: 2 },
        ],
      },
    ],
  ])('reads %s', (text, address) => {
    expect(parseStoreUrl(text)).toEqual(address);
  });

  it.each(['', 'h:1', 'http://h', 'redis://', 'redis://h:0', 'redis://a,b', 'redis-cluster://a/1'])(
    'refuses %j',
    (text) => {
      expect(parseStoreUrl(text)).toBeNull();
    },
  );

  it.each([
    ['redis://u:p@ss@h:99999', 'redis://***@h:99999'],
    ['redsi://:p@h', 'redsi://***@h'],
    ['p@h', '***@h'],
    ['redis://h', 'redis://h'],
  ])('shows %s as %s', (text, shown) => {
    expect(shownStoreUrl(text)).toBe(shown);
  });

  it('shows an address that was read without its password', () => {
    const address = parseStoreUrl('rediss-cluster://u:secret@a:1,[::1]:2');
    expect(address && storeText(address)).toBe('rediss-cluster://***@a:1,[::1]:2');
  });

  it('is refused with its name, what was given and what is allowed, and never with its password', () => {
    const result = readNodeSettings({ REPRAM_STORE_URL: 'redis://u:secret@h:99999' });
    if (result.ok) throw new Error('it was taken');
    const [{ variable, given, allowed }] = result.problems;
    expect([variable, given]).toEqual(['REPRAM_STORE_URL', '"redis://***@h:99999"']);
    expect(allowed).toContain('redis-cluster://');
  });
});

describe('the certificates that servers are held against', () => {
  const [WHOLE] = rootCertificates;
  const CUT = `${WHOLE.slice(0, 200)}\n-----END CERTIFICATE-----\n`;
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'repram-ca-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const read = (path: string, text?: string): ReturnType<typeof readNodeSettings> => {
    if (text !== undefined) writeFileSync(path, text);
    return readNodeSettings({ REPRAM_STORE_CA_FILE: path });
  };

  it.each([
    ['a folder', '.', undefined],
    ['no file', 'missing.pem', undefined],
    ['a file of something else', 'other.txt', 'no certificate at all'],
    ['a private key', 'key.pem', '-----BEGIN PRIVATE KEY-----\nMC4CAQ\n-----END PRIVATE KEY-----\n'],
    ['a certificate that is cut off', 'cut.pem', CUT],
    ['a whole one and one that is cut off', 'both.pem', `${WHOLE}\n${CUT}`],
  ])('are refused where the name is that of %s', (_, name, text) => {
    const result = read(join(folder, name), text);
    if (result.ok) throw new Error('it was taken');
    const [{ variable, allowed }] = result.problems;
    expect(variable).toBe('REPRAM_STORE_CA_FILE');
    expect(allowed).toBe('a file that this process may read, with at least one certificate (PEM)');
  });

  it('are taken where it is that of a file with one or several, and whatever is between them', () => {
    expect(read(join(folder, 'one.pem'), WHOLE).ok).toBe(true);
    expect(read(join(folder, 'two.pem'), `# ours\n${WHOLE}\n\n# theirs\n${rootCertificates[1]}\n`).ok).toBe(
      true,
    );
  });
});
