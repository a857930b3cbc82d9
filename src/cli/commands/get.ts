// `repram get KEY`: the bytes of a value, and nothing beside them.
import type { StreamedValue } from '../../client/index';
import { CliError } from '../cli-error';
import type { Context } from '../context';
import type { Ending } from '../exit-codes';
import { parseSeconds } from '../input/duration';
import { commandsTerminal, parseKey, printable } from '../input/key';
import { calling, connect, meaningOf, untilLimit } from '../network/client';
import { openTarget } from '../output/file';
import { placeOf, type Place } from '../output/place';
import { createProgress } from '../output/progress';
import { bytesText, placeText } from '../output/text';
import { utf8Of } from '../output/utf8';

interface GetOptions {
  readonly output?: string;
  readonly wait?: string;
  readonly encoded?: boolean;
}

/** As long as the client waits. */
const LONGEST_WAIT = '1d';
/** Of a value that is held whole: no node takes a larger one. A file may get any number. */
const HELD_BYTES_MAX = 32 * 1024 * 1024;

export async function get(
  context: Context,
  [name = '']: readonly (string | undefined)[],
  options: object,
): Promise<Ending> {
  const { output, wait, encoded = false } = options as GetOptions;
  const key = parseKey(name, encoded);
  const waitSeconds = wait === undefined ? 0 : parseSeconds('--wait', wait, LONGEST_WAIT);
  const to = output === undefined ? null : { output, place: await placeOf(output) };
  const value = await calling(context, () =>
    connect(context).stream(key, { waitSeconds, signal: untilLimit(context, waitSeconds) }),
  );
  if (value === null) throw absent(key);
  if (context.isJson) await tell(context, key, value, to);
  else if (to === null && context.streams.isTerminal) await show(context, value);
  else await save(context, value, to ?? STANDARD_OUTPUT);
  return 'done';
}

interface To {
  /** As it was typed. */
  readonly output: string;
  readonly place: Place;
}

const STANDARD_OUTPUT: To = { output: '-', place: { kind: 'descriptor', number: 1 } };

function isStandardOutput({ place }: To): boolean {
  return place.kind === 'descriptor' && place.number === 1;
}

function absent(key: string): CliError {
  const message = `no value under ${JSON.stringify(printable(key))}: it was never stored, or its time is up`;
  return new CliError({ ending: 'absent', code: 'key-absent', message });
}

/** What strangers stored cannot command the terminal. */
async function show(context: Context, value: StreamedValue): Promise<void> {
  const bytes = await wholeOf(context, value);
  const text = utf8Of(bytes);
  if (text !== null && !commandsTerminal(text)) {
    await context.streams.write(bytes);
    return;
  }
  const message = `the value is no plain text (${bytesText(bytes.length)}), and a terminal may take it for commands`;
  const advice = '-o FILE writes it to a file, and -o - shows it as it is';
  throw new CliError({ ending: 'failed', code: 'value-not-text', message, advice });
}

async function wholeOf(context: Context, value: StreamedValue): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunksOf(context, value)) {
    bytes += chunk.length;
    if (bytes > HELD_BYTES_MAX) throw tooLarge();
    parts.push(chunk);
  }
  return Buffer.concat(parts);
}

function tooLarge(): CliError {
  const message = `the value has more than ${bytesText(HELD_BYTES_MAX)}, which no node takes`;
  const advice = '-o FILE writes whatever comes to a file';
  return new CliError({ ending: 'failed', code: 'value-too-large', message, advice });
}

async function save(context: Context, value: StreamedValue, to: To): Promise<void> {
  const target = await openTarget(context, to.place, to.output);
  const isOnScreen = isStandardOutput(to) && context.streams.isTerminal;
  const progress = createProgress(context, 'reading', isOnScreen ? 0 : value.size);
  let doneBytes = 0;
  try {
    for await (const chunk of chunksOf(context, value)) {
      await target.write(chunk);
      doneBytes += chunk.length;
      progress.at(doneBytes);
    }
    await target.finish();
  } catch (error) {
    await target.discard();
    throw error;
  } finally {
    progress.end();
  }
}

async function* chunksOf(context: Context, { stream }: StreamedValue): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw meaningOf(error, context);
      });
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** With the value in it, unless that goes into a file. */
async function tell(context: Context, key: string, value: StreamedValue, to: To | null): Promise<void> {
  const { version, createdAt, ttlSeconds, remainingSeconds, size, node } = value;
  const facts = {
    key,
    version,
    size,
    created_at: createdAt.toISOString(),
    ttl_seconds: ttlSeconds,
    remaining_seconds: remainingSeconds,
    node: placeText(node),
  };
  if (to !== null && !isStandardOutput(to)) {
    await save(context, value, to);
    await context.document({ ...facts, output: to.output });
    return;
  }
  const bytes = await wholeOf(context, value);
  const text = utf8Of(bytes);
  await context.document(
    text === null ? { ...facts, value_base64: bytes.toString('base64') } : { ...facts, value: text },
  );
}
