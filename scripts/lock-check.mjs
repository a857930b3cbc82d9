// Checks that package-lock.json installs anywhere, not only where it was written:
// - every optional dependency of an entry has an entry of its own. A registry mirror that lacks the
//   binaries of other
//   platforms makes npm leave them out, and `npm ci` of npm 11 then refuses the lock ("Missing: ...
//   from lock file");
// - no entry names a download address: npm asks the registry it is configured with.
// Usage: node scripts/lock-check.mjs [--fix] [lock file]. Exit code 1 when something is wrong (and
// was not fixed).
import { readFileSync, writeFileSync } from 'node:fs';

const fix = process.argv.includes('--fix');
const file = process.argv.slice(2).find((argument) => !argument.startsWith('--')) ?? 'package-lock.json';
const lock = JSON.parse(readFileSync(file, 'utf8'));
const packages = lock.packages ?? {};

const platforms = 'aix android darwin freebsd linux netbsd openbsd openharmony sunos win32'.split(' ');
const processors = 'arm arm64 ia32 loong64 mips64el ppc64 riscv64 s390x wasm32 x64'.split(' ');

/** The folders in which Node.js looks for a package required from `path`, nearest first. */
function lookupFolders(path) {
  const folders = [];
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    folders.push(at === '' ? 'node_modules/' : `${at}/node_modules/`);
    if (at === '') return folders;
    if (!at.includes('/node_modules/')) at = '';
  }
}

function missingOptionals() {
  const missing = [];
  for (const [path, entry] of Object.entries(packages)) {
    for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
      const present = lookupFolders(path).some((folder) => packages[folder + name] !== undefined);
      if (!present) missing.push({ path, entry, name, range });
    }
  }
  return missing;
}

/**
 * What npm itself would write for a package it may never install here: enough to be skipped on
 * other platforms.
 */
function stub({ entry, name, range }) {
  const words = name.split(/[/_-]/);
  const os = platforms.find((platform) => words.includes(platform));
  const cpu =
    processors.find((processor) => words.includes(processor)) ??
    (/-arm(v6|v7)?/.test(name) ? 'arm' : undefined);
  const libc = words.some((word) => word.startsWith('musl')) ? 'musl' : 'glibc';
  return {
    version: range.replace(/^[~^]/, ''),
    ...(entry.dev ? { dev: true } : {}),
    optional: true,
    ...(os ? { os: [os] } : {}),
    ...(cpu ? { cpu: [cpu] } : {}),
    ...(os === 'linux' ? { libc: [libc] } : {}),
  };
}

const problems = [];
for (const missing of missingOptionals()) {
  const exact = /^[~^]?\d+\.\d+\.\d+[\w.+-]*$/.test(missing.range);
  if (fix && exact) packages[`node_modules/${missing.name}`] ??= stub(missing);
  else
    problems.push(
      `no entry for ${missing.name}@${missing.range}, optional dependency of ${missing.path || 'the project'}`,
    );
}
for (const [path, entry] of Object.entries(packages)) {
  if (entry.resolved === undefined || entry.link) continue;
  if (fix) delete entry.resolved;
  else problems.push(`${path} names a download address: ${entry.resolved}`);
}

if (fix) {
  const byPath = ([left], [right]) => (left < right ? -1 : 1);
  lock.packages = Object.fromEntries(Object.entries(packages).sort(byPath));
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
}
if (problems.length > 0) {
  console.error(
    `${problems.join('\n')}\n${file}: ${problems.length} problems (node scripts/lock-check.mjs --fix)`,
  );
  process.exit(1);
}
