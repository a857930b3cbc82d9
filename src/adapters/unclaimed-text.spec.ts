import type { PortOutcome } from './port-binder';
import { unclaimedText } from './unclaimed-text';

type Unclaimed = Exclude<PortOutcome, { kind: 'claimed' }>;

const unbindable = (code: string): Unclaimed => ({ kind: 'unbindable', code, port: 80 });
const taken = (...reasons: ('in-use' | 'not-permitted')[]): Unclaimed => ({
  kind: 'taken',
  taken: reasons.map((reason, at) => ({ port: 80 + at, reason, holder: `holder ${at}` })),
});

it.each<[string, Unclaimed, string]>([
  ['192.0.2.7', unbindable('EADDRNOTAVAIL'), 'REPRAM_BIND_ADDRESS "192.0.2.7" is no address of this machine'],
  [
    'nowhere.invalid',
    unbindable('ENOTFOUND'),
    'REPRAM_BIND_ADDRESS "nowhere.invalid" resolves to no address',
  ],
  ['fe80::1', unbindable('EINVAL'), 'takes the zone of an interface'],
  [
    '::1',
    unbindable('EAFNOSUPPORT'),
    'REPRAM_BIND_ADDRESS "::1" is of a kind that this machine does not have',
  ],
  ['', unbindable('EMFILE'), 'no file descriptor left'],
  ['', { kind: 'unreachable', code: 'ENETUNREACH' }, 'cannot reach itself at 127.0.0.1 (ENETUNREACH)'],
  ['', unbindable('EWHATEVER'), 'listening on port 80 failed (EWHATEVER)'],
  ['', taken('not-permitted', 'not-permitted'), 'not permitted to listen on a port of 80-81 (EACCES)'],
  ['', taken('in-use', 'not-permitted'), 'no free port in 80-81 (80: holder 0; 81: holder 1)'],
])('bound to "%s" and refused by %j, the reason is "%s"', (bindAddress, outcome, text) => {
  expect(unclaimedText(outcome, { bindAddress, loopback: '127.0.0.1', basePort: 80, maxPorts: 2 })).toContain(
    text,
  );
});
