// The image's health check: does the node on BASE_PORT call itself healthy? Reads its settings as
// the nodes do, so that whatever they understand is understood here. By plain HTTP: fetch refuses
// some ports that a node may have. Exit code 0 or 1; 2 for an argument, and for settings that no
// node would start with. What is wrong goes to standard error, where `docker inspect` shows it.
import { get, type IncomingMessage } from 'node:http';
import { readCommandLine } from './config/command-line';
import { formatProblems } from './config/problems';
import { readHealthSettings } from './config/read-settings';
import type { HealthSettings } from './config/settings';
import { plainJson } from './output/plain-json';

/** Below the timeout of the image's HEALTHCHECK. */
const LIMIT_MS = 4000;
const BAD_SETTINGS_CODE = 2;
/** Of a body that says what is wrong; Docker keeps 4096 bytes of it all. */
const SHOWN_BYTES_MAX = 2048;

function main(): void {
  const lastWords = readCommandLine('health-check', process.argv.slice(2));
  if (lastWords !== null) {
    (lastWords.to === 'lines' ? process.stdout : process.stderr).write(lastWords.text);
    process.exitCode = lastWords.code;
    return;
  }
  const result = readHealthSettings();
  if (result.ok) return ask(result.settings);
  process.stderr.write(formatProblems(result.problems, 'REPRAM was not asked'));
  process.exitCode = BAD_SETTINGS_CODE;
}

function ask({ host, port }: HealthSettings): void {
  const place = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const fail = (sentence: string): void => {
    process.stderr.write(`REPRAM is not healthy: ${sentence}\n`, () => process.exit(1));
  };
  const limit = setTimeout(() => fail(`no whole answer from ${place} within ${LIMIT_MS} ms`), LIMIT_MS);
  const request = get({ host, port, path: '/health' }, (answer) => {
    if (answer.statusCode === 200) process.exit(0);
    void bodyOf(answer).then((body) => fail(`${place} answers ${answer.statusCode}: ${body}`));
  });
  request.on('error', (error: NodeJS.ErrnoException) => {
    clearTimeout(limit);
    fail(`no node answers at ${place} (${error.code ?? error.message})`);
  });
}

/** What came of it, in one line. */
async function bodyOf(answer: IncomingMessage): Promise<string> {
  let text = '';
  answer.setEncoding('utf8');
  try {
    for await (const part of answer as AsyncIterable<string>) {
      text += part;
      if (text.length > SHOWN_BYTES_MAX) break;
    }
  } catch {
    // Its beginning says enough.
  }
  return plainJson(text.slice(0, SHOWN_BYTES_MAX).replace(/\s+/g, ' ').trim());
}

main();
