// Messages of the protocol, one in each line of standard input and output. A line that is too long
// is left out and answered, and the ones behind it are read.
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';

/** Twice the largest value that a node takes: text grows when it is written as JSON. */
const LINE_BYTES_MAX = 64 * 1024 * 1024;
/** Of a line that is left out, from its beginning and from its end: one of them has its id. */
const KEPT_BYTES = 4096;
const NEW_LINE = 0x0a;
/** Of JSON-RPC. */
const INVALID_REQUEST = -32_600;
const INVALID_PARAMS = -32_602;
const ID = String.raw`"id"\s*:\s*(\d{1,15}|"(?:[^"\\]|\\.){0,200}")`;
const ID_IN_FRONT = new RegExp(String.raw`^\s*\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?${ID}`);
const ID_AT_END = new RegExp(String.raw`[}\]"]\s*,\s*${ID}\s*(?:,\s*"jsonrpc"\s*:\s*"2\.0"\s*)?\}\s*$`);

type Id = string | number;

interface Fault {
  readonly code: number;
  readonly message: string;
}

/** Why it is no message of JSON-RPC 2.0, as the protocol has them; null when it is one. */
function faultOf(message: unknown): Fault | null {
  const invalid = (sentence: string): Fault => ({ code: INVALID_REQUEST, message: sentence });
  if (!isObject(message)) return invalid('it is no object: each message stands alone');
  const { jsonrpc, method, params, id } = message;
  if (jsonrpc !== '2.0') return invalid('"jsonrpc" is not "2.0"');
  if (method === undefined && id !== undefined && ('result' in message || 'error' in message)) return null;
  if (typeof method !== 'string') return invalid('"method" is no text');
  if (id !== undefined && typeof id !== 'string' && typeof id !== 'number')
    return invalid('"id" is no text and no number');
  if (params === undefined || isObject(params)) return null;
  return { code: INVALID_PARAMS, message: '"params" is no object' };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export class LineTransport {
  /** Set by the SDK. */
  onmessage?: (message: unknown) => void;
  onerror?: (error: Error) => void;
  onclose?: () => void;
  private parts: Buffer[] = [];
  private bytes = 0;
  private tail = Buffer.alloc(0);

  /** @param note a sentence for people */
  constructor(
    private readonly input: Readable,
    private readonly output: Writable,
    private readonly note: (sentence: string) => void,
  ) {}

  start(): Promise<void> {
    this.input.on('data', this.take);
    return Promise.resolve();
  }

  async send(message: unknown): Promise<void> {
    if (!this.output.write(`${JSON.stringify(message)}\n`)) await once(this.output, 'drain');
  }

  close(): Promise<void> {
    this.input.off('data', this.take);
    this.input.pause();
    this.onclose?.();
    return Promise.resolve();
  }

  private readonly take = (chunk: Buffer): void => {
    let from = 0;
    for (let end = chunk.indexOf(NEW_LINE); end >= 0; end = chunk.indexOf(NEW_LINE, from)) {
      this.keep(chunk.subarray(from, end));
      this.endLine();
      from = end + 1;
    }
    this.keep(chunk.subarray(from));
  };

  private keep(part: Buffer): void {
    this.bytes += part.length;
    this.tail = Buffer.concat([this.tail, part.subarray(-KEPT_BYTES)]).subarray(-KEPT_BYTES);
    if (this.bytes <= LINE_BYTES_MAX) this.parts.push(part);
    else if (this.parts.length > 1)
      this.parts = [Buffer.from(Buffer.concat(this.parts).subarray(0, KEPT_BYTES))];
  }

  private endLine(): void {
    const { parts, bytes, tail } = this;
    this.parts = [];
    this.bytes = 0;
    this.tail = Buffer.alloc(0);
    if (bytes > LINE_BYTES_MAX)
      this.refuse(bytes, Buffer.concat(parts).toString('latin1', 0, KEPT_BYTES), tail.toString('latin1'));
    else this.read(Buffer.concat(parts).toString().trim());
  }

  private read(line: string): void {
    if (line === '') return;
    try {
      const message: unknown = JSON.parse(line);
      const fault = faultOf(message);
      if (fault === null) this.onmessage?.(message);
      else this.answerFault(message, fault);
    } catch (error) {
      this.note(
        `a message of the host cannot be read: ${error instanceof Error ? error.message : 'no JSON'}`,
      );
    }
  }

  /** The SDK would drop it without a word, also where the host waits for the answer. */
  private answerFault(message: unknown, { code, message: sentence }: Fault): void {
    this.note(`a message of the host cannot be read: ${sentence}`);
    const { id } = (message ?? {}) as { readonly id?: unknown };
    if (typeof id !== 'string' && typeof id !== 'number') return;
    void this.send({ jsonrpc: '2.0', id, error: { code, message: sentence } });
  }

  private refuse(bytes: number, head: string, tail: string): void {
    const message = `The message has ${bytes} bytes; it may have ${LINE_BYTES_MAX}.`;
    this.note(message);
    const id = (ID_AT_END.exec(tail) ?? ID_IN_FRONT.exec(head))?.[1];
    if (id === undefined) return;
    const error = { code: INVALID_REQUEST, message, data: { error: 'value-too-large' } };
    void this.send({ jsonrpc: '2.0', id: JSON.parse(id) as Id, error });
  }
}
