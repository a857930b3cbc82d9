// Puts writes together that one script call can do: each call costs a server as much as two writes
// within one. They are of one bucket, whose names the call declares. A pack is bounded, because
// nothing else is done while its script runs.
import { type Command, scriptCommand } from './command';
import { StoreFailure } from './failures';
import { TOLD_TOGETHER_MAX, WRITE, WRITE_ANSWER_BYTES, WRITE_HEAD } from './scripts';
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

export const PACK_WRITES_MAX = TOLD_TOGETHER_MAX;
const PACK_BYTES_MAX = 256 * 1024;

/** In an order in which writes of one key stay as they are. */
export function packsOf(writes: readonly Write[]): readonly (readonly Write[])[] {
  const packs: Pack[] = [];
  const open = new Map<Command['keys'], Pack>();
  for (const write of writes) {
    const { keys, args, isAsking, hasSource } = write.command;
    let bytes = 0;
    for (const argument of args) bytes += bytesOfArgument(argument);
    const known = open.get(keys);
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
    if (isAsking) open.delete(keys);
    else open.set(keys, pack);
  }
  return packs.map((pack) => pack.writes);
}

/** One call for all of them. */
export function commandOf(pack: readonly Write[]): Command {
  const [{ command }] = pack;
  const args: Argument[] = command.args.slice(0, WRITE_HEAD);
  for (const write of pack)
    for (let at = WRITE_HEAD; at < write.command.args.length; at += 1) args.push(write.command.args[at]);
  const answerBytes = pack.length * WRITE_ANSWER_BYTES;
  return { ...scriptCommand(WRITE, command.keys, args, answerBytes), ...waysOf(command) };
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
