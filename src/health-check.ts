// The image's health check: does the node on BASE_PORT call itself healthy? Reads its settings as
// the nodes do, so that whatever they understand is understood here. By plain HTTP: fetch refuses
// some ports that a node may have. Exit code 0 or 1;
// 2 for an argument.
import { get } from 'node:http';
import { loopbackOf } from './config/addresses';
import { readCommandLine } from './config/command-line';
import { readLauncherSettings } from './config/read-settings';

/** Below the timeout of the image's HEALTHCHECK. */
const LIMIT_MS = 4000;

function main(): void {
  const lastWords = readCommandLine('health-check', process.argv.slice(2));
  if (lastWords !== null) {
    (lastWords.to === 'lines' ? process.stdout : process.stderr).write(lastWords.text);
    process.exitCode = lastWords.code;
    return;
  }
  const result = readLauncherSettings();
  if (!result.ok) process.exit(1);
  const { bindAddress, basePort: port } = result.settings;
  const request = get({ host: loopbackOf(bindAddress), port, path: '/health' }, ({ statusCode }) => {
    process.exit(statusCode === 200 ? 0 : 1);
  });
  request.on('error', () => process.exit(1));
  setTimeout(() => process.exit(1), LIMIT_MS);
}

main();
