// Part of dist/node.js: loads a bundle beside it, with what V8 made of it when it was built. To compile two megabytes of
// source takes about as long as to run them. Where that does not fit (another Node.js, another processor, another
// flag), V8 refuses it and compiles the source.
'use strict';
const { readFileSync, statSync } = require('node:fs');
const Module = require('node:module');
const { dirname, join } = require('node:path');
const { setFlagsFromString } = require('node:v8');
const { Script } = require('node:vm');

/** Before Node.js 24, V8 refuses code that was compiled under other values of these, although they change none of it. */
const HEAP_FLAG = /^--max-(?:old-space|semi-space)-size=\d+$/;

const compiledName = (name) => `${name}.${process.version}-${process.arch}.cache`;

/** Null when there is none, or one of an earlier build. */
function readCompiled(path, program) {
  try {
    return statSync(path).mtimeMs < statSync(program).mtimeMs ? null : readFileSync(path);
  } catch {
    return null;
  }
}

/** The flags are read when the process starts, and shown to V8 as never given while it compares. */
function withoutHeapFlags(action) {
  const flags = process.execArgv.filter((flag) => HEAP_FLAG.test(flag));
  for (const flag of flags) setFlagsFromString(flag.replace(/\d+$/, '0'));
  try {
    return action();
  } finally {
    for (const flag of flags) setFlagsFromString(flag);
  }
}

function compile(program, cachedData) {
  // All of it is ASCII.
  const source = Module.wrap(readFileSync(program, 'latin1'));
  return new Script(source, { filename: program, ...(cachedData === null ? {} : { cachedData }) });
}

function run(script, program) {
  const loaded = { exports: {} };
  script.runInThisContext()(loaded.exports, require, loaded, program, dirname(program));
  return loaded.exports;
}

/** Runs the bundle of this name and returns its exports. */
function load(name) {
  const program = join(__dirname, `${name}.js`);
  // Who asks for source maps gets them: Node.js looks for none in scripts that are compiled by hand.
  if (process.sourceMapsEnabled) return require(program);
  const compiled = readCompiled(join(__dirname, compiledName(name)), program);
  if (compiled === null) return run(compile(program, null), program);
  return run(
    withoutHeapFlags(() => compile(program, compiled)),
    program,
  );
}

module.exports = { compile, compiledName, load, run };
