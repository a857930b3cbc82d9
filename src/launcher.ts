// PID 1 of the container: reads the settings, starts the node processes and keeps them running. It knows no protocol
// and holds no data.
import { join } from 'node:path';
import { formatProblems } from './config/problems';
import { readLauncherSettings } from './config/read-settings';
import type { LauncherSettings } from './config/settings';
import type { FormedNetwork } from './launcher/formation';
import { formationText } from './launcher/formation-text';
import { createLauncherLog } from './launcher/launcher-log';
import { Supervisor } from './launcher/supervisor';

/** npm passes on the Ctrl-C that the terminal has sent already: a second one counts only after this. */
const SECOND_INTERRUPT_AFTER_MS = 500;
const FORCED_EXIT_CODE = 130;
const BAD_SETTINGS_CODE = 2;

function main(): void {
  // A reader that went away (`| head`) is no reason to drop the nodes.
  process.stdout.on('error', () => undefined);
  const result = readLauncherSettings();
  if (!result.ok) {
    for (const warning of result.warnings) process.stderr.write(`warning: ${warning}\n`);
    process.stderr.write(formatProblems(result.problems));
    process.exit(BAD_SETTINGS_CODE);
  }
  run(result.settings, result.warnings);
}

function run(settings: LauncherSettings, warnings: readonly string[]): void {
  const write = (text: string): void => void process.stdout.write(text);
  const colors = process.stdout.isTTY && process.stdout.hasColors();
  const log = createLauncherLog({ level: settings.logLevel, format: settings.logFormat, colors, write });
  for (const warning of warnings) log.warn('setting', { detail: warning });
  const onFormed = (network: FormedNetwork): void => {
    if (settings.logFormat === 'pretty')
      write(formationText(network, { colors, bindAddress: settings.bindAddress }));
    else log.info('network-formed', formationFields(network));
  };
  const script = join(__dirname, 'node.js');
  const supervisor = new Supervisor({
    settings,
    script,
    log,
    onFormed,
    onFinished: (code) => process.exit(code),
  });
  obeySignals(supervisor);
  supervisor.start();
}

function formationFields({ durationMs, nodes }: FormedNetwork): object {
  const fields = nodes.map(({ livePeers, ...node }) => ({ ...node, live_peers: livePeers }));
  return { duration_ms: durationMs, ports: nodes.map((node) => node.port), nodes: fields };
}

/** Explicit handlers, because PID 1 has no default ones. */
function obeySignals(supervisor: Supervisor): void {
  let interruptedMs: number | null = null;
  process.on('SIGINT', () => {
    if (interruptedMs !== null && performance.now() - interruptedMs > SECOND_INTERRUPT_AFTER_MS) {
      supervisor.kill();
      process.exit(FORCED_EXIT_CODE);
    }
    interruptedMs ??= performance.now();
    supervisor.stop('SIGINT');
  });
  process.on('SIGTERM', () => supervisor.stop('SIGTERM'));
  process.on('SIGHUP', () => supervisor.stop('SIGHUP'));
}

main();
