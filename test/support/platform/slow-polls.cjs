// Preloaded into a node, this makes its questions about the platform's list come in their turn only once an hour.
const { join } = require('node:path');

const { FLUX_TIMING } = require(join(__dirname, '../../../dist/modules/discovery/flux-timing.js'));

FLUX_TIMING.locations.periodMs = 3_600_000;
