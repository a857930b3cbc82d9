// The core with one of its defences taken away, each of which the fuzzer must miss within a normal
// run. A mutant whose text is gone must follow the code.
import type { Edit } from '../simulation/mutants/core-loader';

export interface FuzzMutant {
  readonly what: string;
  /** What is said of it. */
  readonly problem: RegExp;
  /** Conversations within which it is found. */
  readonly within: number;
  readonly edits: readonly Edit[];
}

const BOUNDS = 'base/bounds.ts';

export const FUZZ_MUTANTS: readonly FuzzMutant[] = [
  {
    what: 'believes any count of writes, adds them up, and asserts that it can say the sum',
    problem: /a varint is a safe integer|tells report\.load\.missingWrites/,
    within: 120,
    edits: [
      {
        file: BOUNDS,
        find: 'export const SEQUENCE_MAX = COUNT;',
        replace: 'export const SEQUENCE_MAX = Number.MAX_SAFE_INTEGER;',
      },
      {
        file: BOUNDS,
        find: 'export const FIGURE_MAX = COUNT;',
        replace: 'export const FIGURE_MAX = Infinity;',
      },
      { file: BOUNDS, find: 'sum = Math.min(max, sum + count);', replace: 'sum += count;' },
      {
        file: 'wire/byte-writer.ts',
        find: 'let rest = value > 0 ? Math.floor(Math.min(max, value)) : 0;',
        replace: `let rest = value > 0 ? Math.floor(Math.min(max, value)) : 0;
          if (rest > Number.MAX_SAFE_INTEGER) throw new Error('a varint is a safe integer');`,
      },
    ],
  },
  {
    what: 'queues what it has to say without end',
    problem: /grows: .*waiting.items has \d+ items/,
    within: 120,
    edits: [
      {
        file: 'links/control-queue.ts',
        find: '(isLeaves && this.leavesWait) || this.bytes + bytes > QUEUE_BYTES_MAX',
        replace: 'isLeaves && this.leavesWait',
      },
    ],
  },
  {
    what: 'asserts that no list is too long',
    problem: /a list is as long as allowed/,
    within: 120,
    edits: [
      {
        file: 'wire/lists.ts',
        find: "if (count > countMax) reader.fail('a longer list than may be');",
        replace: "if (!reader.ok || count > countMax) throw new Error('a list is as long as allowed');",
      },
    ],
  },
  {
    what: 'puts a chunk wherever it claims to belong',
    problem: /offset is out of bounds/,
    within: 120,
    edits: [
      {
        file: 'links/assembler.ts',
        find: 'chunk.total > this.bytesMax || endsAt > chunk.total',
        replace: 'chunk.total > this.bytesMax',
      },
      {
        file: 'links/assembler.ts',
        find: 'endsAt < chunk.total && chunk.bytes.byteLength < this.chunkBytes',
        replace: 'endsAt < 0',
      },
      {
        file: 'links/assembler.ts',
        find: 'chunk.offset === 0 ? new Uint8Array(chunk.bytes) : this.completedBy(chunk.bytes)',
        replace: 'this.completedBy(chunk.bytes)',
      },
    ],
  },
  {
    what: 'takes any 64 bits for a time',
    problem: /NaN|not agree|no number|Invalid|answers null/,
    within: 120,
    edits: [
      {
        file: 'wire/byte-reader.ts',
        find: 'if (Number.isFinite(value)) return value;',
        replace: 'if (value !== null) return value;',
      },
    ],
  },
  {
    what: 'keeps what it can neither give nor pass on',
    problem: /do not agree/,
    within: 120,
    edits: [
      {
        file: 'store/store.ts',
        find: 'const isLive = incoming.value !== null && now.monoMs < expiresAtMs;',
        replace: 'const isLive = now.monoMs < expiresAtMs;',
      },
    ],
  },
];
