// `repram put KEY [FILE]`: stores a value.
import type { Stored, WriteLevel } from '../../client/index';
import type { Context } from '../context';
import type { Ending } from '../exit-codes';
import { parseSeconds } from '../input/duration';
import { parseKey, printable } from '../input/key';
import { readValue } from '../input/value';
import { calling, connect } from '../network/client';
import { createProgress } from '../output/progress';
import { bytesText, placeText, secondsText } from '../output/text';

interface PutOptions {
  readonly ttl: string;
  readonly wait: WriteLevel;
  readonly value?: string;
  readonly encoded?: boolean;
}

export async function put(
  context: Context,
  [name = '', file]: readonly (string | undefined)[],
  options: object,
): Promise<Ending> {
  const { ttl, wait, value: text, encoded = false } = options as PutOptions;
  const key = parseKey(name, encoded);
  const ttlSeconds = parseSeconds('--ttl', ttl);
  const { source, bytes } = await readValue(context, file, text);
  const progress = createProgress(context, 'storing', bytes);
  const stored = await calling(context, () =>
    connect(context).put(key, source, {
      ttlSeconds,
      wait,
      contentLength: bytes,
      signal: context.stop,
      onProgress: ({ sentBytes }) => progress.at(sentBytes),
    }),
  ).finally(progress.end);
  await tell(context, { key, bytes, askedSeconds: ttlSeconds, stored });
  return stored.held ? 'done' : 'unconfirmed';
}

interface Outcome {
  readonly key: string;
  readonly bytes: number;
  readonly askedSeconds: number;
  readonly stored: Stored;
}

async function tell(context: Context, { key, bytes, askedSeconds, stored }: Outcome): Promise<void> {
  const { ttlSeconds, held, copies, expectedCopies, version, node } = stored;
  if (context.isJson) {
    await context.document({
      key,
      version,
      size: bytes,
      ttl_seconds: ttlSeconds,
      held,
      copies,
      expected_copies: expectedCopies,
      node: placeText(node),
    });
    return;
  }
  if (ttlSeconds !== Math.ceil(askedSeconds))
    context.note(`the node has made the time to live ${secondsText(ttlSeconds)}`);
  if (!held) context.note('stored, but not yet confirmed by as many nodes as --wait asks for');
  const where = `${copies} of ${expectedCopies} nodes`;
  await context.line(
    `${printable(key)}: ${bytesText(bytes)} for ${secondsText(ttlSeconds)}, on ${where}, version ${version}`,
  );
}
