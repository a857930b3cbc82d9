import { readCommandLine } from './command-line';
import { readRelease } from './release';

describe('readCommandLine', () => {
  it('runs a program that was started without arguments', () => {
    expect(readCommandLine('launcher', [])).toBeNull();
    expect(readCommandLine('node', [])).toBeNull();
  });

  it.each([[['--help']], [['-h']], [['--version', '--help']]])(
    'tells what it runs and how for %j',
    (args) => {
      for (const program of ['launcher', 'node'] as const) {
        const command = readCommandLine(program, args);
        expect(command).toMatchObject({ to: 'lines', code: 0 });
        const { text } = command as { text: string };
        for (const word of ['usage: ', 'NODE_COUNT=5 npm start', 'docs/configuration.md', '--version'])
          expect(text).toContain(word);
        for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
      }
    },
  );

  it('tells the version and nothing else for --version', () => {
    expect(readCommandLine('launcher', ['--version'])).toEqual({
      to: 'lines',
      text: `${readRelease()}\n`,
      code: 0,
    });
  });

  it.each([['--anything'], ['NODE_COUNT=5'], ['--'], [''], ['-v'], ['--help=1']])(
    'refuses %j by its name, whatever else there is',
    (arg) => {
      for (const args of [[arg], ['--help', arg]]) {
        const command = readCommandLine('launcher', args);
        expect(command).toMatchObject({ to: 'errors', code: 2 });
        expect((command as { text: string }).text).toContain(`unknown argument ${JSON.stringify(arg)}`);
      }
    },
  );

  it('keeps a refusal on one short line, whatever was typed', () => {
    const { text } = readCommandLine('launcher', [`a\nb\u001b[2J${'x'.repeat(5000)}`]) as { text: string };
    expect(text).toMatch(/^[ -~]{1,300}\n$/);
  });
});
