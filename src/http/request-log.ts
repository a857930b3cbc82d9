// Lines of the log for single requests, at the levels `debug` and `trace`. A node with another
// level listens to nothing here, so its requests pay nothing. Values are never logged, and of the
// headers only who a proxy says that it speaks for: others may hold what is secret.
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Log } from '../adapters/log';
import type { NodeSettings } from '../config/settings';
import type { AnswerTarget } from './answer';
import type { RequestHead } from './exchange';
import { PlainResponse } from './plain/plain-response';
import type { ProblemCode } from './problem-codes';
import type { ProblemCounts } from './problem-counts';
import { sentTarget, splitDataTarget } from './request-target';

/** Of a path, of a query and of what a proxy says. A key is shown whole. */
const SHOWN_CHARACTERS_MAX = 1024;
const DATA_TARGET = /^(\/v1)?\/data\/[^?]/;

export type RequestNote = (request: RequestHead, response: AnswerTarget) => void;

/** Null where the level of the log leaves such lines out. */
export function requestNote({ logLevel }: Pick<NodeSettings, 'logLevel'>, log: Log): RequestNote | null {
  if (logLevel !== 'debug' && logLevel !== 'trace') return null;
  return (request, response) => {
    const startMs = performance.now();
    const facts = factsOf(request);
    log.trace('request-arrived', facts);
    const statusOf = watchStatus(response);
    response.once('close', () => {
      const durationMs = Math.round((performance.now() - startMs) * 100) / 100;
      log.debug('request-answered', { ...facts, status: statusOf(), duration_ms: durationMs });
    });
  };
}

/** To be called when all else listens for requests of `server`. */
export function noteRequests(server: Server, note: RequestNote, log: Log, problems: ProblemCounts): void {
  server.prependListener('request', note);
  problems.onBare = (socket: Socket, code: ProblemCode, detail: string) => {
    log.debug('request-broken', { client: socket.remoteAddress, code, detail });
  };
}

function factsOf(request: RequestHead): object {
  const target = sentTarget(request);
  const question = target.indexOf('?');
  const path = question === -1 ? target : target.slice(0, question);
  const query = question === -1 ? '' : target.slice(question + 1);
  const forwardedFor = request.headers['x-forwarded-for'];
  return {
    method: request.method,
    ...routeOf(path),
    ...(query === '' ? {} : { query: shortened(query) }),
    client: request.socket.remoteAddress,
    ...(forwardedFor === undefined ? {} : { forwarded_for: shortened(String(forwardedFor)) }),
  };
}

function routeOf(path: string): object {
  const data = DATA_TARGET.exec(path);
  if (data === null) return { route: shortened(path) };
  const [, version = ''] = data as unknown as [string, string?];
  return { route: `${version}/data/{key}`, key: decoded(splitDataTarget(path).encodedKey) };
}

/** As it was sent, where it is no text. */
function decoded(encodedKey: string): string {
  try {
    return decodeURIComponent(encodedKey);
  } catch {
    return shortened(encodedKey);
  }
}

/** What it was answered with, once that is known; null where its connection ended before. */
function watchStatus(response: AnswerTarget): () => number | null {
  if (!(response instanceof PlainResponse)) return () => (response.headersSent ? response.statusCode : null);
  let status: number | null = null;
  const send = response.send.bind(response);
  response.send = (answer) => {
    ({ status } = answer);
    send(answer);
  };
  return () => status;
}

function shortened(text: string): string {
  return text.length > SHOWN_CHARACTERS_MAX ? `${text.slice(0, SHOWN_CHARACTERS_MAX - 3)}...` : text;
}
