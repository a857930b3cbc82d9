// Preloaded into a node, this makes it send every write to each member itself: no member relays for
// another. For comparison.
const { basename } = require('node:path');
const alterProgram = require('../../support/processes/altered-program.cjs');

const DIRECT = `function routesOf(members) {
  return [...members]
    .filter((member) => member.link !== null)
    .map((member) => ({ member, via: null, relays: false }));
}
function routesByRelays(`;

if (basename(process.argv[1] ?? '') === 'node.js') alterProgram(/^function routesOf\(/m, DIRECT);
