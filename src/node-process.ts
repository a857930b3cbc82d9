// One node process: settings -> createNode -> claim a port -> run. Hosts one node, or all of them
// with REPRAM_ISOLATION=none. SIGTERM, the launcher's order and the loss of the launcher mean the
// same: drain and exit 0.
import { hostId } from './adapters/host-id';
import { createLog, type Log } from './adapters/log';
import type { LauncherMessage } from './config/child-messages';
import { clockProblem } from './config/clock-range';
import { readCommandLine } from './config/command-line';
import { formatProblems } from './config/problems';
import { readNodeSettings, readProcessSettings } from './config/read-settings';
import type { NodeSettings } from './config/settings';
import { createNode, type RunningNode } from './create-node';
import { LauncherChannel } from './launcher-channel';
import { leave } from './leave';
import { crashText, ProcessOutput } from './output/process-output';
import type { Signals } from './output/signals';

/** Exit code for settings that no restart can mend. */
const BAD_SETTINGS = 2;
/** The launcher tries again, and may find the clock set. */
const BAD_CLOCK = 1;
/** What a drain may take before the process leaves anyway. */
const EXIT_WITHIN_MS = 6000;

export function runNodes(signals: Signals): void {
  const output = new ProcessOutput();
  output.takeOver(leave);
  const lastWords = readCommandLine('node', process.argv.slice(2));
  if (lastWords !== null) {
    output[lastWords.to].write(lastWords.text);
    process.exit(lastWords.code);
  }
  run(signals, output).catch((error: unknown) => {
    output.errors.write(crashText(error));
    leave(1);
  });
}

async function run(signals: Signals, output: ProcessOutput): Promise<void> {
  const { indexes, beatIntervalMs } = readProcessSettings();
  const settings = readAll(indexes, output);
  const problem = clockProblem(Date.now());
  if (problem !== null) {
    output.errors.write(problem);
    process.exit(BAD_CLOCK);
  }
  const channel = new LauncherChannel();
  const logs = settings.map((each) => logOf(each, output));
  output.lines.onRecovered = ({ lines, reason, forMs }) =>
    logs[0].warn('log-lines-dropped', { lines, reason, for_ms: forMs });
  const starting = settings.map((each, at) => start(each, logs[at], channel));
  const beat = setInterval(() => channel.tell({ kind: 'beat' }), beatIntervalMs);
  let draining = false;
  const drain = async (): Promise<void> => {
    if (draining) return;
    draining = true;
    clearInterval(beat);
    setTimeout(() => leave(1), EXIT_WITHIN_MS).unref();
    const nodes = await Promise.all(starting);
    await Promise.all(nodes.map((node) => node.stop()));
    leave(0);
  };
  process.on('disconnect', () => void drain());
  // The only message a launcher sends is the order to drain.
  process.on('message', (_order: LauncherMessage) => void drain());
  signals.obey((signal) => {
    // A terminal's signals reach the whole process group; where there is a launcher, it decides
    // then.
    if (signal === 'SIGTERM' || process.send === undefined) void drain();
  });
  await Promise.all(starting);
}

function readAll(indexes: readonly number[], { errors }: ProcessOutput): NodeSettings[] {
  return indexes.map((index) => {
    const result = readNodeSettings(undefined, { index, hostId });
    for (const warning of result.warnings) errors.write(`warning: ${warning}\n`);
    if (!result.ok) {
      errors.write(formatProblems(result.problems));
      process.exit(BAD_SETTINGS);
    }
    return result.settings;
  });
}

function logOf({ logLevel, logFormat, name }: NodeSettings, { lines }: ProcessOutput): Log {
  return createLog({ level: logLevel, format: logFormat, node: name, destination: lines });
}

function start(settings: NodeSettings, log: Log, channel: LauncherChannel): Promise<RunningNode> {
  const { index, name } = settings;
  const node = createNode(settings, {
    log,
    onClaimed: (port) => {
      void node.then(({ id }) => {
        channel.tell({ kind: 'claimed', index, name, nodeId: id, port });
      });
    },
    onUnclaimed: (detail) => {
      channel.tell({ kind: 'unclaimed', index, detail });
    },
    onOthers: ({ ids, hosts }) => {
      channel.tell({ kind: 'others', index, ids, hosts });
    },
    onStateChange: ({ state, livePeers }) => {
      channel.tell({ kind: 'state', index, state, livePeers });
    },
  });
  return node;
}
