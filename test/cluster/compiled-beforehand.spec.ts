// A node loads the code that V8 compiled when it was built, and starts without it wherever V8
// refuses it.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../architecture/project-files';

const REPORTER = join(__dirname, '../support/processes/report-compiled.cjs');
const HEAP_REPORTER = join(__dirname, '../support/processes/report-heap.cjs');
const PROGRAM = 'node-program.js';
const COMPILED = `node-program.${process.version}-${process.arch}.cache`;
const WRONG_SETTINGS = 2;

describe('the code of a node', () => {
  const folder = mkdtempSync(join(tmpdir(), 'repram-compiled-'));
  beforeEach(() => {
    for (const path of ['dist', 'package.json']) {
      cpSync(join(PROJECT_ROOT, path), join(folder, path), { recursive: true, preserveTimestamps: true });
    }
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /**
   * Loads everything and refuses its settings. Tells whether V8 took what was compiled beforehand.
   */
  function loaded(...flags: string[]): string {
    const args = [...flags, '--require', REPORTER, join(folder, 'dist', 'node.js')];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      encoding: 'utf8',
      env: { BASE_PORT: 'none' },
    });
    expect(stderr).toContain('BASE_PORT');
    expect(status).toBe(WRONG_SETTINGS);
    return stdout;
  }

  it('is taken as it was compiled, under the flags of a launcher too', () => {
    expect(loaded()).toBe('taken\n');
    expect(loaded('--max-old-space-size=256', '--max-semi-space-size=1')).toBe('taken\n');
    expect(loaded('--max-semi-space-size=16', '--heap-growing-percent=400')).toBe('taken\n');
  });

  it('leaves the limit of the heap as the launcher set it', () => {
    expect(loaded('--max-old-space-size=256', '--require', HEAP_REPORTER)).toMatch(
      /^taken\n(?:2|3)\d\d MB\n$/,
    );
  });

  it('is compiled anew where V8 refuses it', () => {
    expect(loaded('--stack-size=900')).toBe('refused\n');
  });

  it('is compiled anew when a single bit of it is not as it was', () => {
    const path = join(folder, 'dist', COMPILED);
    const code = readFileSync(path);
    for (const at of [0, code.length >> 1, code.length - 1]) {
      const damaged = Buffer.from(code);
      damaged[at] ^= 1;
      writeFileSync(path, damaged);
      expect(loaded()).toBe('none\n');
    }
  });

  it('is compiled anew when the program is younger, or when it is not there', () => {
    const later = new Date(Date.now() + 60_000);
    utimesSync(join(folder, 'dist', PROGRAM), later, later);
    expect(loaded()).toBe('none\n');
    rmSync(join(folder, 'dist', COMPILED));
    expect(loaded()).toBe('none\n');
  });
});
