// Writes. A write may be tried again anywhere, because the same bytes under the same key are the
// same value, whatever version each try gives them.
import type { Stored } from './answers';
import { endsWithin, PROBLEM_BYTES_MAX } from './bounded';
import type { CallLimits, Outcome, Try } from './call';
import type { Encryption } from './encryption';
import { RepramError } from './errors';
import { judge, notOurs } from './judgement';
import { keyHeaders, keyPath, keyText, queryText } from './keys';
import type { Network } from './network';
import type { Key, PutOptions, ValueSource, WriteLevel } from './options';
import { bytesSource, gather, sendsStreams, type Source, sourceOf, Upload } from './upload';
import { isVersion, type OwnWrites } from './versions';

const LEVELS: Readonly<Record<WriteLevel, string>> = { one: '1', quorum: 'quorum', all: 'all' };
/** A node that finds this try when the client has given it up leaves it. */
const ATTENDED = { 'x-repram-connected': 'required' };
/** Where a value goes out as a whole, nobody sees it go: it may take so long for each megabyte. */
const UNSEEN_MS_PER_BYTE = 1 / 1000;

interface Place {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

export class Writes {
  constructor(
    private readonly network: Network,
    private readonly own: OwnWrites,
    private readonly encryption: Encryption | null,
  ) {}

  async put(key: Key, value: ValueSource, options: PutOptions): Promise<Stored> {
    const name = keyText(key);
    const path = `${keyPath(name)}${queryText({ ttl: ttlText(options.ttlSeconds), w: levelText(options.wait) })}`;
    const source = await this.prepared(name, sourceOf(value, options.contentLength));
    const attempt = (it: Try): Promise<Outcome<Stored>> =>
      this.attempt({ path, headers: keyHeaders(name) }, source, options, it);
    const limits = patient(this.network.limitsFor(options), source);
    const stored = await this.network.call(attempt, limits, options.signal);
    this.own.note(name, stored.version, stored.ttlSeconds);
    return stored;
  }

  /** What is encrypted is held whole, and so is what a browser cannot send as a stream. */
  private async prepared(name: string, source: Source): Promise<Source> {
    if (this.encryption !== null) return bytesSource(await this.encryption.seal(name, await gather(source)));
    return source.whole === null && !sendsStreams() ? bytesSource(await gather(source)) : source;
  }

  private async attempt(
    { path, headers: stated }: Place,
    source: Source,
    { onProgress }: PutOptions,
    it: Try,
  ): Promise<Outcome<Stored>> {
    const upload = new Upload(source, it.alive, onProgress);
    const { body } = upload;
    const headers = { ...upload.headers, ...ATTENDED, ...stated };
    try {
      const response = await this.network.ask(it, { method: 'PUT', path, headers, body });
      if (!response.ok) return await judge(response, it.node);
      const isShort = await endsWithin(response, PROBLEM_BYTES_MAX);
      const stored = readStored(response, it.node);
      if (stored === null || !isShort) return notOurs(response, it.node);
      upload.done();
      return { kind: 'done', value: stored };
    } catch (error) {
      throw upload.failure ?? error;
    }
  }
}

function readStored({ status, headers }: Response, node: string): Stored | null {
  const version = headers.get('x-repram-version');
  if (!isVersion(version) || (status !== 201 && status !== 202)) return null;
  const [copies, expectedCopies] = share(headers.get('x-repram-acks'));
  const [hosts, expectedHosts] = share(headers.get('x-repram-ack-hosts'));
  const ttlSeconds = Number(headers.get('x-ttl'));
  return { version, held: status === 201, copies, expectedCopies, hosts, expectedHosts, ttlSeconds, node };
}

/** `2/3`. */
function share(text: string | null): readonly [number, number] {
  const [have = 1, want = 1] = (text ?? '').split('/').map(Number);
  return [have, want];
}

function patient(limits: CallLimits, { size, whole }: Source): CallLimits {
  const isUnseen = whole !== null && size !== null && !sendsStreams();
  const extraMs = isUnseen ? size * UNSEEN_MS_PER_BYTE : 0;
  return { ...limits, hedgeMs: limits.hedgeMs + extraMs, silenceMs: limits.silenceMs + extraMs };
}

function ttlText(ttlSeconds: number | undefined): string | undefined {
  if (ttlSeconds === undefined) return undefined;
  if (ttlSeconds > 0 && ttlSeconds <= Number.MAX_SAFE_INTEGER) return String(Math.ceil(ttlSeconds));
  throw new RepramError(
    'argument-invalid',
    `ttlSeconds is ${ttlSeconds}; it must be above 0, and at most ${Number.MAX_SAFE_INTEGER}.`,
  );
}

function levelText(wait: WriteLevel = 'quorum'): string | undefined {
  if (!Object.hasOwn(LEVELS, wait))
    throw new RepramError(
      'argument-invalid',
      `wait is ${JSON.stringify(wait)}; it must be one, quorum or all.`,
    );
  return wait === 'quorum' ? undefined : LEVELS[wait];
}
