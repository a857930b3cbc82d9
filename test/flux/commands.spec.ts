// The two commands as a person types them: what they print where, and their exit codes.
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { readJson } from './samples';

const ROOT = join(__dirname, '../..');
const { scripts } = readJson('package.json') as { scripts: Record<string, string> };

let directory: string;

beforeEach(() => {
  mkdirSync(join(ROOT, '.cache'), { recursive: true });
  directory = mkdtempSync(join(ROOT, '.cache', 'flux-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly errors: string;
}

/** What the npm script runs, without npm's own half second. */
function run(script: 'flux:check' | 'flux:spec', args: readonly string[], input = ''): Run {
  const [program, ...fixed] = scripts[script].split(' ');
  expect(program).toBe('node');
  const options = { cwd: ROOT, input, encoding: 'utf8', timeout: 60_000 } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [...fixed, ...args], options);
  return { code: status, out: stdout, errors: stderr };
}

describe('npm run flux:check', () => {
  it('takes a file that begins with a byte order mark', () => {
    const file = join(directory, 'marked.json');
    writeFileSync(file, `\uFEFF${readFileSync(join(ROOT, 'flux/app.v8.json'), 'utf8')}`);
    expect(run('flux:check', [file]).code).toBe(0);
  });

  it('says 2 of what is nested deeper than any specification, and why', () => {
    const deep = `${'{"compose":'.repeat(5000)}1${'}'.repeat(5000)}`;
    const { code, errors } = run('flux:check', ['-'], deep);
    expect({ code, errors }).toEqual({ code: 2, errors: '-: nested deeper than 64 levels\n' });
  });

  it('says 2 when what it prints cannot be written, and why', () => {
    const full = openSync('/dev/full', 'w');
    const [, ...fixed] = scripts['flux:check'].split(' ');
    const { status, stderr } = spawnSync(process.execPath, [...fixed, 'flux/app.v8.json'], {
      cwd: ROOT,
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    });
    closeSync(full);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^standard output: ENOSPC/);
  });

  it('says 0 of what the platform takes, and prints the warnings', () => {
    const { code, out } = run('flux:check', ['flux/app.v8.json']);
    expect({ code, last: out.trim().split('\n').at(-1) }).toEqual({ code: 0, last: '0 errors, 2 warnings' });
    expect(out).toContain('$.owner: "REPLACE_WITH_YOUR_FLUX_ID"');
  });

  it('says 1 of what it rejects, with place, value and rule of each problem', () => {
    const { code, out } = run('flux:check', ['test/flux/specs/rejected/v8-string-ports.json']);
    expect(code).toBe(1);
    expect(out).toContain(
      'error    $.compose[0].containerPorts[0]: "8081"\n         a container port is a number from 1 to 65535, without quotes\n',
    );
    expect(out).toContain('3 errors, ');
  });

  it.each([['--help'], ['-h']])('says how it is used on standard output for %s', (arg) => {
    const { code, out, errors } = run('flux:check', [arg]);
    expect({ code, start: out.slice(0, 6), errors }).toEqual({ code: 0, start: 'usage:', errors: '' });
  });

  it('reads standard input', () => {
    const text = readFileSync(join(ROOT, 'flux/app.v8.json'), 'utf8');
    expect(run('flux:check', ['-'], text).code).toBe(0);
    expect(run('flux:check', ['-'], '{').code).toBe(2);
  });

  it.each([[[]], [['a.json', 'b.json']], [['--nonsense']], [['no-such-file.json']], [['README.md']]])(
    'says 2 when there is nothing to check: %j',
    (args) => {
      const { code, out, errors } = run('flux:check', args);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(errors).not.toBe('');
    },
  );
});

describe('npm run flux:spec', () => {
  it('writes the specification to standard output, and the reasons to standard error', () => {
    const { code, out, errors } = run('flux:spec', ['--owner', 'an-id', '--tag', 'v1.0.0']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ version: 8, owner: 'an-id', name: 'faderepram' });
    expect(errors).toContain('10 ports become 2 components');
    expect(run('flux:check', ['-'], out).code).toBe(0);
  });

  it('writes a file, from a plan in another file', () => {
    const [plan, out] = [join(directory, 'plan.json'), join(directory, 'app.json')];
    writeFileSync(plan, JSON.stringify({ ...(readJson('flux/app.plan.json') as object), name: 'other' }));
    expect(run('flux:spec', [plan, '--out', out])).toMatchObject({ code: 0, out: '' });
    expect(JSON.parse(readFileSync(out, 'utf8'))).toMatchObject({ name: 'other' });
  });

  it('writes nothing that the platform would reject', () => {
    const out = join(directory, 'app.json');
    const { code, errors } = run('flux:spec', ['--host-port', '16100', '--out', out]);
    expect({ code, written: existsSync(out) }).toEqual({ code: 1, written: false });
    expect(errors).toContain('error    $.compose[0].ports[0]: 16100');
  });

  it('writes nothing that REPRAM would refuse to start with', () => {
    const out = join(directory, 'app.json');
    const { code, errors } = run('flux:spec', ['--ports', '3', '--env', 'NODE_COUNT=99', '--out', out]);
    expect({ code, written: existsSync(out) }).toEqual({ code: 1, written: false });
    expect(errors).toMatch(
      /error .*: "NODE_COUNT=99"\n +REPRAM will not start; allowed: at most MAX_PORTS \(3\)/,
    );
  });

  it.each([[['--nodes', '11']], [['--version', '6']], [['no-such-file.json']]])('says 2 of %j', (args) => {
    expect(run('flux:spec', args)).toMatchObject({ code: 2, out: '' });
  });

  it('says 2 and what is wrong with a plan that is none', () => {
    const { code, errors } = run('flux:spec', ['flux/app.v8.json']);
    expect(code).toBe(2);
    expect(errors).toContain('$.docker_image: (missing)');
  });

  it.each([['--help'], ['-h']])('explains its options for %s', (arg) => {
    const { code, out } = run('flux:spec', [arg]);
    expect({ code, start: out.slice(0, 6) }).toEqual({ code: 0, start: 'usage:' });
  });
});
