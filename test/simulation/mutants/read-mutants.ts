// Broken answers to readers.
import type { Mutant } from './mutants';

const STANDING = 'replication/standing.ts';
const VALUE_MESSAGES = 'replication/value-messages.ts';
const FETCHES = 'replication/fetches.ts';
const STEP = 'replication/step.ts';

export const READ_MUTANTS: readonly Mutant[] = [
  {
    what: 'is ready though the members it is linked to have said nothing yet',
    checker: 'truthful',
    scenario: 'hosts-at-once',
    within: 10,
    edits: [
      {
        file: 'anti-entropy/joining.ts',
        find: 'return hasMetAll && hasAskedEverywhere()',
        replace: 'return hasAskedEverywhere()',
      },
      {
        file: 'anti-entropy/repair.ts',
        find: 'get isBehind(): boolean {',
        replace: 'get isBehind(): boolean { if (this.isReady) return false;',
      },
      // Else it asks those very members before it says that there is nothing.
      {
        file: STEP,
        find: 'if (isUnheard(member)) return true;',
        replace: 'if (isUnheard(member)) return false;',
      },
      {
        file: STEP,
        find: 'if (this.isOut(member, nowMs)) return true;',
        replace: 'if (this.isOut(member, nowMs)) return false;',
      },
    ],
  },
  {
    what: 'takes its own word though it met none of those that were there before',
    checker: 'truthful',
    scenario: 'cut-off-restart',
    within: 20,
    edits: [
      {
        file: 'anti-entropy/unfilled.ts',
        find: 'return nowMs < this.knownUntilMs || (nowMs < this.waitsUntilMs && this.parts.lacksOthers());',
        replace: 'return false;',
      },
    ],
  },
  {
    what: 'does not ask though a member that writes is out of reach',
    checker: 'truthful',
    scenario: 'brief-links',
    within: 5,
    edits: [
      {
        file: STEP,
        find: 'if (link === null) return member.counts || member.lastSeenMs !== null;',
        replace: 'if (link === null) return false;',
      },
    ],
  },
  {
    what: 'goes around a silent relay and leaves it without what it was to pass on',
    checker: 'truthful',
    scenario: 'slow-line',
    within: 15,
    edits: [
      {
        file: 'replication/delivery.ts',
        find: "const type = this.isFirstBeside(relay, member) ? 'relay' : 'write';",
        replace: "const type = this.isFirstBeside(relay, member) ? 'write' : 'write';",
      },
    ],
  },
  {
    what: 'takes the word of one member for that of every quorum',
    checker: 'truthful',
    scenario: 'brief-links',
    within: 10,
    edits: [
      {
        file: 'replication/expected-cluster.ts',
        find: 'return sizeOf(silent, counts) + unknown < needed;',
        replace: 'return [...this.membership.all()].some((one) => one.isActive && hasSpoken(one));',
      },
    ],
  },
  {
    what: 'calls absent what it was given and has no room for',
    checker: 'truthful',
    scenario: 'small-member',
    within: 10,
    edits: [
      {
        file: FETCHES,
        find: 'outcome !== null && isAnswer(',
        replace: 'outcome === outcome?.prev && isAnswer(',
      },
    ],
  },
  {
    what: 'lacks nothing as soon as one peer holds the same, which may have refused the same',
    checker: 'truthful',
    scenario: 'room-returns',
    within: 20,
    edits: [
      {
        file: 'store/fullness.ts',
        find: 'for (const id of peers) if (!this.levelWith.has(id)) return;',
        replace: '',
      },
    ],
  },
  {
    what: 'tells of a version as if it had no value',
    checker: 'monotone',
    scenario: 'small-member',
    within: 5,
    edits: [
      {
        file: VALUE_MESSAGES,
        find: '(whole?.value?.byteLength ?? null)',
        replace: '(whole?.value?.byteLength === undefined ? null : 0)',
      },
    ],
  },
  {
    what: 'keeps what it was told of without its bytes for a version that is over',
    checker: 'truthful',
    scenario: 'small-member',
    within: 10,
    edits: [
      {
        file: VALUE_MESSAGES,
        find: 'if (valueBytes === null) intake.take(',
        replace: 'intake.take(',
      },
    ],
  },
  {
    what: 'forgets what it refused as soon as it has room again',
    checker: 'truthful',
    scenario: 'small-member',
    within: 15,
    edits: [
      {
        file: STANDING,
        find: 'fullness.isFull || fullness.hasRefused',
        replace: 'fullness.isFull',
      },
    ],
  },
  {
    what: 'takes for held what differed in the second leaves only',
    checker: 'readers',
    scenario: 'pair-cuts',
    within: 10,
    edits: [
      {
        file: 'anti-entropy/leaf-comparison.ts',
        find: 'const { first } = this;',
        replace: 'const { first } = this; this.marks = new Map(marks);',
      },
    ],
  },
  {
    what: 'lets a reader go on where not all is held that it was told of',
    checker: 'readers',
    scenario: 'partitions',
    within: 10,
    edits: [
      {
        file: 'changes/changes.ts',
        find: 'if (held < (beyond.get(origin) ?? told)) return false;',
        replace: '',
      },
    ],
  },
  {
    what: 'does not tell of what ended while a reader was away',
    checker: 'readers',
    scenario: 'short-lives',
    within: 10,
    edits: [{ file: 'changes/changes.ts', find: 'expiresAtMs >= endsToldMs &&', replace: 'false &&' }],
  },
  {
    what: 'does not tell of a version that was over when it came',
    checker: 'readers',
    scenario: 'short-lives',
    within: 20,
    edits: [{ file: 'store/store.ts', find: 'this.watchers.cameOver?.', replace: 'void' }],
  },
];
