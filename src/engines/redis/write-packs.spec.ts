import { scriptCommand } from './command';
import { StoreFailure } from './failures';
import { WRITE } from './scripts';
import type { Reply } from './wire-reader';
import { commandOf, PACK_WRITES_MAX, packsOf, share, type Write } from './write-packs';

const HEAD = ['v:', '1024', '1'];
const BUCKETS = ['a', 'b'].map((name) => [Buffer.from(name)]);

interface Told {
  answers: Reply[];
  errors: unknown[];
}

function write(bucket: number, value: string, changes: { isAsking?: boolean; hasSource?: boolean } = {}) {
  const told: Told = { answers: [], errors: [] };
  const made: Write = {
    command: { ...scriptCommand(WRITE, BUCKETS[bucket], [...HEAD, value], 0), ...changes },
    resolve: (reply) => told.answers.push(reply),
    reject: (error) => told.errors.push(error),
  };
  return { ...made, told };
}

const valuesOf = (packs: readonly (readonly Write[])[]): unknown[] =>
  packs.map((pack) => pack.map(({ command }) => command.args[HEAD.length]));

describe('the packs of writes', () => {
  const mixed = [write(0, '1'), write(1, '2'), write(0, '3'), write(1, '4')];

  it('have writes of one bucket, and its names', () => {
    const packs = packsOf(mixed);
    expect(valuesOf(packs)).toEqual([
      ['1', '3'],
      ['2', '4'],
    ]);
    expect(packs.map((pack) => commandOf(pack).keys)).toEqual(BUCKETS);
  });

  it('are bounded in writes and bytes, in the order of the writes', () => {
    const many = Array.from({ length: PACK_WRITES_MAX + 1 }, (_, at) => write(0, String(at)));
    expect(packsOf(many).map(({ length }) => length)).toEqual([PACK_WRITES_MAX, 1]);
    const large = ['x', 'y', 'z'].map((letter) => write(0, letter.repeat(150_000)));
    expect(packsOf(large).map(({ length }) => length)).toEqual([1, 1, 1]);
    expect(packsOf(many).flat()).toEqual(many);
  });

  it('leave a write alone that asks a server for a slot on its way', () => {
    const writes = [write(0, '1'), write(0, '2', { isAsking: true }), write(0, '3'), write(0, '4')];
    const packs = packsOf(writes);
    expect(valuesOf(packs)).toEqual([['1'], ['2'], ['3', '4']]);
    expect(packs.map((pack) => commandOf(pack).isAsking)).toEqual([false, true, false]);
  });

  it('take those with a condition apart: they have an argument more', () => {
    const conditional = write(0, '2');
    const args = [...conditional.command.args, '-'];
    const second = { ...conditional, command: { ...conditional.command, args } };
    const packs = packsOf([write(0, '1'), second, write(0, '3')]);
    expect(packs.map((pack) => commandOf(pack).args)).toEqual([
      [...HEAD, '1'],
      [...HEAD, '2', '-'],
      [...HEAD, '3'],
    ]);
  });

  it('take those with the source of the script apart', () => {
    const packs = packsOf([write(0, '1'), write(0, '2', { hasSource: true })]);
    expect(packs.map((pack) => commandOf(pack).hasSource)).toEqual([false, true]);
  });

  it('give each write its own answer, and its own refusal', () => {
    const writes = [write(0, '1'), write(0, '2'), write(0, '3')];
    const refused = new StoreFailure('answered', 'OOM');
    share(writes, [Buffer.from('1-0'), refused]);
    expect(writes.map(({ told }) => told.answers)).toEqual([[Buffer.from('1-0')], [], []]);
    expect(writes[1].told.errors).toEqual([refused]);
    // Nobody knows what became of it.
    expect(writes[2].told.errors).toMatchObject([{ stage: 'lost' }]);
  });
});
