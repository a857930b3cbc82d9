// The core's notifications as log lines: one per transition, fields with units in their names.
import type { Log } from '../adapters/log';
import { endpointKey } from '../core/base/identity';
import type { Notification } from '../core/base/effects';

const WARNINGS: ReadonlySet<Notification['kind']> = new Set<Notification['kind']>([
  'member-suspect',
  'member-dead',
  'quorum-missed',
  'peer-lagging',
  'clock-offset',
  'clock-beyond-stamps',
  'version-refused',
  'storage-full',
  'frame-invalid',
  'was-paused',
]);

export function logNotification(log: Log, notification: Notification): void {
  const { kind, ...facts } = notification;
  const fields: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(facts)) {
    const isEndpoint = name === 'endpoint' && 'endpoint' in notification;
    fields[snakeCase(name)] = isEndpoint ? endpointKey(notification.endpoint) : value;
  }
  if (WARNINGS.has(kind)) log.warn(kind, fields);
  else log.info(kind, fields);
}

function snakeCase(name: string): string {
  const renamed: Record<string, string> = { id: 'peer_id', name: 'peer_name' };
  return renamed[name] ?? name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
