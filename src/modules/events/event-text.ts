// Events as text (WHATWG HTML, 9.2, Server-sent events). Each is a type, where it has one an id, and
// one line of JSON.
import { isUtf8 } from 'node:buffer';
import type { EngineChange, PutChange, ResyncReason } from '../../runtime/data-engine';
import type { MemberChange, MemberReport } from '../../runtime/node-view';
import { formatVersion, stampedAtMs } from '../../runtime/version-text';

/** Bytes of the longest value that an event brings. */
export const EVENT_VALUE_BYTES_MAX = 4096;

/** Why a stream ends before its client ends it. */
export type EndReason = 'draining' | 'slow-reader' | 'syncing';

/** How long a browser waits before it comes back, milliseconds. */
const RETRY_MS = 1000;

/** The beginning of a stream. */
export function beginning(position: string | null): string {
  return `retry: ${RETRY_MS}\n${idLine(position)}\n`;
}

/** Keeps a quiet connection open, and moves the position on. */
export function heartbeat(position: string | null): string {
  return `:\n${idLine(position)}\n`;
}

export function idLine(position: string | null): string {
  return position === null ? '' : `id: ${position}\n`;
}

export function eventText(type: string, data: object, position: string | null = null): string {
  return `event: ${type}\n${idLine(position)}data: ${JSON.stringify(data)}\n\n`;
}

export function changeText(
  change: EngineChange,
  withValues: boolean,
  remainingMs: (change: PutChange) => number,
): string {
  const { key } = change;
  const version = formatVersion(change.version);
  if (change.kind === 'expire') return eventText('expire', { key, version });
  const { origin } = change.version;
  return eventText('put', {
    key,
    version,
    ttl_seconds: change.ttlMs / 1000,
    remaining_seconds: Math.round(remainingMs(change)) / 1000,
    size: change.valueBytes,
    origin,
    created_at: new Date(stampedAtMs(change.version)).toISOString(),
    ...(withValues ? valueFields(change.value) : {}),
  });
}

/** Text where it is text, else base64. */
function valueFields(value: Uint8Array | null): object {
  if (value === null || value.byteLength > EVENT_VALUE_BYTES_MAX) return {};
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return isUtf8(bytes) ? { value: bytes.toString('utf8') } : { value_base64: bytes.toString('base64') };
}

export function memberText({ id, name, from, to, reason }: MemberChange): string {
  return eventText('member', { id, name, from, to, reason });
}

export function resyncText(reason: ResyncReason, position: string | null): string {
  return eventText('resync', { reason }, position);
}

export function caughtUpText(position: string | null): string {
  return eventText('caught-up', {}, position);
}

/** Peers that a client may go on with. */
const PEERS_TOLD_MAX = 16;

export function endText(reason: EndReason, peers: readonly MemberReport[]): string {
  const alive = peers.filter(({ state }) => state === 'alive').slice(0, PEERS_TOLD_MAX);
  return eventText('end', {
    reason,
    peers: alive.map(({ name, address, port }) => ({ name, address, port })),
  });
}
