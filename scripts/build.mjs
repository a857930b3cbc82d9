// Builds dist/ from src/: compiles it to .cache/compiled, bundles that (scripts/bundle), and
// describes its API in dist/openapi.json (scripts/openapi.ts). Of pages/ it makes dist/pages, and
// of the description the types that pages/ is checked with. Does nothing when nothing changed, so
// that `npm start` can always build first. tsc alone keeps the output of deleted sources and, being
// incremental, never replaces output that went missing.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { assets } from './bundle/assets.mjs';
import { bundle } from './bundle/bundle.mjs';
import { client } from './bundle/client.mjs';
import { compiledName } from './bundle/load-compiled.cjs';
import { pages, typesOf } from './bundle/pages.mjs';

const root = resolve(process.argv[2] ?? join(import.meta.dirname, '..'));
const src = join(root, 'src');
const dist = join(root, 'dist');
const stamp = join(dist, '.sources');
const compiled = join(root, '.cache', 'compiled');
const incremental = join(compiled, '.tsbuildinfo');
const description = 'openapi.json';
const describer = join(root, 'scripts', 'openapi.ts');
const types = join(root, '.cache', 'openapi.ts');
const codeOfNode = compiledName('node-program');
const settings = [
  ...['tsconfig.json', 'tsconfig.build.json', 'tsconfig.client.json'],
  ...['nest-cli.json', 'package-lock.json'],
];

/** Paths of all files below `folder`, relative to it. */
function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

const pageSources = filesBelow(join(root, 'pages')).filter((path) => !/\.spec\.tsx?$/.test(path));
const sources = filesBelow(src).filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'));

function scriptsBelow(folder) {
  return filesBelow(folder)
    .sort()
    .map((path) => join(folder, path));
}

/** Changes whenever a source or a build setting does. */
function fingerprint() {
  const hash = createHash('sha256').update(process.version);
  const inputs = [
    ...settings.map((path) => join(root, path)),
    ...sources.sort().map((path) => join(src, path)),
    ...[describer, import.meta.filename, join(root, 'package.json')],
    ...pageSources.sort().map((path) => join(root, 'pages', path)),
    ...scriptsBelow(join(root, 'scripts', 'openapi')),
    ...scriptsBelow(join(import.meta.dirname, 'bundle')),
  ];
  for (const path of inputs.filter(existsSync)) hash.update(`\n${path}\n`).update(readFileSync(path));
  return hash.digest('hex');
}

/**
 * Runs a script and ends with its exit code when it fails. A signal to the build ends what it has
 * started.
 */
async function run(...args) {
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
  const passOn = (signal) => child.kill(signal);
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, passOn);
  const [code, signal] = await once(child, 'exit');
  for (const each of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.off(each, passOn);
  if (signal !== null) process.kill(process.pid, signal);
  if (code !== 0) process.exit(code ?? 1);
}

/** What tsc wrote for sources that are gone goes, and what went missing it writes again. */
async function compile() {
  const wanted = new Set(sources.map((path) => path.replace(/\.ts$/, '.js')));
  const outputs = filesBelow(compiled).filter((path) => /\.js(?:\.map)?$/.test(path));
  for (const path of outputs) if (!wanted.has(path.replace(/\.map$/, ''))) rmSync(join(compiled, path));
  if ([...wanted].some((path) => !outputs.includes(path))) rmSync(incremental, { force: true });
  await run(createRequire(join(root, 'package.json')).resolve('@nestjs/cli/bin/nest.js'), 'build');
}

/**
 * By one rename: whoever reads it meanwhile gets the old file or the new one, never half of it.
 * What names its interpreter can be run by itself.
 */
function replace(path, contents) {
  const isProgram = Buffer.from(contents).subarray(0, 2).equals(Buffer.from('#!'));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.${process.pid}`, contents, { mode: isProgram ? 0o755 : 0o644 });
  renameSync(`${path}.${process.pid}`, path);
}

/** Returns the paths of all files that belong into dist/. */
async function writeAll() {
  const parts = [await bundle(root, compiled)];
  if (pageSources.length > 0) parts.push(await pages(root));
  const inputs = parts.flatMap((part) => part.inputs);
  const all = [...parts.flatMap(({ files }) => files), ...assets(root, inputs), ...(await client(root))];
  for (const { path, contents } of all) replace(join(dist, path), contents);
  await run(join(import.meta.dirname, 'bundle', 'precompile.cjs'), dist);
  const paths = [...all.map(({ path }) => path), codeOfNode];
  if (!existsSync(describer)) return paths;
  await run(join(root, 'scripts', 'run-ts.cjs'), describer, join(dist, description));
  if (pageSources.length > 0) replace(types, await typesOf(join(dist, description)));
  return [...paths, description];
}

/**
 * Of the build that dist/ holds: its fingerprint and its files. Null when there is none, or not all
 * of it.
 */
function readStamp() {
  try {
    const { fingerprint: of, paths } = JSON.parse(readFileSync(stamp, 'utf8'));
    const isWhole = paths.every((path) => existsSync(join(dist, path)));
    return isWhole && (pageSources.length === 0 || existsSync(types)) ? { of, paths } : null;
  } catch {
    return null;
  }
}

function removeEmptyFolders(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true }).filter((each) => each.isDirectory())) {
    removeEmptyFolders(join(folder, entry.name));
    if (readdirSync(join(folder, entry.name)).length === 0) rmdirSync(join(folder, entry.name));
  }
}

const current = fingerprint();
if (readStamp()?.of !== current) {
  rmSync(stamp, { force: true });
  await compile();
  const paths = await writeAll();
  writeFileSync(stamp, JSON.stringify({ fingerprint: current, paths }));
}
const kept = new Set([...(readStamp()?.paths ?? []), '.sources']);
const here = filesBelow(dist).map((path) => path.split(sep).join('/'));
for (const path of here.filter((each) => !kept.has(each))) rmSync(join(dist, path));
removeEmptyFolders(dist);
