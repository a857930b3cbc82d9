// Reads of one key: what is under it, about it, and waiting for it.
import type { Metadata, StreamedValue, Value } from './answers';
import type { CallLimits, Elsewhere, Outcome, Try } from './call';
import { Download, type Opened } from './download';
import { judge, notOurs } from './judgement';
import { keyHeaders, keyPath, keyText } from './keys';
import type { Network } from './network';
import type { CallOptions, GetOptions, Key } from './options';
import { pause } from './pause';
import { PULSE_MS } from './pulse';
import { readBytes, readMetadata, valueOf } from './reading';
import { RepramError } from './errors';
import type { Settings } from './settings';
import { bytesSource } from './upload';
import { isVersion, newerOf, type OwnWrites } from './versions';

/** The longest time that a node waits. */
const WAIT_SECONDS_MAX = 25;
/** Who says sooner that a key is absent did not wait, and is not asked again before. */
const ASKED_EVERY_MS = 1000;

type Take<T> = (response: Response, metadata: Metadata, it: Try) => Promise<T | Declined> | T;

/** An answer that is not taken. */
class Declined {
  constructor(readonly outcome: Elsewhere) {}
}

interface Whole {
  readonly metadata: Metadata;
  readonly bytes: Uint8Array;
}

interface Asked {
  readonly name: string;
  readonly method: 'GET' | 'HEAD';
  readonly minVersion: string | undefined;
  readonly waitSeconds: number;
}

export class Reads {
  constructor(
    private readonly network: Network,
    private readonly own: OwnWrites,
    private readonly settings: Pick<Settings, 'encryption' | 'valueBytesMax'>,
  ) {}

  async get(key: Key, options: GetOptions): Promise<Value | null> {
    const name = keyText(key);
    const { encryption } = this.settings;
    const take: Take<Whole> = (response, metadata, it) => this.whole(response, metadata, it);
    const found = await this.read(asked(name, 'GET', options), options, take);
    if (found === null) return null;
    const { metadata, bytes } = found;
    return valueOf(metadata, encryption === null ? bytes : await encryption.open(name, bytes));
  }

  /** Whatever listens at an address may send without end. */
  private async whole(response: Response, metadata: Metadata, it: Try): Promise<Whole | Declined> {
    const { valueBytesMax } = this.settings;
    const isSaid = metadata.size > valueBytesMax;
    if (isSaid) await response.body?.cancel();
    const bytes = isSaid ? null : await readBytes(response, valueBytesMax, it);
    return bytes === null ? new Declined(tooLarge(it.node, valueBytesMax, isSaid)) : { metadata, bytes };
  }

  head(key: Key, options: GetOptions): Promise<Metadata | null> {
    return this.read(asked(keyText(key), 'HEAD', options), options, (_, metadata) => metadata);
  }

  async stream(key: Key, options: GetOptions): Promise<StreamedValue | null> {
    if (this.settings.encryption !== null) return inPieces(await this.get(key, options));
    const { signal } = options;
    const question = asked(keyText(key), 'GET', options);
    const opened = await this.open(question, options);
    if (opened === null) return null;
    const { version } = opened.metadata;
    const again: Asked = { ...question, minVersion: version, waitSeconds: 0 };
    const reopen = (): Promise<Opened | null> => this.open(again, options);
    return { ...opened.metadata, stream: new Download(this.network, opened, reopen, signal).stream };
  }

  private open(question: Asked, options: GetOptions): Promise<Opened | null> {
    return this.read(question, options, (response, metadata, { controller }) => ({
      metadata,
      body: response.body,
      controller,
    }));
  }

  /** Waits longer than a node does by asking again. */
  private async read<T extends object>(
    question: Asked,
    options: CallOptions,
    take: Take<T>,
  ): Promise<T | null> {
    const untilMs = performance.now() + question.waitSeconds * 1000;
    const limits = this.network.limitsFor(options);
    for (;;) {
      const askedAtMs = performance.now();
      const leftMs = Math.max(0, untilMs - askedAtMs);
      const waitMs = Math.min(WAIT_SECONDS_MAX * 1000, leftMs);
      const found = await this.once(
        { ...question, waitSeconds: waitMs / 1000 },
        limits,
        options.signal,
        take,
      );
      if (found !== null || waitMs === leftMs) return found;
      await pause(askedAtMs + ASKED_EVERY_MS - performance.now(), options.signal);
    }
  }

  private async once<T extends object>(
    question: Asked,
    limits: CallLimits,
    signal: AbortSignal | undefined,
    take: Take<T>,
  ): Promise<T | null> {
    const { name, waitSeconds } = question;
    const own = this.own.versionOf(name);
    const minVersion = newerOf(question.minVersion ?? null, own);
    const headers = keyHeaders(name);
    if (minVersion !== null) headers['x-repram-min-version'] = minVersion;
    const untilMs = performance.now() + waitSeconds * 1000;
    const path = keyPath(name);
    const attempt = async (it: Try): Promise<Outcome<T | null>> => {
      const leftSeconds = Math.max(0, untilMs - performance.now()) / 1000;
      const wait = leftSeconds === 0 ? '' : `?wait=${leftSeconds.toFixed(3)}`;
      const alive = (isThere: boolean): void => (isThere ? it.alive() : undefined);
      const stop = wait === '' ? null : this.network.pulse.follow(it.node, alive);
      try {
        const request = { method: question.method, path: path + wait, headers };
        const response = await this.network.ask(it, request);
        if (!isUnclear(response, question.method, it.node)) return await taken(response, it, take);
        const explained = await this.network.ask(it, { ...request, method: 'GET' });
        return await taken(explained, it, async (found, metadata) => {
          await found.body?.cancel();
          return take(found, metadata, it);
        });
      } finally {
        stop?.();
      }
    };
    const found = await this.network.call(attempt, waiting(limits, waitSeconds), signal);
    if (found === null && own !== null && waitSeconds === 0) this.own.forget(name);
    return found;
  }
}

/**
 * An answer without a body does not tell a key that is absent from a path that is not served. The
 * latter may be only where nodes were given with a path.
 */
function isUnclear({ status }: Response, method: Asked['method'], node: string): boolean {
  return method === 'HEAD' && status === 404 && new URL(node).pathname !== '/';
}

async function taken<T>(response: Response, it: Try, take: Take<T>): Promise<Outcome<T | null>> {
  if (response.status === 200) {
    const metadata = readMetadata(response, it.node);
    if (metadata !== null) {
      const value = await take(response, metadata, it);
      return value instanceof Declined ? value.outcome : { kind: 'done', value };
    }
    await response.body?.cancel();
    return notOurs(response, it.node);
  }
  const verdict = await judge(response, it.node);
  const isAbsent = verdict.error.code === 'key-absent';
  return isAbsent ? { kind: 'done', value: null } : verdict;
}

/** Each node is asked once. One that did not say it before is no good node. */
function tooLarge(node: string, bytesMax: number, isSaid: boolean): Elsewhere {
  const message = `The value at ${node} has more than the ${bytesMax} bytes of valueBytesMax.`;
  const error = new RepramError('value-too-large', message, { status: 200, node });
  return { kind: 'elsewhere', error, againMs: null, isWell: isSaid };
}

/** A node that waits is silent, but for its pulse. */
function waiting(limits: CallLimits, waitSeconds: number): CallLimits {
  if (waitSeconds === 0) return limits;
  return {
    ...limits,
    timeoutMs: limits.timeoutMs + waitSeconds * 1000,
    hedgeMs: limits.hedgeMs + PULSE_MS,
    silenceMs: limits.silenceMs + PULSE_MS,
  };
}

function asked(name: string, method: Asked['method'], { minVersion, waitSeconds = 0 }: GetOptions): Asked {
  if (minVersion !== undefined && !isVersion(minVersion))
    throw new RepramError('argument-invalid', `minVersion is no version: ${JSON.stringify(minVersion)}.`);
  if (!(waitSeconds >= 0 && waitSeconds <= 86_400))
    throw new RepramError('argument-invalid', `waitSeconds is ${waitSeconds}; it must be 0 to 86400.`);
  return { name, method, minVersion, waitSeconds };
}

function inPieces(value: Value | null): StreamedValue | null {
  if (value === null) return null;
  const { bytes, version, createdAt, ttlSeconds, remainingSeconds, size, node } = value;
  const stream = bytesSource(bytes).open();
  return { version, createdAt, ttlSeconds, remainingSeconds, size, node, stream };
}
