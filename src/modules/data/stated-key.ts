// X-Repram-Key: the key as its client means it. Some proxies change paths on the way, so that
// `a//b` or `x/../y` names another key here, and nothing else would show that.
import type { IncomingHttpHeaders } from 'node:http';
import { readKey, type KeyReading } from './data-key';

/** The key of the path; `altered` where the client says that it means another one. */
export function readStatedKey(
  encodedKey: string,
  { 'x-repram-key': stated }: IncomingHttpHeaders,
  keyBytesMax: number,
): KeyReading {
  const key = readKey(encodedKey, keyBytesMax);
  if (stated === undefined || key.kind !== 'key') return key;
  const meant = readKey(String(stated), keyBytesMax);
  const isSame = meant.kind === 'key' && Buffer.compare(meant.bytes, key.bytes) === 0;
  return isSame ? key : { kind: 'altered', stated: String(stated) };
}
