// Values as nodes answer with them.
import type { Metadata, Value } from './answers';
import type { Try } from './call';
import { joined } from './upload';
import { isVersion } from './versions';

/** Null when the answer is not one of a node. */
export function readMetadata({ headers }: Response, node: string): Metadata | null {
  const version = headers.get('x-repram-version');
  const createdAt = new Date(headers.get('x-created-at') ?? '');
  if (!isVersion(version) || Number.isNaN(createdAt.getTime())) return null;
  return {
    version,
    createdAt,
    ttlSeconds: Number(headers.get('x-original-ttl')),
    remainingSeconds: Number(headers.get('x-remaining-ttl')),
    size: Number(headers.get('content-length') ?? 0),
    node,
  };
}

/** Reads to the end; null when it has more bytes than that. The rest is not read then. */
export async function readBytes(
  response: Response,
  bytesMax: number,
  { alive }: Try,
): Promise<Uint8Array | null> {
  const body = response.body as ReadableStream<Uint8Array> | null;
  if (body === null) return new Uint8Array(0);
  const reader = body.getReader();
  const parts: Uint8Array[] = [];
  let got = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return joined(parts, got);
    alive();
    got += value.byteLength;
    if (got > bytesMax) {
      await reader.cancel();
      return null;
    }
    parts.push(value);
  }
}

export function valueOf(metadata: Metadata, bytes: Uint8Array): Value {
  const text = (): string => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  return { ...metadata, bytes, text, json: () => JSON.parse(text()) as unknown };
}
