// Values on their way to a node: whole where they are small, and in pieces where they are large, so
// that a node that takes nothing more is told from one that is busy taking.
import { shown } from './checks';
import { RepramError } from './errors';
import type { Progress, ValueSource } from './options';
import { SEALED_BYTES_MAX } from './encryption';

/** Smaller ones are handed over at once. */
const WHOLE_BYTES_MAX = 256 * 1024;
const PIECE_BYTES = 64 * 1024;
/** Nodes refuse values in crumbs. */
const GATHERED_BYTES = 16 * 1024;
/** While the caller's stream has nothing, the node is not waited for. */
const OWN_WAIT_MS = 200;
/** What a node has taken it passes on before it answers. */
const REPLICATION_MS_PER_BYTE = 1 / 10_000;

/** Bytes of a caller, as often as they are needed. */
export interface Source {
  /** Null when nobody knows. */
  readonly size: number | null;
  /** What can be handed over at once; null for a stream. */
  readonly whole: Uint8Array | Blob | null;
  readonly open: () => ReadableStream<Uint8Array>;
}

/** Browsers do not send streams over HTTP/1.1. */
export function sendsStreams(): boolean {
  return !('document' in globalThis) && !('WorkerGlobalScope' in globalThis);
}

export function sourceOf(value: ValueSource, contentLength: number | undefined): Source {
  if (typeof value === 'string') return bytesSource(encoded(value));
  if (typeof value !== 'function' && (typeof value !== 'object' || (value as unknown) === null))
    throw noValue(value);
  if (value instanceof ArrayBuffer) return bytesSource(new Uint8Array(value));
  if (isBytes(value)) return bytesSource(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  if (typeof value === 'function') return { size: contentLength ?? null, whole: null, open: value };
  if (typeof value.stream !== 'function' || typeof value.size !== 'number') throw noValue(value);
  return { size: value.size, whole: value, open: () => value.stream() as ReadableStream<Uint8Array> };
}

function noValue(value: unknown): RepramError {
  const allowed = 'text, bytes, a Blob or a function that gives a stream';
  return new RepramError('argument-invalid', `The value is ${shown(value)}; it must be ${allowed}.`);
}

/** Bytes cannot carry half a surrogate pair: another text would be stored. */
function encoded(text: string): Uint8Array {
  if (!/\p{Surrogate}/u.test(text)) return new TextEncoder().encode(text);
  throw new RepramError('argument-invalid', 'The value is not Unicode: half a surrogate pair.');
}

/** Those of another frame of a page too. */
function isBytes(value: object): value is Uint8Array {
  return ArrayBuffer.isView(value);
}

export function bytesSource(bytes: Uint8Array): Source {
  return { size: bytes.byteLength, whole: bytes, open: () => pieces(bytes) };
}

function pieces(bytes: Uint8Array): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream<Uint8Array>(
    {
      pull(controller): void {
        if (at >= bytes.byteLength) {
          controller.close();
          return;
        }
        controller.enqueue(bytes.subarray(at, at + PIECE_BYTES));
        at += PIECE_BYTES;
      },
    },
    { highWaterMark: 0 },
  );
}

/** All of it. @throws RepramError `value-too-large`, `argument-invalid` */
export async function gather({ open, whole }: Source, bytesMax = SEALED_BYTES_MAX): Promise<Uint8Array> {
  if (whole !== null && isBytes(whole)) return whole;
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = open().getReader();
  for (;;) {
    const { done, value } = await readOwn(reader);
    if (done) return joined(parts, size);
    parts.push(value);
    size += value.byteLength;
    if (size <= bytesMax) continue;
    await reader.cancel();
    throw new RepramError(
      'value-too-large',
      `A value that must be held whole has at most ${bytesMax} bytes.`,
    );
  }
}

export function joined(parts: readonly Uint8Array[], size: number): Uint8Array {
  if (parts.length === 1) return parts[0];
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  return bytes;
}

type Reader = ReadableStreamDefaultReader<Uint8Array>;

/** What goes wrong in the caller's own stream is no node's fault. */
async function readOwn(reader: Reader): Promise<Awaited<ReturnType<Reader['read']>>> {
  try {
    return await reader.read();
  } catch (cause) {
    throw new RepramError('argument-invalid', 'The stream of the value failed.', { cause });
  }
}

/** One try to send a source. */
export class Upload {
  readonly body: unknown;
  readonly headers: Record<string, string>;
  /** Why the caller's stream cannot be sent; no node is to blame. */
  failure: RepramError | null = null;
  private sentBytes = 0;
  private reader: Reader | null = null;

  constructor(
    private readonly source: Source,
    private readonly alive: (extraMs: number) => void,
    private readonly onProgress: ((progress: Progress) => void) | undefined,
  ) {
    const { size, whole } = source;
    const isSmall = size !== null && size <= WHOLE_BYTES_MAX;
    if (whole !== null && (isSmall || !sendsStreams())) {
      this.body = whole;
      this.headers = {};
      return;
    }
    this.body = this.stream();
    this.headers = size === null ? {} : { 'content-length': String(size) };
  }

  /** The node answered. */
  done(): void {
    const { size, whole } = this.source;
    if (whole !== null && this.body === whole) this.onProgress?.({ sentBytes: size ?? 0, totalBytes: size });
  }

  private stream(): ReadableStream<Uint8Array> {
    return new ReadableStream<Uint8Array>(
      {
        pull: (controller) => this.pull(controller),
        cancel: (reason) => this.reader?.cancel(reason),
      },
      { highWaterMark: 0 },
    );
  }

  private async pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    const isOurTurn = (): void => this.alive(this.sentBytes * REPLICATION_MS_PER_BYTE);
    isOurTurn();
    const waiting = setInterval(isOurTurn, OWN_WAIT_MS);
    try {
      const { bytes, isLast } = await this.read();
      this.sentBytes += bytes.byteLength;
      isOurTurn();
      if (bytes.byteLength > 0) {
        controller.enqueue(bytes);
        this.onProgress?.({ sentBytes: this.sentBytes, totalBytes: this.source.size });
      }
      if (isLast) {
        this.checkSize();
        controller.close();
      }
    } catch (error) {
      this.failure = error instanceof RepramError ? error : ownFault(error);
      controller.error(error);
    } finally {
      clearInterval(waiting);
    }
  }

  private async read(): Promise<{ bytes: Uint8Array; isLast: boolean }> {
    this.reader ??= this.source.open().getReader();
    const parts: Uint8Array[] = [];
    let size = 0;
    while (size < GATHERED_BYTES) {
      const { done, value } = await readOwn(this.reader);
      if (done) return { bytes: joined(parts, size), isLast: true };
      parts.push(value);
      size += value.byteLength;
    }
    return { bytes: joined(parts, size), isLast: false };
  }

  private checkSize(): void {
    const { size } = this.source;
    if (size === null || size === this.sentBytes) return;
    const message = `contentLength is ${size}, and the stream has ${this.sentBytes} bytes.`;
    throw new RepramError('argument-invalid', message);
  }
}

function ownFault(cause: unknown): RepramError {
  return new RepramError('argument-invalid', 'The value cannot be sent.', { cause });
}
