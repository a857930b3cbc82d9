// The lines that set completion up, typed by somebody who has a fresh home, and what the next shell
// of theirs knows then.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROJECT_ROOT, readProjectFile } from '../architecture/project-files';
import { possibleWith } from '../support/basics/possible';
import { type } from '../support/processes/typed';

const LIMIT_MS = 20_000;
const folder = mkdtempSync(join(tmpdir(), 'repram-home-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeAll(() => {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const program = join(bin, 'repram');
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${PROJECT_ROOT}/dist/cli.js' "$@"\n`);
  chmodSync(program, 0o755);
});

/** The lines of each shell, as the document and the help have them. */
function linesOf(text: string): Map<string, string[]> {
  const lines = new Map<string, string[]>();
  let shell = '';
  for (const match of text.matchAll(/^ *(bash|zsh|fish)? {3,}(\S.*)$/gm)) {
    shell = match.at(1) ?? shell;
    lines.set(shell, [...(lines.get(shell) ?? []), match[2]]);
  }
  return lines;
}

const [, section] = readProjectFile('docs/cli.md').text.split('\n## Completion\n');
const documented = linesOf(section);

function run(shell: string, home: string, script: string): string {
  const { status, stdout, stderr } = spawnSync(shell, ['-ic', script], {
    encoding: 'utf8',
    timeout: LIMIT_MS,
    cwd: home,
    env: { HOME: home, PATH: `${join(folder, 'bin')}:${process.env.PATH ?? ''}`, TERM: 'dumb' },
  });
  // Without a terminal an interactive bash complains of its jobs.
  const complaints = stderr.replace(/^bash: (?:cannot set terminal process group|no job control).*\n/gm, '');
  expect({ script, status, complaints }).toEqual({ script, status: 0, complaints: '' });
  return stdout;
}

function problemOf(shell: string): string | null {
  return spawnSync(shell, ['--version']).error === undefined ? null : 'it is not installed';
}

describe.each([
  ['bash', 'complete -p repram', 'complete -F _repram repram\n'],
  ['zsh', 'print $_comps[repram]', '_repram\n'],
  ['fish', 'complete -C "repram st" | string split -f 1 \\t', 'start\nstatus\n'],
])('in %s', (shell, question, answer) => {
  possibleWith(shell, problemOf(shell))('what the document says sets completion up in a fresh home', () => {
    const home = mkdtempSync(join(folder, shell));
    for (const line of documented.get(shell) ?? []) run(shell, home, line);
    expect(readdirSync(home).length).toBeGreaterThan(0);
    expect(run(shell, home, question)).toBe(answer);
  });
});

it('the help says the same as the document', async () => {
  const { out } = await type(['completion', '--help']);
  const [, told] = out.split('To be typed once, in\n');
  expect(linesOf(told)).toEqual(documented);
  expect([...documented.keys()]).toEqual(['bash', 'zsh', 'fish']);
});
