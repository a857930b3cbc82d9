// What the programs make of arguments, as a person types them behind `npm start --`.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { readRelease } from '../../src/config/release';

const DIST = join(__dirname, '../../dist');

interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly errors: string;
}

/** Ended after a while, for a program that runs although it should not. */
function run(script: string, ...args: readonly string[]): Run {
  const env = { PATH: process.env.PATH ?? '', BASE_PORT: '29970', REPRAM_BIND_ADDRESS: '127.0.0.1' };
  const options = { env, encoding: 'utf8', timeout: 20_000 } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(DIST, script), ...args], options);
  return { code: status, out: stdout, errors: stderr };
}

describe.each(['launcher.js', 'node.js', 'health-check.js'])('dist/%s', (script) => {
  it('prints its usage for --help and -h, and starts nothing', () => {
    for (const arg of ['--help', '-h']) {
      const { code, out, errors } = run(script, arg);
      expect({ code, errors }).toEqual({ code: 0, errors: '' });
      expect(out).toMatch(/^usage: /);
      expect(out).toContain('docs/configuration.md');
    }
  });

  it('prints its version for --version', () => {
    expect(run(script, '--version')).toEqual({ code: 0, out: `${readRelease()}\n`, errors: '' });
  });

  it('refuses an argument that it does not know by its name', () => {
    const { code, out, errors } = run(script, '--anything');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(errors).toMatch(/^REPRAM did not start: unknown argument "--anything"; .*\n$/);
  });
});
