// What the command line makes of words: help, versions, wrong usage. No node is there.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT_CODES } from '../../src/cli/exit-codes';
import { readRelease } from '../../src/config/release';
import { PROJECT_ROOT } from '../architecture/project-files';
import { type } from '../support/processes/typed';

const COMMANDS = 'start put get keys watch status peers top doctor bench mcp completion help'.split(' ');
const COLUMNS_MAX = 100;
/** Nobody listens there. */
const NOWHERE = { REPRAM_NODES: '127.0.0.1:1' };

describe('the words of the command line', () => {
  it.each([['--version'], ['-V']])('%s prints the version', async (flag) => {
    expect(await type([flag])).toMatchObject({ code: 0, out: `${readRelease()}\n`, errors: '' });
  });

  it('--help names every command and every exit code, in lines that fit', async () => {
    const { code, out, errors } = await type(['--help']);
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    for (const command of COMMANDS) expect(out).toMatch(new RegExp(`^  ${command}\\b.* {2}\\S`, 'm'));
    for (const exitCode of Object.values(EXIT_CODES)) expect(out).toMatch(new RegExp(`\\b${exitCode}\\b`));
    for (const text of out.split('\n')) expect(text.length).toBeLessThanOrEqual(COLUMNS_MAX);
  });

  it.each(COMMANDS.filter((name) => name !== 'help'))('%s --help tells its options', async (command) => {
    const [asked, helped] = await Promise.all([type([command, '--help']), type(['help', command])]);
    expect(asked).toMatchObject({ code: 0, errors: '' });
    expect(asked.out).toMatch(new RegExp(`^Usage: repram ${command} `));
    expect(helped.out).toBe(asked.out);
  });

  it('says of what is wrong what it is for, what was given and what is allowed', async () => {
    const wrong: readonly (readonly [string, ...string[]])[] = [
      ['--ttl is "soon"; allowed is seconds such as 600', 'put', 'key', '--value', 'x', '--ttl', 'soon'],
      ['--ttl is "0"; allowed is more than zero', 'put', 'key', '--value', 'x', '--ttl', '0'],
      ['--wait is "some"; allowed is one of one, quorum, all', 'put', 'key', '--wait', 'some'],
      ['FILE is "a"; allowed is nothing, because --value is', 'put', 'key', 'a', '--value', 'x'],
      ['FILE is "/"; allowed is a file', 'put', 'key', '/'],
      ['KEY is ""; allowed is a text', 'get', ''],
      ['KEY is "%ZZ"; allowed is percent-encoded UTF-8', 'get', '--encoded', '%ZZ'],
      ['--node is "host"; allowed is host:port', 'status', '--node', 'host'],
      ['--node is "h:2-1"; allowed is a range of ports that goes up', 'status', '--node', 'h:2-1'],
      ['--node is "h:1-70000"; allowed is a range of ports that', 'status', '--node', 'h:1-70000'],
      ['--node is "h:1-65535"; allowed is a range of at most 100', 'status', '--node', 'h:1-65535'],
      ['--node is "http://...@h:1"; allowed is a URL without user', 'get', 'k', '--node', 'http://u:p@h:1'],
      ['--node is "http://h:1/?a=b"; allowed is a URL that', 'keys', '--node', 'http://h:1/?a=b'],
      ['--node is "http://h:1/#a"; allowed is a URL that', 'keys', '--node', 'http://h:1/#a'],
      ['--node is "ftp://h:1"; allowed is host:port', 'keys', '--node', 'ftp://h:1'],
      ['--timeout is "-1"; allowed is seconds', 'status', '--timeout=-1'],
      ['--limit is "0"; allowed is a whole number from 1', 'keys', '--limit', '0'],
      ['--timeout is "25d"; allowed is at most 24d', 'status', '--timeout', '25d'],
      ['--timeout is "90000d"; allowed is at most 24d', 'get', 'key', '--timeout', '90000d'],
      ['--interval is "25d"; allowed is at most 24d', 'top', '--interval', '25d'],
      ['--wait is "25h"; allowed is at most 1d', 'get', 'key', '--wait', '25h'],
      ['--ttl is "1h1h"; allowed is each unit once', 'put', 'key', '--value', 'x', '--ttl', '1h1h'],
      ['KEY is ".."; allowed is a text that a URL can name', 'get', '..'],
      ['KEY is "."; allowed is a text that a URL can name', 'put', '.', '--value', 'x'],
      ['--connections is "0"; allowed is a whole number', 'bench', '--connections', '0'],
      ['SHELL is "tcsh"; allowed is one of bash, zsh, fish', 'completion', 'tcsh'],
      ["unknown command 'puts' (Did you mean put?)", 'puts'],
      ["unknown option '--all'; see repram get --help", 'get', 'key', '--all'],
      ["missing required argument 'KEY'; see repram get --help", 'get'],
      ['too many arguments', 'status', 'a'],
      ["unknown command 'nothing'; see repram --help", 'nothing'],
      ["unknown command 'nothing'; see repram --help", 'help', 'nothing'],
    ];
    const runs = await Promise.all(wrong.map(([, ...args]) => type(args, { env: NOWHERE })));
    for (const [index, { code, out, errors }] of runs.entries()) {
      expect({ args: wrong[index], code, out }).toEqual({ args: wrong[index], code: 2, out: '' });
      expect(errors).toContain(`repram: ${wrong[index][0]}`);
      expect(errors.trimEnd().split('\n')).toHaveLength(1);
    }
  });

  it.each([
    [{ BASE_PORT: 'foo' }, 'BASE_PORT is "foo"'],
    [{ MAX_PORTS: '0' }, 'MAX_PORTS is "0"'],
  ])('looks nowhere else where the range of nodes is wrong: %j', async (env, message) => {
    for (const args of [
      ['status'],
      ['get', 'key'],
      ['put', 'key', '--value', 'x'],
      ['top', '--once'],
      ['bench'],
    ]) {
      const { code, out, errors } = await type(args, { env });
      expect({ args, code, out }).toEqual({ args, code: 2, out: '' });
      expect(errors).toContain(`repram: ${message}; allowed is a whole number`);
    }
    expect((await type(['completion', 'bash'], { env })).code).toBe(0);
    const examined = await type(['doctor', '--timeout', '1'], { env });
    expect(examined.out).toContain(`${message}, so no node starts with it.`);
  });

  it('refuses an option that is given twice, in front of a command and behind it', async () => {
    const twice: readonly (readonly [string, string, string, ...string[]])[] = [
      ['--value', 'b', 'a', 'put', 'key', '--value', 'a', '--value', 'b'],
      ['--ttl', '6m', '5m', 'put', 'key', '--value', 'x', '--ttl', '5m', '--ttl', '6m'],
      ['--wait', 'all', 'one', 'put', 'key', '--value', 'x', '--wait', 'one', '--wait=all'],
      ['--limit', '2', '1', 'keys', '--limit', '1', '--limit', '2'],
      ['--output', 'b', '-', 'get', 'key', '-o', '-', '--output', 'b'],
      ['--node', 'b:2', 'a:1', '--node', 'a:1', 'status', '--node', 'b:2'],
      ['--timeout', '2s', '1s', '--timeout', '1s', '--timeout', '2s', 'peers'],
    ];
    for (const [field, second, first, ...args] of twice) {
      const { code, out, errors } = await type(args, { env: NOWHERE });
      expect({ args, code, out }).toEqual({ args, code: 2, out: '' });
      const allowed = `allowed is one ${field}, and "${first}" was given before`;
      expect(errors).toBe(`repram: ${field} is "${second}"; ${allowed}\n`);
    }
  });

  it('refuses options of which one makes another mean nothing', async () => {
    for (const args of [
      ['top', '--once', '--limit', '2'],
      ['top', '--once', '--interval', '2s'],
      ['keys', '--null', '--json'],
    ]) {
      const { code, errors } = await type(args, { env: NOWHERE });
      expect({ args, code }).toEqual({ args, code: 2 });
      expect(errors).toMatch(/cannot be used with option/);
    }
  });

  it('tells failures as JSON with --json, before a command and behind it', async () => {
    for (const args of [
      ['--json', 'keys', '--limit', 'x'],
      ['keys', '--limit', 'x', '--json'],
    ]) {
      const { code, errors } = await type(args, { env: NOWHERE });
      expect(code).toBe(2);
      const allowed = 'a whole number from 1 to 1000000000';
      expect(JSON.parse(errors)).toMatchObject({
        error: { code: 'input-invalid', field: '--limit', value: 'x', allowed },
      });
    }
  });

  it.each([
    ['get', 'key'],
    ['put', 'key', '--value', 'x'],
    ['keys'],
    ['watch'],
    ['status'],
    ['peers'],
    ['top', '--once'],
    ['bench'],
  ])('%s ends with 4 where no node answers', async (...args) => {
    const { code, out, errors } = await type([...args, '--timeout', '2s'], { env: NOWHERE });
    expect({ code, out }).toEqual({ code: 4, out: '' });
    expect(errors).toContain('no node answers at 127.0.0.1:1');
  });

  it('takes --node before REPRAM_NODES, and a range of ports', async () => {
    const { errors } = await type(['status', '--node', '[::1]:2-3, localhost:4'], { env: NOWHERE });
    expect(errors).toContain('no node answers at [::1]:2-3, localhost:4');
  });

  it('hands arguments of start to the launcher, which refuses them', async () => {
    const { code, errors } = await type(['start', '--anything'], { env: { BASE_PORT: '29970' } });
    expect(code).toBe(2);
    expect(errors).toMatch(/^REPRAM did not start: unknown argument "--anything"/);
  });

  it('docs/cli.md lists every command and every exit code', () => {
    const text = readFileSync(join(PROJECT_ROOT, 'docs/cli.md'), 'utf8');
    const listed = [...text.matchAll(/^\| `repram ([a-z]+)/gm)].map(([, name]) => name);
    expect(listed.sort()).toEqual(COMMANDS.filter((name) => name !== 'help').sort());
    const codes = [...text.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
    expect(codes).toEqual(Object.values(EXIT_CODES));
  });
});
