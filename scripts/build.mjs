// Builds dist/ from src/ and describes its API in dist/openapi.json (scripts/openapi.ts), and does nothing when nothing changed, so that `npm start` can always build first.
// tsc alone keeps the output of deleted sources and, being incremental, never replaces output that went missing.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative, resolve } from 'node:path';

const root = resolve(process.argv[2] ?? join(import.meta.dirname, '..'));
const src = join(root, 'src');
const dist = join(root, 'dist');
const stamp = join(dist, '.sources');
const incremental = join(dist, '.tsbuildinfo');
const description = join(dist, 'openapi.json');
const describer = join(root, 'scripts', 'openapi.ts');
const settings = ['tsconfig.json', 'tsconfig.build.json', 'nest-cli.json', 'package-lock.json'];

/** Paths of all files below `folder`, relative to it. */
function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

const sources = filesBelow(src).filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'));
const outputs = filesBelow(dist).filter((path) => path.endsWith('.js') || path.endsWith('.js.map'));
const compiled = sources.filter((path) => !path.endsWith('.d.ts'));
const wanted = new Set(compiled.map((path) => path.replace(/\.ts$/, '.js')));

const stale = outputs.filter((path) => !wanted.has(path.replace(/\.map$/, '')));
for (const path of stale) rmSync(join(dist, path));

const missing = [...wanted].some((path) => !outputs.includes(path));
if (missing) rmSync(incremental, { force: true });

/** Changes whenever a source or a build setting does. */
function fingerprint() {
  const hash = createHash('sha256').update(process.version);
  const inputs = [
    ...settings.map((path) => join(root, path)),
    ...sources.sort().map((path) => join(src, path)),
    ...[describer, join(root, 'package.json')],
    ...filesBelow(join(root, 'scripts', 'openapi'))
      .sort()
      .map((path) => join(root, 'scripts', 'openapi', path)),
  ];
  for (const path of inputs.filter(existsSync)) hash.update(`\n${path}\n`).update(readFileSync(path));
  return hash.digest('hex');
}

/** Runs a script and ends with its exit code when it fails. A signal to the build ends what it has started. */
async function run(...args) {
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
  const passOn = (signal) => child.kill(signal);
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, passOn);
  const [code, signal] = await once(child, 'exit');
  for (const each of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.off(each, passOn);
  if (signal !== null) process.kill(process.pid, signal);
  if (code !== 0) process.exit(code ?? 1);
}

const current = fingerprint();
const built = existsSync(stamp) && statSync(stamp).isFile() ? readFileSync(stamp, 'utf8') : '';
const described = existsSync(description) || !existsSync(describer);
if (missing || !described || built !== current) {
  const nest = createRequire(join(root, 'package.json')).resolve('@nestjs/cli/bin/nest.js');
  rmSync(stamp, { force: true });
  await run(nest, 'build');
  if (existsSync(describer)) await run(join(root, 'scripts', 'run-ts.cjs'), describer, description);
  writeFileSync(stamp, current);
}
