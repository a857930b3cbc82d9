import fc from 'fast-check';
import { readTtl, ttlAdvice } from './ttl';

const RULES = { minSeconds: 300, maxSeconds: 86_400, defaultSeconds: 3600 };
const read = (parameter?: string, header?: string) => readTtl(parameter, header, RULES);

it.each([
  ['600', 600],
  ['600.2', 601],
  ['300.0001', 301],
  ['600.', 600],
  ['0600', 600],
  ['0.5', 300],
  ['.5', 300],
  ['299', 300],
  ['86400', 86_400],
  ['86400.5', 86_400],
  ['99999999999', 86_400],
  ['9'.repeat(400), 86_400],
])('a ttl of "%s" takes effect as %d seconds', (given, seconds) => {
  expect(read(given)).toEqual({ kind: 'ttl', seconds });
});

it.each([
  '',
  ' ',
  ' 600',
  '600 ',
  '0',
  '0.0',
  '-1',
  '-0.5',
  '+600',
  'abc',
  'NaN',
  'Infinity',
  '1e3',
  '1e999',
  '0x100',
  '6 00',
  '600s',
  '600,700',
  '١٢٠',
])('a ttl of "%s" is invalid', (given) => {
  expect(read(given)).toEqual({ kind: 'invalid', given });
});

it('takes the parameter, or the header, or the default', () => {
  expect(read('600')).toEqual({ kind: 'ttl', seconds: 600 });
  expect(read('600', '700')).toEqual({ kind: 'ttl', seconds: 600 });
  expect(read(undefined, '700')).toEqual({ kind: 'ttl', seconds: 700 });
  expect(read()).toEqual({ kind: 'ttl', seconds: 3600 });
});

it('does not fall back to the header when the parameter is invalid', () => {
  expect(read('soon', '700')).toEqual({ kind: 'invalid', given: 'soon' });
});

it('keeps a default outside the bounds within them', () => {
  expect(readTtl(undefined, undefined, { ...RULES, defaultSeconds: 10 })).toEqual({
    kind: 'ttl',
    seconds: 300,
  });
});

it('advises with what was given, cut short, and what is allowed', () => {
  const advice = ttlAdvice('x'.repeat(1000), RULES);
  expect(advice).toContain('"xxxx');
  expect(advice).toContain('300');
  expect(advice).toContain('86400');
  expect(advice.length).toBeLessThan(300);
});

it('reads any text as a whole number of seconds within the bounds, or as invalid', () => {
  const text = fc.oneof(
    fc.string(),
    fc.double().map(String),
    fc.string({ unit: fc.constantFrom(...'0123456789.-+eE '.split('')) }),
  );
  fc.assert(
    fc.property(text, (given) => {
      const reading = read(given);
      if (reading.kind !== 'ttl') return;
      expect(Number.isInteger(reading.seconds)).toBe(true);
      expect(reading.seconds).toBeGreaterThanOrEqual(300);
      expect(reading.seconds).toBeLessThanOrEqual(86_400);
      expect(Number(given)).toBeGreaterThan(0);
      if (Number(given) > 300 && Number(given) < 86_400)
        expect(reading.seconds).toBe(Math.ceil(Number(given)));
    }),
    { numRuns: 2000 },
  );
});
