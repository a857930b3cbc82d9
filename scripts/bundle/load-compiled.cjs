// Part of dist/node.js: loads a bundle beside it, with what V8 made of it when it was built. To
// compile two megabytes of source takes about as long as to run them. Where that does not fit
// (another Node.js, another processor, another flag), V8 refuses it and compiles the source.
'use strict';
const { createHash } = require('node:crypto');
const { readFileSync, renameSync, statSync, writeFileSync } = require('node:fs');
const Module = require('node:module');
const { dirname, join } = require('node:path');
const { setFlagsFromString } = require('node:v8');
const { Script } = require('node:vm');

/**
 * Before Node.js 24, V8 refuses code that was compiled under other values of these, although they
 * change none of it.
 */
const HEAP_FLAG = /^--(?:max-(?:old-space|semi-space)-size|heap-growing-percent)=\d+$/;

const SEAL_BYTES = 32;
const CODE_BYTES_MAX = 64 * 1024 * 1024;

const compiledName = (name) => `${name}.${process.version}-${process.arch}.cache`;

/** V8 itself does not notice damage, and dies of it later. */
const seal = (code) => createHash('sha256').update(code).digest();

/** Null when there is none, or one of an earlier build, or one that is not as it was written. */
function readCompiled(path, program) {
  try {
    const found = statSync(path);
    if (!found.isFile() || found.size > CODE_BYTES_MAX || found.mtimeMs < statSync(program).mtimeMs)
      return null;
    const file = readFileSync(path);
    const code = file.subarray(SEAL_BYTES);
    return seal(code).equals(file.subarray(0, SEAL_BYTES)) ? code : null;
  } catch {
    return null;
  }
}

/** To be read by `load`. */
function writeCompiled(path, code) {
  writeFileSync(`${path}.${process.pid}`, Buffer.concat([seal(code), code]));
  renameSync(`${path}.${process.pid}`, path);
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
  // Who asks for source maps gets them: Node.js looks for none in scripts that are compiled by
  // hand.
  if (process.sourceMapsEnabled) return require(program);
  const compiled = readCompiled(join(__dirname, compiledName(name)), program);
  if (compiled === null) return run(compile(program, null), program);
  return run(
    withoutHeapFlags(() => compile(program, compiled)),
    program,
  );
}

module.exports = { compile, compiledName, load, run, writeCompiled };
