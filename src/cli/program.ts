// Every command with its arguments and options: what is parsed, what help tells, and what shells
// complete. The commands themselves are loaded when they run.
import { Argument, Command, Option } from 'commander';
import { documentPath } from '../config/document-path';
import { readRelease } from '../config/release';
import { SHELLS } from './completion/shells';
import type { CommonOptions, Context } from './context';
import type { Ending } from './exit-codes';
import { parseChoice } from './input/choice';
import { refuseRepetition } from './input/repetition';

/** What is behind a command: its context, then its arguments and options. */
export interface Running {
  context(options: CommonOptions): Context;
}

type Action = (context: Context, args: readonly (string | undefined)[], options: object) => Promise<Ending>;

const LEVELS = ['one', 'quorum', 'all'] as const;

const WIDTH = 100;

export function buildProgram(running: Running, onEnd: (ending: Ending) => void): Command {
  const program = new Command('repram')
    .description('A replicated memory that forgets: nodes, values and what goes on between them.')
    .usage('[command] [options]')
    .version(readRelease(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .commandsGroup('Other:')
    .helpCommand('help [command]', 'print help of a command')
    .exitOverride()
    .configureHelp({ helpWidth: WIDTH, subcommandTerm })
    .configureOutput({ outputError: () => undefined })
    .enablePositionalOptions()
    .addHelpText('after', FOOT);
  addCommon(program);
  const { define, group } = definer(program, running, onEnd);
  group('Nodes:');
  defineNodes(define);
  group('Values:');
  defineValues(define);
  group('Looking at the network:');
  defineViews(define);
  group('Other:');
  defineOthers(define, program);
  for (const command of program.commands) if (command.name() !== 'start') addCommon(command);
  refuseRepetition(program);
  return program;
}

/** Every command has options, so that says nothing. */
function subcommandTerm(command: Command): string {
  const places = command.registeredArguments.map((argument) => {
    return argument.required ? `<${argument.name()}>` : `[${argument.name()}]`;
  });
  return [command.name(), ...places].join(' ');
}

const FOOT = `
Without a command repram starts nodes, as repram start does.

Examples:
  npx repram                                  three nodes on ports 8081 to 8083
  echo hello | repram put greeting --ttl 10m
  repram get greeting
  repram doctor --node 203.0.113.7:8081

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 no such key, 4 no node answers,
5 stored but not yet confirmed as --wait asks, 129 ended by SIGHUP, 130 by Ctrl-C,
143 by SIGTERM.`;

/** Common options are taken in front of a command and behind it. */
function addCommon(command: Command): Command {
  const options = [
    new Option('--node <list>', 'nodes to talk to: host:port,... (or REPRAM_NODES; 127.0.0.1:8081-8090)'),
    new Option('--timeout <time>', 'how long an operation may take (10s)'),
    new Option('--json', 'print JSON, failures too'),
  ];
  for (const option of options) command.addOption(option.helpGroup('Common options:'));
  return command;
}

type Define = (usage: string, description: string, load: () => Promise<Action>) => Command;

/** They look at no node of this machine, or say by themselves what is wrong with its settings. */
const FORGIVING: ReadonlySet<string> = new Set(['start', 'doctor', 'mcp', 'completion']);

function definer(program: Command, running: Running, onEnd: (ending: Ending) => void) {
  let heading = '';
  const define: Define = (usage, description, load) => {
    const command = program.command(usage).description(description).helpGroup(heading);
    return command.action(async () => {
      const options = { ...program.opts(), ...command.opts() };
      const run = await load();
      const context = running.context(options);
      if (context.nodes.problem !== null && !FORGIVING.has(command.name())) throw context.nodes.problem;
      onEnd(await run(context, command.processedArgs as (string | undefined)[], options));
    });
  };
  const group = (title: string): void => {
    heading = title;
  };
  return { define, group };
}

const ENCODED = '-e, --encoded';

function defineNodes(define: Define): void {
  define('start', 'start nodes on this machine, and keep them running', async () => {
    return (await import('./commands/start')).start;
  }).addHelpText('after', STARTING);
}

const STARTING = `
Starts NODE_COUNT nodes (3), each in a process of its own on the first free ports from BASE_PORT
(8081) on. Ctrl-C stops all of them. Settings are environment variables:
  NODE_COUNT=5 repram start
  REPRAM_PEERS=203.0.113.7:8081 REPRAM_CLUSTER_SECRET_FILE=/run/secrets/repram repram start
${documentPath('configuration.md')} explains each of them.`;

function defineValues(define: Define): void {
  define('put', 'store a value for a while', async () => (await import('./commands/put')).put)
    .argument('<KEY>', 'name of the value')
    .argument('[FILE]', 'file with the value; - or nothing = standard input')
    .option('--ttl <time>', 'how long it lives: 600, 90s, 10m, 1h30m, 1d', '1h')
    .addOption(
      new Option('--wait <level>', 'how many nodes must hold it first')
        .choices(LEVELS)
        .argParser((text) => parseChoice('--wait', text, LEVELS))
        .default('quorum'),
    )
    .option('--value <text>', 'the value itself, instead of a file')
    .option(ENCODED, 'KEY is percent-encoded');
  define('get', 'print a value, its bytes unchanged', async () => (await import('./commands/get')).get)
    .argument('<KEY>', 'name of the value')
    .option('-o, --output <file>', 'write it there; - = standard output')
    .option('--wait <time>', 'wait so long for the key, up to 1d')
    .option(ENCODED, 'KEY is percent-encoded');
  define('keys', 'list keys', async () => (await import('./commands/keys')).keys)
    .argument('[PREFIX]', 'only keys that begin with it')
    .option('--limit <count>', 'end after so many')
    .addOption(
      new Option('-0, --null', 'end each key with a zero byte instead of a line end').conflicts('json'),
    )
    .option(ENCODED, 'PREFIX and the keys are percent-encoded');
  define('watch', 'print what comes and what ends, as it happens', async () => {
    return (await import('./commands/watch')).watch;
  })
    .argument('[PREFIX]', 'only keys that begin with it')
    .option('--all', 'begin with everything that is there')
    .option('--values', 'print values of up to 4 KB too')
    .option('--limit <count>', 'end after so many')
    .option(ENCODED, 'PREFIX and the keys are percent-encoded');
}

function defineViews(define: Define): void {
  define('status', 'how a node is', async () => (await import('./commands/status')).status);
  define('peers', 'which other nodes a node knows', async () => (await import('./commands/peers')).peers);
  define('top', 'all nodes, live', async () => (await import('./commands/top')).top)
    .option('--interval <time>', 'how often to look', '1s')
    .addOption(new Option('--once', 'look once and end').conflicts(['interval', 'limit']))
    .option('--limit <count>', 'end after so many looks');
  define('doctor', 'why nodes do not see each other, and what to do', async () => {
    return (await import('./commands/doctor')).doctor;
  });
  define('bench', 'what a running network does per second', async () => {
    return (await import('./commands/bench')).bench;
  })
    .option('--seconds <count>', 'how long each part lasts', '3')
    .option('--connections <count>', 'requests under way at a time', '16')
    .option('--size <bytes>', 'bytes of each value', '100');
}

function defineOthers(define: Define, program: Command): void {
  define('mcp', 'tools for a model, over standard input and output', async () => {
    return (await import('./commands/mcp')).mcp;
  }).addHelpText(
    'after',
    `\nWithout --node and REPRAM_NODES it has a node of its own. See ${documentPath('mcp.md')}.`,
  );
  define('completion', 'print a script that completes commands in a shell', async () => {
    return (await import('./commands/completion')).completionOf(program);
  })
    .addArgument(
      new Argument('<SHELL>', 'the shell')
        .choices(SHELLS)
        .argParser((text) => parseChoice('SHELL', text, SHELLS)),
    )
    .addHelpText('after', COMPLETING);
}

const COMPLETING = `
To be typed once, in
  bash   mkdir -p ~/.local/share/repram && repram completion bash > ~/.local/share/repram/bash
         echo 'source ~/.local/share/repram/bash' >> ~/.bashrc

  zsh    mkdir -p ~/.zfunc && repram completion zsh > ~/.zfunc/_repram
         echo 'fpath+=~/.zfunc; autoload -Uz compinit; compinit' >> ~/.zshrc

  fish   mkdir -p ~/.config/fish/completions
         repram completion fish > ~/.config/fish/completions/repram.fish`;
