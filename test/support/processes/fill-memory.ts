// A program that takes memory until its group and those beside it use 96.5 % of the limit, and
// keeps it: node scripts/run-ts.cjs test/support/processes/fill-memory.ts
import { memoryUsage } from '../../../src/config/memory-limit';

const SHARE = 0.965;
const held: Buffer[] = [];

function isNearlyFull(): boolean {
  const usage = memoryUsage();
  const usedBytes = usage?.usedBytes ?? null;
  if (usage === null || usedBytes === null) throw new Error('nothing tells how much memory is used');
  return usedBytes > SHARE * usage.limitBytes;
}

while (!isNearlyFull()) held.push(Buffer.alloc(1_048_576, 1));
setInterval(() => held.length, 1000);
