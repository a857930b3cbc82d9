// npm run fuzz -- conversations of hostile peers with real cores, for as long as asked. Exit code 1
// = a problem was found, 2 = the command line cannot be meant.
import { parseArgs } from 'node:util';
import { report, run } from './run';

const USAGE = `usage: npm run fuzz -- [--seconds S | --conversations C] [--seed N]
  --seconds S         how long (1..86400, 60)
  --conversations C   how many (1..1000000)
  --seed N            the first of the seeds (1..4294967295, 1); without a length that one alone
`;

function main(): void {
  const option = { type: 'string' } as const;
  const { values } = parseArgs({ options: { seconds: option, conversations: option, seed: option } });
  const conversations = bounded('conversations', values.conversations, 1, 1_000_000);
  const seed = bounded('seed', values.seed, 1, 0xffff_ffff) ?? 1;
  const seconds = bounded('seconds', values.seconds, 1, 86_400);
  const isReplay = values.seed !== undefined && seconds === null && conversations === null;
  const most = isReplay ? 1 : (conversations ?? Infinity);
  const result = run({ seconds: seconds ?? (most === Infinity ? 60 : Infinity), seed, most });
  console.log(report(result));
  process.exitCode = result.failure === null ? 0 : 1;
}

function bounded(name: string, text: string | undefined, min: number, max: number): number | null {
  if (text === undefined) return null;
  const value = text.trim() === '' ? NaN : Number(text);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new Error(`--${name} ${text}: a whole number from ${min} to ${max} is needed`);
}

try {
  main();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n${USAGE}`);
  process.exitCode = 2;
}
