// Broken acknowledgements, routes and repair.
import type { Mutant } from './mutants';

const CLUSTER = 'replication/expected-cluster.ts';
const COORDINATOR = 'replication/coordinator.ts';
const DELIVERY = 'replication/delivery.ts';
const REPAIR = 'anti-entropy/repair.ts';

export const WRITE_MUTANTS: readonly Mutant[] = [
  {
    what: 'takes its quorum from whom it sees now',
    checker: 'durable',
    scenario: 'local-partitions',
    within: 10,
    edits: [
      {
        file: CLUSTER,
        find: "if (counts && state !== 'left') counted.push(whereabouts);",
        replace: "if (state === 'alive') counted.push(whereabouts);",
      },
      {
        file: CLUSTER,
        find: '[[this.self], ...this.missed()]',
        replace: '[[this.self]]',
      },
      {
        file: CLUSTER,
        find: 'Math.max(this.settings.expectedNodesMin, counted.length, others + 1)',
        replace: 'counted.length',
      },
      {
        file: CLUSTER,
        find: "Math.max(hostsMin, sizeOf(counted, 'hosts'))",
        replace: "sizeOf(counted, 'hosts')",
      },
    ],
  },
  {
    what: 'counts acknowledgements and not who gave them',
    checker: 'durable',
    scenario: 'replays',
    within: 20,
    edits: [
      {
        file: 'peer/pending-write.ts',
        find: 'if (!this.holders.some(({ id }) => id === copy.id)) this.holders.push(copy);',
        replace: 'this.holders.push(copy);',
      },
      {
        file: 'peer/ack-window.ts',
        find: 'if (sent === undefined) return null;',
        replace:
          'if (sent === undefined) return this.taken.get(seq) ?? null; this.taken.set(seq, sent.write);',
      },
      {
        file: 'peer/ack-window.ts',
        find: 'acknowledgedAtMs = -Infinity;',
        replace: 'acknowledgedAtMs = -Infinity; taken = new Map<number, PendingWrite>();',
      },
    ],
  },
  {
    what: 'acknowledges what it had no room for',
    checker: 'durable',
    scenario: 'small-member',
    within: 5,
    edits: [
      {
        file: 'replication/intake.ts',
        find: "if (result === 'stored' || (result",
        replace: 'if (result !== undefined || (result',
      },
    ],
  },
  {
    what: 'counts nodes where hosts count',
    checker: 'durable',
    scenario: 'partitions',
    within: 10,
    edits: [
      {
        file: 'peer/quorum.ts',
        find: 'return expectedHosts > 1',
        replace: 'return expectedHosts > 100',
      },
    ],
  },
  {
    what: 'answers at the quorum without waiting for the healthy',
    checker: 'visible',
    scenario: 'calm',
    within: 3,
    edits: [
      {
        file: 'peer/pending-write.ts',
        find: 'this.hasQuorum() && this.awaited === 0',
        replace: 'this.hasQuorum()',
      },
    ],
  },
  {
    what: 'counts a relay as copies of all its host',
    checker: 'durable',
    scenario: 'slow-links',
    within: 3,
    edits: [
      {
        file: 'replication/delivery.ts',
        find: 'write.addCopy(from.identity);',
        replace: `for (const { identity } of this.parts.membership.active())
          if (identity.hostId === from.identity.hostId) write.addCopy(identity);`,
      },
    ],
  },
  {
    what: 'relays nothing',
    checker: 'visible',
    scenario: 'calm-two-hosts',
    within: 3,
    edits: [
      {
        file: 'replication/value-messages.ts',
        find: 'this.parts.intake.relay(message.record, member);\n',
        replace: '\n',
      },
    ],
  },
  {
    what: 'never goes around a silent relay',
    checker: 'prompt',
    scenario: 'one-hangs',
    within: 5,
    edits: [
      {
        file: DELIVERY,
        find: 'if (relay !== null) this.bypass(member, relay, sinceMs);',
        replace: 'if (relay !== null) member.window.forgive(monoMs);',
      },
    ],
  },
  {
    what: 'lets writes wait for ever',
    checker: 'settled',
    scenario: 'storm',
    within: 5,
    edits: [
      {
        file: 'node/parts.ts',
        find: 'new WriteTracker(writeTimeoutMs,',
        replace: 'new WriteTracker(Infinity,',
      },
      {
        file: DELIVERY,
        find: 'abandonAfterMs = 2 * this.parts.tracker.timeoutMs',
        replace: 'abandonAfterMs = Infinity',
      },
    ],
  },
  {
    what: 'lets reads of what is not there wait for ever',
    checker: 'settled',
    scenario: 'storm',
    within: 10,
    edits: [
      {
        file: 'replication/fetch.ts',
        find: 'startedAtMs + (isConfirmation ? TIMING.confirmPatienceMs : TIMING.fetchPatienceMs)',
        replace: 'Infinity',
      },
      {
        file: 'replication/fetches.ts',
        find: 'if (monoMs < fetch.notAbsentBeforeMs || fetch.isUntimely) return false;',
        replace: 'if (monoMs < fetch.endsAtMs) return false;',
      },
    ],
  },
  {
    what: 'takes writes after its goodbye',
    checker: 'stopped',
    scenario: 'rolling-restart',
    within: 5,
    edits: [
      {
        file: COORDINATOR,
        find: 'if (this.membership.own.leaving) {',
        replace: 'if (this.stage.now.monoMs < 0) {',
      },
    ],
  },
  {
    what: 'repairs nothing',
    checker: 'converged',
    scenario: 'storm',
    within: 5,
    edits: [
      {
        file: REPAIR,
        find: 'private pullNext(): void {',
        replace: 'private pullNext(): void { if (this.ready) return;',
      },
      {
        file: REPAIR,
        find: 'private compareWith(member: Member, confirmAfterMs: number | null): void {',
        replace:
          'private compareWith(member: Member, confirmAfterMs: number | null): void { if (this.ready) return;',
      },
    ],
  },
  {
    what: 'calls itself ready when one member has filled it',
    checker: 'successive',
    scenario: 'one-after-the-other',
    within: 60,
    edits: [
      {
        file: 'anti-entropy/joining.ts',
        find: 'return isFilled && hasMetAll && donors.every(isDone);',
        replace: 'return isFilled && donors.some(isDone);',
      },
      {
        file: REPAIR,
        find: '(peer) => this.joining.hasMatched(peer)',
        replace: '() => true',
      },
    ],
  },
  {
    what: 'takes a hole in the numbers for news already taken in',
    checker: 'converged',
    scenario: 'storm',
    within: 5,
    edits: [
      {
        file: 'peer/reception.ts',
        find: 'if (this.upTo >= this.checkSeq ||',
        replace: 'if (this.last >= 0 ||',
      },
      {
        file: REPAIR,
        find: 'this.comparisons.owe(member.id);\n  }\n\n  lost(',
        replace: '}\n\n  lost(',
      },
      { file: REPAIR, find: 'status.ready && this.comparisons.isTime(monoMs)', replace: 'monoMs < 0' },
    ],
  },
];
