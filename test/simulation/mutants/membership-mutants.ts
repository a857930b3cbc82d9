// Broken discovery, detection and membership.
import type { Mutant } from './mutants';

const MEMBERSHIP = 'membership/membership.ts';
const DETECTOR = 'membership/detector.ts';
const GREETER = 'discovery/greeter.ts';
const CONTACTS = 'node/contacts.ts';
const HEARTBEAT = 'node/heartbeat.ts';

export const MEMBERSHIP_MUTANTS: readonly Mutant[] = [
  {
    what: 'does not refute',
    checker: 'membership',
    scenario: 'pauses',
    within: 5,
    edits: [
      {
        file: 'membership/own-claim.ts',
        find: 'this.current = Math.min(INCARNATION_MAX, incarnation + 1);',
        replace: '',
      },
    ],
  },
  {
    what: 'takes nobody back',
    checker: 'revived',
    scenario: 'suspended',
    within: 5,
    edits: [
      {
        file: MEMBERSHIP,
        find: 'const was = member.state;',
        replace: "const was = member.state; if (was === 'dead') return;",
      },
    ],
  },
  {
    what: 'suspects nobody',
    checker: 'membership',
    scenario: 'silent',
    within: 5,
    edits: [{ file: DETECTOR, find: 'this.port.suspect(target);', replace: '' }],
  },
  {
    what: 'condemns at the first silence',
    checker: 'spared',
    scenario: 'stalls',
    within: 5,
    edits: [
      {
        file: 'peer/suspicion.ts',
        find: 'return this.startedAtMs + this.spanMs',
        replace: 'return this.startedAtMs + 0 * this.spanMs',
      },
    ],
  },
  {
    what: 'keeps whom another replaced',
    checker: 'membership',
    scenario: 'crashes',
    within: 5,
    edits: [
      {
        file: MEMBERSHIP,
        find: 'if (previous !== undefined && previous.id !== identity.id) this.replace',
        replace: 'if (previous === undefined && this.leaving) this.replace',
      },
      {
        file: CONTACTS,
        find: 'if (member === undefined || member.id === outcome.id) return;',
        replace: 'if (monoMs > -Infinity || member === undefined) return;',
      },
      { file: 'base/settings.ts', find: 'stayedMs: 60_000', replace: 'stayedMs: 0' },
    ],
  },
  {
    what: 'tells nobody whom it knows',
    checker: 'membership',
    scenario: 'static-peer',
    within: 3,
    edits: [
      {
        file: CONTACTS,
        find: "member.link?.say({ type: 'view', entries: this.membership.tidings.view(member.id, nowMs) });",
        replace: '',
      },
      {
        file: HEARTBEAT,
        find: "link.say({ type: 'view', entries: this.membership.tidings.view(member.id, now.monoMs) });",
        replace: '',
      },
      {
        file: 'membership/tidings.ts',
        find: 'takeRumors(nowMs: number): ViewEntry[] {',
        replace: 'takeRumors(nowMs: number): ViewEntry[] { this.rumors.clear();',
      },
    ],
  },
  {
    what: 'does not dial whom it has forgotten',
    checker: 'membership',
    scenario: 'forgotten-and-back',
    within: 12,
    edits: [
      {
        file: MEMBERSHIP,
        find: 'if (mayBeBack(entry, this.table))',
        replace: 'if (mayBeBack(entry, this.table) && nowMs < 0)',
      },
    ],
  },
  {
    what: 'greets only once',
    checker: 'membership',
    scenario: 'partitions',
    within: 10,
    edits: [
      {
        file: GREETER,
        find: 'if (nowMs >= contact.nextAtMs && isFirst === (contact.attempts === 0)) this.redial(contact, nowMs);',
        replace: '',
      },
      {
        file: GREETER,
        find: 'next = Math.min(next, contact.nextAtMs);',
        replace: 'void contact;',
      },
      {
        file: GREETER,
        find: 'if (nowMs >= candidate.nextAtMs && isFirst',
        replace: 'if (nowMs >= candidate.nextAtMs && candidate.attempts <= 2 && isFirst',
      },
      {
        file: GREETER,
        find: 'next = Math.min(next, candidate.nextAtMs);',
        replace: 'if (candidate.attempts <= 2) next = Math.min(next, candidate.nextAtMs);',
      },
    ],
  },
];
