// package-lock.json installs on every platform and from any registry (scripts/lock-check.mjs).
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeTree, writeTree } from './fixture-tree';
import { PROJECT_ROOT } from './project-files';

function lockCheck(...args: string[]): { readonly status: number | null; readonly stderr: string } {
  const script = join(PROJECT_ROOT, 'scripts', 'lock-check.mjs');
  return spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
}

const INCOMPLETE = {
  name: 'fixture',
  packages: {
    '': { dependencies: { fast: '1.0.0' } },
    'node_modules/fast': {
      version: '1.0.0',
      dev: true,
      resolved: 'https://registry.example/fast.tgz',
      optionalDependencies: {
        '@fast/linux-x64-musl': '1.0.0',
        '@fast/darwin-arm64': '~1.0.0',
        '@fast/linux-arm-gnueabihf': '1.0.0',
        nested: '2.0.0',
        present: '3.0.0',
      },
    },
    'node_modules/fast/node_modules/nested': { version: '2.0.0', optional: true },
    'node_modules/present': { version: '3.0.0', optional: true },
  },
};

describe('package-lock.json', () => {
  it('has an entry for every optional dependency and names no download address', () => {
    expect(lockCheck(join(PROJECT_ROOT, 'package-lock.json'))).toMatchObject({ status: 0, stderr: '' });
  });
});

describe('the lock check', () => {
  const root = writeTree({ 'package-lock.json': JSON.stringify(INCOMPLETE) });
  const file = join(root, 'package-lock.json');
  afterAll(() => removeTree(root));

  it('reports missing entries and download addresses', () => {
    const { status, stderr } = lockCheck(file);
    expect(status).toBe(1);
    expect(stderr).toContain(
      'no entry for @fast/linux-x64-musl@1.0.0, optional dependency of node_modules/fast',
    );
    expect(stderr).toContain('node_modules/fast names a download address: https://registry.example/fast.tgz');
    expect(stderr).toContain('4 problems');
  });

  it('adds what is missing, for the platform its name tells, and removes addresses', () => {
    expect(lockCheck('--fix', file).status).toBe(0);
    const { packages } = JSON.parse(readFileSync(file, 'utf8')) as typeof INCOMPLETE;
    const stub = { version: '1.0.0', dev: true, optional: true };
    expect(packages).toMatchObject({
      'node_modules/@fast/darwin-arm64': { ...stub, os: ['darwin'], cpu: ['arm64'] },
      'node_modules/@fast/linux-arm-gnueabihf': { ...stub, os: ['linux'], cpu: ['arm'], libc: ['glibc'] },
      'node_modules/@fast/linux-x64-musl': { ...stub, os: ['linux'], cpu: ['x64'], libc: ['musl'] },
    });
    expect(packages['node_modules/fast']).not.toHaveProperty('resolved');
    expect(Object.keys(packages)[0]).toBe('');
    expect(lockCheck(file)).toMatchObject({ status: 0, stderr: '' });
  });
});
