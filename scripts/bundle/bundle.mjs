// Makes the few files of dist/ out of what tsc compiled: one for each program, and one for each
// package that a start does not need. Names of functions and classes stay, for Nest and for stack
// traces.
import { createRequire } from 'node:module';
import { join, relative, sep } from 'node:path';
import { build } from 'esbuild';
import { compiledBeforehand, deferred, lateFormatter, optional } from './resolution.mjs';

/** What is started, by the name of its file in src/. */
const PROGRAMS = ['cli', 'launcher', 'health-check'];

/**
 * Loaded when first used, each from its own file. A start needs none of them, and most nodes never
 * do.
 */
const DEFERRED = ['axios', 'boxen', 'cron', 'pino-pretty', 'prom-client'];

const OPTIONS = {
  bundle: true,
  write: false,
  metafile: true,
  platform: 'node',
  target: 'node20.19',
  format: 'cjs',
  // Of packages with two builds, the one of modules: what nobody imports is left out, phone numbers
  // for one.
  mainFields: ['es2015', 'module', 'main'],
  // The files are scripts; an import() would look for a loader that they do not have.
  supported: { 'dynamic-import': false },
  sourcemap: true,
  sourcesContent: false,
  // Names are not kept by force: nothing is minified, and the bundler would name each closure of
  // each request anew.
  legalComments: 'none',
  logLevel: 'warning',
};

/** Writes nothing. Returns the files by their path in dist/, and the paths of what is in them. */
export async function bundle(root, compiled) {
  const { resolve } = createRequire(join(root, 'package.json'));
  const outdir = join(root, 'dist');
  const common = { ...OPTIONS, absWorkingDir: root, outdir };
  const from = (name) => join(compiled, `${name}.js`);
  const results = await Promise.all([
    build({ ...common, entryPoints: PROGRAMS.map(from), plugins: [optional, deferred(root, DEFERRED)] }),
    build({ ...common, entryPoints: [from('node')], plugins: [compiledBeforehand] }),
    build({
      ...common,
      entryPoints: { 'node-program': from('node-process') },
      plugins: [optional, deferred(root, DEFERRED), lateFormatter],
    }),
    build({
      ...common,
      entryPoints: Object.fromEntries(DEFERRED.map((name) => [`packages/${name}`, resolve(name)])),
      plugins: [optional],
    }),
  ]);
  return {
    files: results
      .flatMap(({ outputFiles }) => outputFiles)
      .map(({ path, contents }) => ({ path: relative(outdir, path).split(sep).join('/'), contents })),
    inputs: [...new Set(results.flatMap(({ metafile }) => inputsOf(metafile)))].sort(),
  };
}

/** Of the outputs: what was read and left out is in none. */
function inputsOf({ outputs }) {
  return Object.values(outputs).flatMap(({ inputs }) =>
    Object.keys(inputs).filter((path) => inputs[path].bytesInOutput > 0),
  );
}
