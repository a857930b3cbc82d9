// Preloaded into a node, this makes it send every write to each member itself: no member relays for another. For comparison.
const { dirname, join } = require('node:path');

const dist = dirname(process.argv[1]);
const routes = require(join(dist, 'core', 'replication', 'routes.js'));

routes.routesOf = (members) =>
  [...members]
    .filter((member) => member.link !== null)
    .map((member) => ({ member, via: null, relays: false }));
