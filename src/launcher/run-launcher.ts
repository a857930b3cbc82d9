// Reads the settings, starts the node processes and keeps them running. It knows no protocol and
// holds no data.
import { isatty } from 'node:tty';
import { clockProblem } from '../config/clock-range';
import { readCommandLine } from '../config/command-line';
import { formatProblems } from '../config/problems';
import { readLauncherSettings } from '../config/read-settings';
import type { LauncherSettings } from '../config/settings';
import { ProcessOutput } from '../output/process-output';
import type { Signals } from '../output/signals';
import type { FormedNetwork } from './formation';
import { formationText } from './formation-text';
import { createLauncherLog } from './launcher-log';
import { Supervisor } from './supervisor';

/** npm passes on the Ctrl-C that the terminal sent already. A second one counts only after this. */
const SECOND_INTERRUPT_AFTER_MS = 500;
const FORCED_EXIT_CODE = 130;
const BAD_SETTINGS_CODE = 2;
/** Whoever starts it again may find the clock set. */
const BAD_CLOCK_CODE = 1;

/** @param script what each node process runs */
export function runLauncher(signals: Signals, script: string): void {
  const output = new ProcessOutput();
  // The nodes notice that their launcher is gone, and drain.
  output.takeOver((code) => process.exit(code));
  const lastWords = readCommandLine('launcher', process.argv.slice(2));
  if (lastWords !== null) {
    output[lastWords.to].write(lastWords.text);
    process.exit(lastWords.code);
  }
  const result = readLauncherSettings();
  if (!result.ok) {
    for (const warning of result.warnings) output.errors.write(`warning: ${warning}\n`);
    output.errors.write(formatProblems(result.problems));
    process.exit(BAD_SETTINGS_CODE);
  }
  const problem = clockProblem(Date.now());
  if (problem !== null) {
    output.errors.write(problem);
    process.exit(BAD_CLOCK_CODE);
  }
  supervise(result.settings, result.warnings, { output, signals, script });
}

interface Surroundings {
  readonly output: ProcessOutput;
  readonly signals: Signals;
  readonly script: string;
}

function supervise(
  settings: LauncherSettings,
  warnings: readonly string[],
  { output, signals, script }: Surroundings,
): void {
  const write = (text: string): void => output.lines.write(text);
  const colors = isatty(1) && process.stdout.hasColors();
  const log = createLauncherLog({ level: settings.logLevel, format: settings.logFormat, colors, write });
  output.lines.onRecovered = ({ lines, reason, forMs }) =>
    log.warn('log-lines-dropped', { lines, reason, for_ms: forMs });
  for (const warning of warnings) log.warn('setting', { detail: warning });
  const onFormed = (network: FormedNetwork): void => {
    if (settings.logFormat === 'pretty')
      write(formationText(network, { colors, bindAddress: settings.bindAddress }));
    else log.info('network-formed', formationFields(network));
  };
  const supervisor = new Supervisor({
    settings,
    script,
    log,
    output,
    onFormed,
    onFinished: (code) => process.exit(code),
  });
  supervisor.start();
  obeySignals(signals, supervisor);
}

function formationFields({ durationMs, nodes }: FormedNetwork): object {
  const fields = nodes.map(({ livePeers, ...node }) => ({ ...node, live_peers: livePeers }));
  return { duration_ms: durationMs, ports: nodes.map((node) => node.port), nodes: fields };
}

function obeySignals(signals: Signals, supervisor: Supervisor): void {
  let interruptedMs: number | null = null;
  signals.obey((signal) => {
    if (signal === 'SIGINT') {
      if (interruptedMs !== null && performance.now() - interruptedMs > SECOND_INTERRUPT_AFTER_MS) {
        supervisor.kill();
        process.exit(FORCED_EXIT_CODE);
      }
      interruptedMs ??= performance.now();
    }
    supervisor.stop(signal);
  });
}
