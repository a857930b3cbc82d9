// Before and after the tests of HTTP that run once more with the values in servers (the project
// e2e-store): starts what REPRAM_TEST_SERVERS says (one, replicas, cluster), unless
// REPRAM_STORE_URL names servers. The tests learn of them by another variable, which their set-up
// reads, so that the other projects of the same run stay with gossip.
import { SERVER_KINDS, type Servers } from './kinds';

const WORDS = ['one', 'replicas', 'cluster'];

let servers: Servers | null = null;

export default async function start(): Promise<void> {
  const given = process.env.REPRAM_STORE_URL ?? '';
  process.env.REPRAM_TEST_STORE = given === '' ? await started() : given;
}

async function started(): Promise<string> {
  const word = process.env.REPRAM_TEST_SERVERS ?? WORDS[0];
  const kind = WORDS.includes(word) ? SERVER_KINDS.find(([name]) => name.includes(word)) : undefined;
  if (kind === undefined) throw new Error(`REPRAM_TEST_SERVERS is one of ${WORDS.join(', ')}, not ${word}`);
  servers = await kind[1]();
  return servers.url;
}

export async function stop(): Promise<void> {
  await servers?.stop();
}
