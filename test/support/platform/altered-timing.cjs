// Runs statements of a test right behind the place where a node's program says how often it asks
// the platform.
const { basename } = require('node:path');
const alterProgram = require('../processes/altered-program.cjs');

module.exports = function alterTiming(statements) {
  const isNode = basename(process.argv[1] ?? '') === 'node.js';
  if (isNode) alterProgram(/^var FLUX_TIMING = \{[^]*?^\};/m, (definition) => `${definition}\n${statements}`);
};
