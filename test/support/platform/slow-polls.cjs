// Preloaded into a node, this makes its questions about the platform's list come in their turn only
// once an hour.
const alterTiming = require('./altered-timing.cjs');

alterTiming('FLUX_TIMING.locations.periodMs = 3_600_000;');
