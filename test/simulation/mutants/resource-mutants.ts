// Broken bounds on memory, work and traffic.
import type { Mutant } from './mutants';

const LINK = 'links/link.ts';
const BOOKS = 'store/books.ts';
const STORE = 'store/store.ts';

export const RESOURCE_MUTANTS: readonly Mutant[] = [
  {
    what: 'queues without bound for a peer that does not read',
    checker: 'bounded',
    scenario: 'pressure',
    within: 2,
    edits: [
      { file: LINK, find: 'if (this.queued + bytes > this.share.bytesMax) {', replace: 'if (bytes < 0) {' },
    ],
  },
  {
    what: 'hands everything to a socket that takes nothing',
    checker: 'bounded',
    scenario: 'pressure',
    within: 2,
    edits: [
      {
        file: LINK,
        find: 'return this.unsent < this.share.unsentBytesMax;',
        replace: 'return this.unsent < Infinity;',
      },
    ],
  },
  {
    what: 'expires everything at once',
    checker: 'stepwise',
    scenario: 'mass-expiry',
    within: 2,
    edits: [
      {
        file: 'node/core-node.ts',
        find: 'const EXPIRE_BUDGET = 2000;',
        replace: 'const EXPIRE_BUDGET = 1e9;',
      },
    ],
  },
  {
    what: 'sends without end in one call',
    checker: 'stepwise',
    scenario: 'pressure',
    within: 2,
    edits: [
      { file: LINK, find: 'const FRAMES_PER_FLUSH = 8;', replace: 'const FRAMES_PER_FLUSH = 1e9;' },
      {
        file: LINK,
        find: 'return this.unsent < this.share.unsentBytesMax;',
        replace: 'return this.unsent < Infinity;',
      },
      {
        file: LINK,
        find: 'return this.unsent < 2 * this.share.unsentBytesMax;',
        replace: 'return this.unsent < Infinity;',
      },
    ],
  },
  {
    what: 'compares with a full member for ever',
    checker: 'frugal',
    scenario: 'small-member',
    within: 2,
    edits: [
      { file: 'peer/comparison-pace.ts', find: 'nowMs + waitMs', replace: 'nowMs' },
      {
        file: 'anti-entropy/comparisons.ts',
        find: 'this.nextAtMs = nowMs + this.prng.jitter(TIMING.rootCompareMs);\n    this.underWay',
        replace: 'this.underWay',
      },
    ],
  },
  {
    what: 'stores beyond its limit',
    checker: 'accounting',
    scenario: 'small-member',
    within: 3,
    edits: [
      {
        file: STORE,
        find: 'return after > this.settings.storageBytesMax * share',
        replace: 'return after > this.settings.storageBytesMax * share * 2',
      },
    ],
  },
  {
    what: 'counts a stub as nothing',
    checker: 'accounting',
    scenario: 'short-lives',
    within: 2,
    edits: [
      {
        file: BOOKS,
        find: 'this.used += sign * this.charged();',
        replace: 'this.used += isStub ? 0 : sign * this.charged();',
      },
    ],
  },
  {
    what: 'changes the hash tree when a version expires',
    checker: 'accounting',
    scenario: 'short-lives',
    within: 2,
    edits: [
      {
        file: 'store/expiry.ts',
        find: 'table.turnToStub(row);',
        replace: 'books.toggle(table.hashRecordForTree());\n      table.turnToStub(row);',
      },
    ],
  },
];
