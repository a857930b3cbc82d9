// Runs a TypeScript file without building it: node scripts/run-ts.cjs FILE [arguments]. Compiles
// what is required on the way with @swc/core, with the options of the tests; types are not checked.
const { readFileSync } = require('node:fs');
const Module = require('node:module');
const { resolve } = require('node:path');
const { transformSync } = require('@swc/core');
const swc = require('./swc.cjs');

const [file, ...rest] = process.argv.slice(2);
if (file === undefined) {
  console.error('usage: node scripts/run-ts.cjs FILE [arguments]');
  process.exit(2);
}
process.setSourceMapsEnabled(true);
Module._extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), { ...swc, filename });
  module._compile(code, filename);
};
process.argv = [process.argv[0], resolve(file), ...rest];
require(resolve(file));
