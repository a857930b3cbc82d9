// Which test files of real nodes run on one engine alone. Those of test/e2e run twice: with the
// values in the nodes, and with the values in a server. A file that runs once says why in its first
// lines, as do single tests (test/support/redis/gossip-only.ts).
const { spawnSync } = require('node:child_process');
const { readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

const FOLDER = join(__dirname, '..', 'test', 'e2e');
const [GOSSIP, NO_ENGINE, OWN] = ['On gossip alone', 'Without an engine', 'With servers of its own'];
const MARK = new RegExp(`^// (${GOSSIP}|${NO_ENGINE}|${OWN}): (.+)\\.$`, 'm');
/** Within the title of a test that a run with a store leaves out. */
const LEFT_OUT = '(on gossip only: ';
const SERVERS = ['redis-server', 'valkey-server'];

/** `why` is null for a file that runs on both. */
function testFiles() {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.spec.ts'))
    .map((name) => {
      const [, kind = null, why = null] = MARK.exec(readFileSync(join(FOLDER, name), 'utf8')) ?? [];
      return { path: `test/e2e/${name}`, kind, why };
    });
}

/** Whether there is a server to start. */
function hasServer() {
  return SERVERS.some((program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0);
}

module.exports = { GOSSIP, NO_ENGINE, OWN, LEFT_OUT, hasServer, testFiles };
