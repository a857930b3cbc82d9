// One run of the command line, from the first argument to the exit code.
import { setMaxListeners } from 'node:events';
import { CommanderError } from 'commander';
import { plainJson } from '../output/plain-json';
import { CliError, InputError, InterruptedError } from './cli-error';
import { createContext, type CommonOptions, type Context } from './context';
import { readCliEnvironment } from './environment';
import { EXIT_CODES, type Ending } from './exit-codes';
import { printable } from './input/key';
import { processStreams } from './output/streams';

/** What a command has to let go of a socket and a file after Ctrl-C. */
const LETTING_GO_MS = 1000;

export class Session {
  readonly streams = processStreams();
  readonly environment = readCliEnvironment();
  /** What tells how the words should have been. */
  usage = 'repram --help';
  private readonly stop = new AbortController();
  private stoppedBy: Ending | null = null;

  /** @param isJson whether failures are told as JSON, also where the arguments make no sense */
  constructor(private readonly isJson: boolean) {
    // Every request under way listens to it.
    setMaxListeners(0, this.stop.signal);
    process.on('SIGINT', () => this.interrupt('interrupted'));
    process.on('SIGTERM', () => this.interrupt('terminated'));
    process.on('SIGHUP', () => this.interrupt('hung-up'));
  }

  context(options: CommonOptions): Context {
    const { environment, streams } = this;
    return createContext(options, { environment, streams, stop: this.stop.signal });
  }

  /** Runs it to its end and the process with it. */
  async run(command: () => Promise<Ending>): Promise<never> {
    const ending = await command().catch((error: unknown) => this.fail(error));
    await this.streams.flush();
    return process.exit(EXIT_CODES[this.stoppedBy ?? ending]);
  }

  private interrupt(ending: Ending): void {
    if (this.stoppedBy !== null) process.exit(EXIT_CODES[this.stoppedBy]);
    this.stoppedBy = ending;
    this.stop.abort(new InterruptedError());
    setTimeout(() => process.exit(EXIT_CODES[ending]), LETTING_GO_MS).unref();
  }

  private fail(error: unknown): Ending {
    if (this.stoppedBy !== null) return this.stoppedBy;
    if (error instanceof CommanderError) return this.failParsing(error);
    if (error instanceof CliError) {
      this.tell(error);
      return error.ending;
    }
    const message = error instanceof Error ? error.message : String(error);
    this.tell(new CliError({ ending: 'failed', code: codeOf(error), message }));
    return 'failed';
  }

  /** Help and the version come as errors too. */
  private failParsing({ exitCode, message }: CommanderError): Ending {
    if (exitCode === 0) return 'done';
    const sentence = message
      .replace(/^error: /, '')
      .replace(/\n/g, ' ')
      .replace(/\.$/, '');
    if (message !== '(outputHelp)')
      this.tell(
        new CliError({
          ending: 'usage',
          code: 'usage',
          message: sentence,
          advice: `see ${this.usage}`,
        }),
      );
    return 'usage';
  }

  private tell(error: CliError): void {
    const { code, message, advice } = error;
    if (this.isJson) {
      const input = error instanceof InputError ? error : null;
      const told = {
        code,
        message,
        advice: advice === '' ? undefined : advice,
        field: input?.field,
        value: input?.value,
        allowed: input?.allowed,
      };
      this.streams.note(`${plainJson(JSON.stringify({ error: told }))}\n`);
      return;
    }
    this.streams.note(`repram: ${printable(message)}${advice === '' ? '' : `; ${advice}`}\n`);
  }
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'failed';
}
