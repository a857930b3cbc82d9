// What a test calls, in the words of Node.js.
import type { RequestOptions } from 'node:http';

/** A port on 127.0.0.1, host:port, or the path of a Unix socket that leads to one. */
export type Place = number | string;

export function targetOf(place: Place): Pick<RequestOptions, 'host' | 'port' | 'socketPath'> {
  if (typeof place === 'number') return { host: '127.0.0.1', port: place };
  const match = /^([\d.]+):(\d+)$/.exec(place);
  return match === null ? { socketPath: place } : { host: match[1], port: Number(match[2]) };
}
