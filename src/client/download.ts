// A value that is read as it comes. When its node ends or hangs meanwhile, another one is asked for
// the same version, and what was handed on already is left out.
import type { Metadata } from './answers';
import { abortedBy } from './call';
import { RepramError } from './errors';
import type { Network } from './network';

/** A node that sends nothing for so long is given up; each time twice as long. */
const STALLED_MS = 1000;
const RESUMES_MAX = 5;

export interface Opened {
  readonly metadata: Metadata;
  readonly body: ReadableStream<Uint8Array> | null;
  readonly controller: AbortController;
}

export class Download {
  readonly stream: ReadableStream<Uint8Array>;
  private reader: ReadableStreamDefaultReader<Uint8Array> | null;
  private handedOn = 0;
  /** Of what this node sends first. */
  private leftOut = 0;
  private resumes = 0;
  private readonly abort = (): void => this.opened.controller.abort();

  constructor(
    private readonly network: Network,
    private opened: Opened,
    private readonly reopen: () => Promise<Opened | null>,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.reader = opened.body?.getReader() ?? null;
    signal?.addEventListener('abort', this.abort, { once: true });
    this.stream = new ReadableStream<Uint8Array>(
      {
        pull: (controller) => this.pull(controller),
        cancel: () => {
          this.finish();
          this.opened.controller.abort();
        },
      },
      { highWaterMark: 0 },
    );
  }

  private async pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    try {
      for (;;) {
        const bytes = await this.next();
        if (bytes === null) {
          this.finish();
          controller.close();
          return;
        }
        if (bytes.byteLength === 0) continue;
        this.handedOn += bytes.byteLength;
        controller.enqueue(bytes);
        return;
      }
    } catch (error) {
      this.finish();
      this.opened.controller.abort();
      controller.error(error);
    }
  }

  /** What was not handed on yet; null at the end. */
  private async next(): Promise<Uint8Array | null> {
    for (;;) {
      try {
        const bytes = await this.read();
        if (bytes === null) return null;
        const skipped = Math.min(this.leftOut, bytes.byteLength);
        this.leftOut -= skipped;
        return bytes.subarray(skipped);
      } catch (error) {
        await this.goOnElsewhere(error);
      }
    }
  }

  private async read(): Promise<Uint8Array | null> {
    if (this.reader === null) return null;
    const { controller } = this.opened;
    const stalled = setTimeout(() => controller.abort(), STALLED_MS * 2 ** this.resumes);
    try {
      const { done, value } = await this.reader.read();
      return done ? null : value;
    } finally {
      clearTimeout(stalled);
    }
  }

  private async goOnElsewhere(cause: unknown): Promise<void> {
    if (this.signal?.aborted === true) throw abortedBy(this.signal);
    const { node, version } = this.opened.metadata;
    if (this.resumes === RESUMES_MAX)
      throw new RepramError('timeout', `The value ended early ${RESUMES_MAX + 1} times.`, { node, cause });
    this.resumes += 1;
    this.network.roster.failed(node);
    const again = await this.reopen();
    if (again?.metadata.version !== version) {
      again?.controller.abort();
      const message = 'The value ended early, and this version of it is not there any more.';
      throw new RepramError('value-replaced', message, { node, cause });
    }
    this.opened = again;
    this.reader = again.body?.getReader() ?? null;
    this.leftOut = this.handedOn;
  }

  private finish(): void {
    this.signal?.removeEventListener('abort', this.abort);
  }
}
