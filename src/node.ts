// Entry of one node process: settings -> createNode -> claim a port -> run. Hosts one node, or all of them with
// REPRAM_ISOLATION=none. SIGTERM, the launcher's order and the loss of the launcher mean the same: drain and exit 0.
import { hostId } from './adapters/host-id';
import type { ChildMessage, LauncherMessage } from './config/child-messages';
import { formatProblems } from './config/problems';
import { readNodeSettings, readProcessSettings } from './config/read-settings';
import type { NodeSettings } from './config/settings';
import { createNode, type RunningNode } from './create-node';

/** Exit code for settings that no restart can mend. */
const BAD_SETTINGS = 2;
/** What a drain may take before the process leaves anyway. */
const EXIT_WITHIN_MS = 6000;

function readAll(indexes: readonly number[]): NodeSettings[] {
  const found: NodeSettings[] = [];
  for (const index of indexes) {
    const result = readNodeSettings(undefined, { index, hostId });
    if (!result.ok) {
      process.stderr.write(formatProblems(result.problems));
      process.exit(BAD_SETTINGS);
    }
    for (const warning of result.warnings) process.stderr.write(`warning: ${warning}\n`);
    found.push(result.settings);
  }
  return found;
}

function tellLauncher(message: ChildMessage): void {
  if (process.connected) process.send?.(message);
}

function start(settings: NodeSettings): Promise<RunningNode> {
  const { index, name } = settings;
  const node = createNode(settings, {
    onClaimed: (port) => {
      void node.then(({ id }) => {
        tellLauncher({ kind: 'claimed', index, name, nodeId: id, port });
      });
    },
    onUnclaimed: (detail) => {
      tellLauncher({ kind: 'unclaimed', index, detail });
    },
    onStateChange: ({ state, livePeers }) => {
      tellLauncher({ kind: 'state', index, state, livePeers });
    },
  });
  return node;
}

async function main(): Promise<void> {
  const { indexes, beatIntervalMs } = readProcessSettings();
  const starting = readAll(indexes).map(start);
  const beat = setInterval(() => {
    tellLauncher({ kind: 'beat' });
  }, beatIntervalMs);
  let draining = false;
  const drain = async (): Promise<void> => {
    if (draining) return;
    draining = true;
    clearInterval(beat);
    setTimeout(() => process.exit(1), EXIT_WITHIN_MS).unref();
    const nodes = await Promise.all(starting);
    await Promise.all(nodes.map((node) => node.stop()));
    process.exit(0);
  };
  process.on('SIGTERM', () => void drain());
  process.on('disconnect', () => void drain());
  // The only message a launcher sends is the order to drain.
  process.on('message', (_order: LauncherMessage) => void drain());
  process.on('SIGHUP', () => void drain());
  // Under a launcher Ctrl-C reaches the whole process group; the launcher decides then.
  process.on('SIGINT', () => {
    if (process.send === undefined) void drain();
  });
  await Promise.all(starting);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
