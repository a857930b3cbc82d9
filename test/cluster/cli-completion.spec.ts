// Completion of `repram` in the shells themselves: each is asked what it offers for a line.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { possibleWith } from '../support/basics/possible';
import { type } from '../support/processes/typed';

const COMMANDS = 'start put get keys watch status peers top doctor bench mcp completion help'
  .split(' ')
  .sort();
const BASH_WORDS = join(__dirname, '../support/shells/bash-words.zsh');
const ZSH_OFFERS = join(__dirname, '../support/shells/offered.zsh');
const LIMIT_MS = 20_000;

function shellProblem(shell: string): string | null {
  return spawnSync(shell, ['--version']).error === undefined ? null : 'it is not installed';
}

const folder = mkdtempSync(join(tmpdir(), 'repram-completion-'));
const script = (shell: string): string => join(folder, `repram.${shell}`);
beforeAll(async () => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { code, out } = await type(['completion', shell]);
    expect(code).toBe(0);
    writeFileSync(script(shell), out);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The lines that a shell prints, which runs this in the folder. */
function lines(shell: string, args: readonly string[]): string[] {
  const { stdout, stderr, status } = spawnSync(shell, args, {
    encoding: 'utf8',
    cwd: folder,
    timeout: LIMIT_MS,
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout.split('\n').filter((line) => line !== '');
}

/** What each shell offers for a line, whose last word is not whole. */
const OFFERS: Readonly<Record<string, (line: string) => string[]>> = {
  bash: (line) => {
    const program = `set -u; source "$1"; COMP_WORDS=($2); [[ $2 == *' ' ]] && COMP_WORDS+=('')
      COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); [[ $(complete -p repram) == 'complete -F _repram repram' ]] || exit 1
      compopt() { [[ "$*" == '-o default' ]] && COMPREPLY=($(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}")); }
      _repram; printf '%s\\n' "\${COMPREPLY[@]+"\${COMPREPLY[@]}"}"`;
    return lines('bash', ['--norc', '-c', program, 'bash', script('bash'), line]);
  },
  zsh: (line) => lines('zsh', ['-f', ZSH_OFFERS, script('zsh'), line]),
  fish: (line) => {
    const program = 'source $argv[1]; complete -C $argv[2]';
    const offered = lines('fish', ['--no-config', '-c', program, script('fish'), line]);
    return offered.map((each) => each.split('\t')[0]);
  },
};

describe.each(Object.entries(OFFERS))('completion in %s', (shell, offers) => {
  const possible = possibleWith(shell, shellProblem(shell));
  const offered = (line: string): string[] => offers(line).sort();

  possible('offers the commands, and those alone, behind what goes before a command', () => {
    expect(offered('repram ')).toEqual(COMMANDS);
    expect(offered('repram st')).toEqual(['start', 'status']);
    expect(offered('repram --node put st')).toEqual(['start', 'status']);
    expect(offered('repram help do')).toEqual(['doctor']);
  });

  possible('offers the options of the command', () => {
    expect(offered('repram --ver')).toEqual(['--version']);
    const ofPut = offered('repram put --');
    expect(ofPut).toEqual(expect.arrayContaining(['--ttl', '--wait', '--json', '--node']));
    expect(ofPut).not.toContain('--output');
    expect(offered('repram keys put --')).not.toContain('--wait');
  });

  possible('offers the words that an option or an argument takes', () => {
    expect(offered('repram put key --wait ')).toEqual(['all', 'one', 'quorum']);
    expect(offered('repram completion f')).toEqual(['fish']);
  });

  possible('offers the same behind addresses of nodes', () => {
    expect(offered('repram --node a:1,[::1]:2 st')).toEqual(['start', 'status']);
  });

  possible('offers files where a file is meant', () => {
    expect(offered('repram put --wait one key repram.z')).toEqual(['repram.zsh']);
    expect(offered('repram get -o repram.z')).toEqual(['repram.zsh']);
    expect(offered('repram put repram.z')).toEqual([]);
    expect(offered('repram get repram.z')).toEqual([]);
  });
});

/** An interactive bash in a terminal that zsh has: what the line is when Tab was pressed. */
describe('a name of a file in bash', () => {
  const possible = possibleWith('bash and zsh', shellProblem('bash') ?? shellProblem('zsh'));
  const HOSTILE = 'evil;touch${IFS}RUN;';
  const names = join(folder, 'names');
  const wordsOf = (line: string): string[] => {
    const args = ['-f', BASH_WORDS, script('bash'), line];
    const { stdout, status } = spawnSync('zsh', args, { encoding: 'utf8', cwd: names, timeout: LIMIT_MS });
    expect({ line, status }).toEqual({ line, status: 0 });
    return stdout.trimEnd().split('\n');
  };
  beforeAll(() => {
    mkdirSync(join(names, 'sub'), { recursive: true });
    for (const name of [HOSTILE, 'my file.txt', "q'uote", 'plain', 'sub/deep'])
      writeFileSync(join(names, name), '');
  });

  possible.each([
    ['repram put k ev', HOSTILE],
    ['repram put k my', 'my file.txt'],
    ['repram put k q', "q'uote"],
    ['repram get -o pl', 'plain'],
    ['repram get --output=pl', '--output=plain'],
    ['repram put --node a:1 k pl', 'plain'],
    ['repram put k su', 'sub/'],
    ['repram put k sub/', 'sub/deep'],
  ])('is one word, whatever it is: %s', (line, word) => {
    expect(wordsOf(line).at(-1)).toBe(word);
    expect(readdirSync(names)).not.toContain('RUN');
  });

  possible('is not offered for a key', () => {
    expect(wordsOf('repram get pl').at(-1)).toBe('pl');
    expect(wordsOf('repram put --wait=q').at(-1)).toBe('--wait=quorum');
  });
});
