// `repram watch [PREFIX]`: what comes and what ends, a line for each.
import type { Change } from '../../client/index';
import type { Context } from '../context';
import type { Ending } from '../exit-codes';
import { encodedKey, parsePrefix, printable } from '../input/key';
import { parseWhole } from '../input/numbers';
import { connect, meaningOf } from '../network/client';
import { bytesText, placeText, secondsText } from '../output/text';
import { utf8Of } from '../output/utf8';

interface WatchOptions {
  readonly all?: boolean;
  readonly values?: boolean;
  readonly limit?: string;
  readonly encoded?: boolean;
}

const LIMIT_MAX = 1e9;

export async function watch(
  context: Context,
  [name = '']: readonly (string | undefined)[],
  options: object,
): Promise<Ending> {
  const { all = false, values = false, limit, encoded = false } = options as WatchOptions;
  const prefix = parsePrefix(name, encoded);
  let left = limit === undefined ? Infinity : parseWhole('--limit', limit, 1, LIMIT_MAX);
  const shown = encoded ? encodedKey : printable;
  const asked = {
    prefix,
    values,
    signal: context.stop,
    onConnect: (node: string) => context.note(`watching at ${placeText(node)}`),
  };
  try {
    for await (const change of connect(context).watch(all ? { ...asked, since: 'start' } : asked)) {
      if (context.isJson) await context.document(documentOf(change));
      else await context.line(printable(lineOf(change, shown)));
      left -= 1;
      if (left <= 0) break;
    }
  } catch (error) {
    throw meaningOf(error, context);
  }
  return 'done';
}

function lineOf(change: Change, shown: (key: string) => string): string {
  switch (change.type) {
    case 'put': {
      const { key, size, remainingSeconds, version, value } = change;
      const facts = `${bytesText(size)}, ${secondsText(remainingSeconds)} left, version ${version}`;
      return `put     ${shown(key)}  ${facts}${value === undefined ? '' : `  ${valueText(value)}`}`;
    }
    case 'expire':
      return `expire  ${shown(change.key)}`;
    case 'member':
      return `member  ${printable(change.name)} ${change.from === null ? 'is' : `was ${change.from} and is`} ${change.to}`;
    case 'resync':
      return `resync  something may have been missed: ${change.reason}`;
    case 'caught-up':
      return 'caught-up';
  }
}

function valueText(value: Uint8Array): string {
  const text = utf8Of(value);
  return text === null ? `base64:${Buffer.from(value).toString('base64')}` : JSON.stringify(text);
}

function documentOf(change: Change): object {
  switch (change.type) {
    case 'put': {
      const { type, key, version, size, ttlSeconds, remainingSeconds, origin, createdAt, value, position } =
        change;
      return {
        type,
        key,
        version,
        size,
        ttl_seconds: ttlSeconds,
        remaining_seconds: remainingSeconds,
        origin,
        created_at: createdAt.toISOString(),
        position,
        ...valueFields(value),
      };
    }
    case 'expire':
    case 'member':
    case 'resync':
    case 'caught-up':
      return change;
  }
}

function valueFields(value: Uint8Array | undefined): object {
  if (value === undefined) return {};
  const text = utf8Of(value);
  return text === null ? { value_base64: Buffer.from(value).toString('base64') } : { value: text };
}
