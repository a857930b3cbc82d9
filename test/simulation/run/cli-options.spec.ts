import { readCommand, USAGE } from './cli-options';

const said = (...args: string[]): string => {
  const command = readCommand(args);
  return typeof command === 'string' ? command : `does ${command.kind}`;
};

describe('the command line of the simulator', () => {
  it('replays one seed of one scenario, on as many nodes as are asked for', () => {
    const command = readCommand(['--scenario', 'crashes', '--seed', '7', '--nodes', '9']);
    expect(command).toMatchObject({ kind: 'run', scenarios: [{ name: 'crashes', hosts: [9] }], seeds: [7] });
  });

  it('runs a few seeds of every scenario when nothing is said', () => {
    expect(readCommand([])).toMatchObject({ kind: 'run', seeds: [1, 2, 3, 4, 5], follow: false });
  });

  it.each([
    [['--seed', 'x'], '--seed x: a number from 1 to 4294967295 is needed'],
    [['--seeds', '0'], '--seeds 0: a number from 1 to 1000000 is needed'],
    [['--nodes', '2.5'], '--nodes 2.5: a number from 2 to 32 is needed'],
    [['--scenario', 'war'], 'no scenario war; there are '],
    [['figures', 'speed'], 'no figure speed; there are formation'],
    [['figures', '--sizes', '3,'], '--sizes : a number from 2 to 32 is needed'],
    [['mutants', 'never fails'], 'no mutant never fails; there are '],
    [['help'], 'no command help; there are figures, mutants and list'],
    [['--help'], "Unknown option '--help'"],
  ])('says what is wrong with %j', (args, expected) => {
    expect(said(...args)).toContain(expected);
  });

  it('names every option in its usage', () => {
    for (const option of ['scenario', 'seed', 'seeds', 'nodes', 'follow', 'runs', 'hours', 'sizes', 'keys'])
      expect(USAGE).toContain(`--${option} `);
  });
});
