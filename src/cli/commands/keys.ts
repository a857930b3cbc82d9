// `repram keys [PREFIX]`: the keys, each in a line, as they come.
import type { Context } from '../context';
import type { Ending } from '../exit-codes';
import { encodedKey, parsePrefix, printable } from '../input/key';
import { parseWhole } from '../input/numbers';
import { connect, meaningOf } from '../network/client';

interface KeysOptions {
  readonly limit?: string;
  readonly null?: boolean;
  readonly encoded?: boolean;
}

const LIMIT_MAX = 1e9;

export async function keys(
  context: Context,
  [name = '']: readonly (string | undefined)[],
  options: object,
): Promise<Ending> {
  const { limit, null: isNull = false, encoded = false } = options as KeysOptions;
  const prefix = parsePrefix(name, encoded);
  let left = limit === undefined ? Infinity : parseWhole('--limit', limit, 1, LIMIT_MAX);
  const shown = shownBy(context, encoded);
  const end = isNull ? '\0' : '\n';
  try {
    for await (const key of connect(context).keys({ prefix, signal: context.stop })) {
      if (context.isJson) await context.document({ key });
      else await context.streams.write(`${shown(key)}${end}`);
      left -= 1;
      if (left <= 0) break;
    }
  } catch (error) {
    throw meaningOf(error, context);
  }
  return 'done';
}

/** A pipe gets the bytes of a key, a terminal what it can show. */
export function shownBy({ streams }: Context, isEncoded: boolean): (key: string) => string {
  if (isEncoded) return encodedKey;
  return streams.isTerminal ? printable : (key) => key;
}
