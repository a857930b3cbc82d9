// The answers to an HTTP upgrade that are written by hand: no, and yes to encryption.
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { CHANNEL_TOKEN } from './secure-channel';

/** Why no peer is let in here: what is asked for, who asks, or when. */
export interface UpgradeRefusal {
  readonly reason: 'malformed' | 'stranger' | 'other-channel' | 'leaving' | 'starting' | 'crowded';
  /** For people. It tells a stranger nothing that depends on the secret. */
  readonly detail: string;
  /** What would be spoken instead (RFC 9110, 15.5.22); empty where that is not the matter. */
  readonly spoken: string;
}

/** Says no and lets go of the socket. */
export type RefuseUpgrade = (socket: Duplex, refusal: UpgradeRefusal) => void;

const STATUS = {
  malformed: 400,
  stranger: 403,
  'other-channel': 426,
  leaving: 503,
  starting: 503,
  crowded: 503,
} as const;

export const SWITCHING_TO_CHANNEL = `HTTP/1.1 101 ${STATUS_CODES[101] ?? ''}\r\nConnection: Upgrade\r\nUpgrade: ${CHANNEL_TOKEN}\r\n\r\n`;

/** The bare status, where nobody else knows how to say it. */
export function refuseUpgrade(socket: Duplex, { reason, spoken }: UpgradeRefusal): void {
  socket.on('error', () => socket.destroy());
  const status = STATUS[reason];
  const upgrade = spoken === '' ? '' : `Upgrade: ${spoken}\r\n`;
  const answer = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${upgrade}Connection: close\r\nContent-Length: 0\r\n\r\n`;
  socket.end(answer, () => socket.destroy());
}
