// `repram mcp` without its command line: node scripts/run-ts.cjs test/support/mcp/serve.ts [NODES]
import { join } from 'node:path';
import { runMcp } from '../../../src/mcp/run-mcp';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

runMcp({
  nodes: process.argv.slice(2),
  version: '0.0.0-test',
  environment: process.env,
  stop: stop.signal,
  nodeScript: join(__dirname, '..', '..', '..', 'dist', 'node.js'),
}).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
