// Preloaded into a node, this makes its questions to the platform come every two seconds: what
// follows from an answer is the same as with half a minute between them, and is there sooner.
const alterTiming = require('./altered-timing.cjs');

alterTiming(`
  for (const timing of [FLUX_TIMING.locations, FLUX_TIMING.hostInfo]) timing.periodMs = 2000;
  FLUX_TIMING.locations.earlyMs = 2000;
`);
