// Puts writes together that one script call can do: each call costs a server as much as two writes
// within one. A server that has all buckets takes writes of any of them, one of a Cluster those of
// one bucket. A pack is bounded, because nothing else is done while its script runs.
import { bucketCount, logEntries } from './buckets';
import { type Command, scriptCommand } from './command';
import { StoreFailure } from './failures';
import { WRITE, WRITE_ANSWER_BYTES } from './scripts';
import type { Reply } from './wire-reader';
import { type Argument, bytesOfArgument } from './wire-writer';

export interface Write {
  /** Of this write alone. */
  readonly command: Command;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: unknown) => void;
}

interface Pack {
  readonly writes: Write[];
  bytes: number;
}

export const PACK_WRITES_MAX = 64;
const PACK_BYTES_MAX = 256 * 1024;

/**
 * In an order in which writes of one key stay as they are.
 *
 * @param isByBucket as a Cluster needs it
 */
export function packsOf(writes: readonly Write[], isByBucket: boolean): readonly (readonly Write[])[] {
  const packs: Pack[] = [];
  const open = new Map<unknown, Pack>();
  for (const write of writes) {
    const { keys, args, isAsking, hasSource } = write.command;
    const group = isByBucket ? keys : null;
    let bytes = 0;
    for (const argument of args) bytes += bytesOfArgument(argument);
    const known = open.get(group);
    const fits =
      known !== undefined &&
      !isAsking &&
      known.writes[0].command.hasSource === hasSource &&
      known.writes[0].command.args.length === args.length &&
      known.writes.length < PACK_WRITES_MAX &&
      known.bytes + bytes <= PACK_BYTES_MAX;
    if (fits) {
      known.writes.push(write);
      known.bytes += bytes;
      continue;
    }
    const pack = { writes: [write], bytes };
    packs.push(pack);
    // What asks is alone: the word counts for one command.
    if (isAsking) open.delete(group);
    else open.set(group, pack);
  }
  return packs.map((pack) => pack.writes);
}

/**
 * One call for all of them. Where buckets differ, the server has all, and needs to be told of none.
 */
export function commandOf(pack: readonly Write[], isByBucket: boolean): Command {
  const [{ command }] = pack;
  const most = logEntries(bucketCount(isByBucket));
  const args: Argument[] = [String(most), String(command.args.length)];
  for (const write of pack) args.push(...write.command.args);
  const keys = isByBucket ? command.keys : [];
  return { ...scriptCommand(WRITE, keys, args, pack.length * WRITE_ANSWER_BYTES), ...waysOf(command) };
}

function waysOf({ isAsking, hasSource }: Command): Pick<Command, 'isAsking' | 'hasSource'> {
  return { isAsking, hasSource };
}

/** Each write gets its own answer; one that was refused, its refusal. */
export function share(pack: readonly Write[], reply: Reply): void {
  pack.forEach(({ resolve, reject }, at) => {
    const answer = Array.isArray(reply) ? (reply as readonly Reply[]).at(at) : undefined;
    if (answer instanceof StoreFailure) reject(answer);
    else if (answer === undefined) reject(new StoreFailure('lost', 'the script answered too little'));
    else resolve(answer);
  });
}

/** None of them was answered. */
export function refuse(pack: readonly Write[], error: unknown): void {
  for (const { reject } of pack) reject(error);
}
