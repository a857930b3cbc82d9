import { join } from 'node:path';
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
  it.each([
    ['a folder', __dirname],
    ['no file', join(__dirname, 'missing.pem')],
  ])('are refused where the name is that of %s', (_, path) => {
    const result = readNodeSettings({ REPRAM_STORE_CA_FILE: path });
    if (result.ok) throw new Error('it was taken');
    const [{ variable, allowed }] = result.problems;
    expect([variable, allowed]).toEqual(['REPRAM_STORE_CA_FILE', 'a file that this process may read']);
  });

  it('are taken where it is that of a file', () => {
    expect(readNodeSettings({ REPRAM_STORE_CA_FILE: __filename }).ok).toBe(true);
  });
});
