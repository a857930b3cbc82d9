// Recognizes plain requests: a few lines in the form that HTTP clients write them, whole in one
// piece of what a connection sends, with nothing behind them. This is no parser of HTTP. It takes
// what can be read in one way only. Whatever it does not recognize is left to Node.js's parser,
// which is given the same bytes (./plain-lane.ts).
import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import type { RequestHead } from '../exchange';

/** A longer head is left to the parser. */
const HEAD_BYTES_MAX = 2048;
/** Browsers send twenty or so. */
const FIELDS_MAX = 40;

const LINE_END = '\r\n';
const HEAD_END = '\r\n\r\n';
/** Characters that stand for themselves in a path and in a query (RFC 3986, 3.3 and 3.4), and %. */
const REQUEST_LINE = /^(GET|HEAD|PUT) (\/[-\w.~%!$&'()*+,;=:@/?]*) HTTP\/1\.1$/;
/** A name, a colon, at most one space, and printable ASCII with no space at its ends. */
const FIELD = /([-A-Za-z0-9]+): ?([!-~](?:[ -~]*[!-~])?)\r\n/y;
const LENGTH = /^(?:0|[1-9]\d{0,6})$/;
const PLAIN_TARGET = /^\/(?:v1\/)?data\//;

/**
 * They change how a request is framed, what its connection is, or whether it has to wait; or they
 * are a list where others are a text.
 */
const NEVER_PLAIN: ReadonlySet<string> = new Set([
  'expect',
  'http2-settings',
  'proxy-connection',
  'set-cookie',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
/** These requests are answered in ways that need Node.js's own objects. */
const UNCOMMON: ReadonlySet<string> = new Set(['if-match', 'if-none-match', 'x-repram-connected']);

interface Fields {
  readonly headers: IncomingHttpHeaders;
  readonly raw: string[];
  /** Null without Content-Length. */
  readonly bodyBytes: number | null;
  readonly isCommon: boolean;
}

/** A request in one piece. Nothing of it is missing, and nothing follows it. */
export class PlainRequest implements RequestHead {
  readonly httpVersion = '1.1';
  readonly httpVersionMajor = 1;
  readonly httpVersionMinor = 1;
  readonly complete = true;

  constructor(
    readonly method: string,
    readonly url: string,
    private readonly fields: Fields,
    readonly body: Buffer,
    readonly socket: Socket,
  ) {}

  get headers(): IncomingHttpHeaders {
    return this.fields.headers;
  }

  get rawHeaders(): string[] {
    return this.fields.raw;
  }

  /** It reads or writes a value, and asks for nothing special. */
  get isCommon(): boolean {
    if (!this.fields.isCommon || !PLAIN_TARGET.test(this.url)) return false;
    return this.method === 'PUT' || (this.method === 'GET' && !this.url.includes('?'));
  }
}

/** Reads the requests of one connection. */
export class PlainReader {
  /** Clients send the same fields again and again. */
  private block = '';
  private fields: Fields | null = null;

  constructor(private readonly socket: Socket) {}

  /** Null for whatever else it is. */
  read(piece: Buffer): PlainRequest | null {
    const text = piece.toString('latin1', 0, HEAD_BYTES_MAX);
    const headEnd = text.indexOf(HEAD_END);
    if (headEnd === -1) return null;
    const lineEnd = text.indexOf(LINE_END);
    const line = REQUEST_LINE.exec(text.slice(0, lineEnd));
    if (line === null) return null;
    const fields = this.fieldsOf(text.slice(lineEnd + LINE_END.length, headEnd + LINE_END.length));
    if (fields === null) return null;
    const [, method, url] = line;
    const bodyStart = headEnd + HEAD_END.length;
    if (fields.bodyBytes !== (method === 'PUT' ? piece.length - bodyStart : null)) return null;
    if (method !== 'PUT' && piece.length !== bodyStart) return null;
    return new PlainRequest(method, url, fields, piece.subarray(bodyStart), this.socket);
  }

  private fieldsOf(block: string): Fields | null {
    if (block !== this.block) {
      this.block = block;
      this.fields = readFields(block);
    }
    return this.fields;
  }
}

/** @param block lines, each with its line break */
function readFields(block: string): Fields | null {
  const headers: Record<string, string | undefined> = {};
  const raw: string[] = [];
  let at = 0;
  while (at < block.length) {
    FIELD.lastIndex = at;
    const field = FIELD.exec(block);
    if (field === null || raw.length === 2 * FIELDS_MAX) return null;
    const [whole, name, value] = field;
    const lowerName = name.toLowerCase();
    if (Object.hasOwn(headers, lowerName) || NEVER_PLAIN.has(lowerName)) return null;
    headers[lowerName] = value;
    raw.push(name, value);
    at += whole.length;
  }
  const { connection, 'content-length': length } = headers;
  if (connection !== undefined && connection.toLowerCase() !== 'keep-alive') return null;
  if (length !== undefined && !LENGTH.test(length)) return null;
  return {
    headers: Object.freeze(headers),
    raw,
    bodyBytes: length === undefined ? null : Number(length),
    isCommon: !Object.keys(headers).some((name) => UNCOMMON.has(name)),
  };
}
