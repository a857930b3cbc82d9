// What is wrong with bytes that are no request, as far as Node.js's parser tells: the part that it
// stumbled over, and what may stand there. What was sent is not shown. It may be anything, of any
// length.

const INTRODUCTION = 'The bytes received are not an HTTP/1.1 request';

const LINE_ENDS = 'each line, and the bytes of each chunk, must end with CR LF';
const VERSION =
  'the request line must be a method, a target without spaces, and HTTP/1.1, and end with CR LF';

/** By the parser's codes. */
const RULES: Readonly<Record<string, string | undefined>> = {
  HPE_INVALID_METHOD:
    'they must begin with a method of HTTP in upper-case letters, such as GET or PUT; TLS is not spoken here',
  HPE_INVALID_URL:
    'the request target must be /path or http://host/path, with all but plain ASCII percent-encoded, such as %20 for a space',
  HPE_INVALID_CONSTANT: `${VERSION}; a space in a target is %20`,
  HPE_INVALID_VERSION: VERSION,
  HPE_INVALID_HEADER_TOKEN:
    'a header must be a name of letters, digits and dashes, a colon at once behind it, and a value without control characters, in one line',
  HPE_INVALID_CONTENT_LENGTH:
    'Content-Length must be one whole number of bytes in decimal digits, below 2^64, and cannot stand beside Transfer-Encoding',
  HPE_UNEXPECTED_CONTENT_LENGTH: 'Content-Length must be given once',
  HPE_INVALID_TRANSFER_ENCODING:
    'Transfer-Encoding must end with chunked, once, and cannot stand beside Content-Length',
  HPE_INVALID_CHUNK_SIZE: 'a chunk must begin with its size in hexadecimal digits, below 2^64',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'what stands behind the size of a chunk must have at most 16384 bytes',
  HPE_LF_EXPECTED: LINE_ENDS,
  HPE_CR_EXPECTED: LINE_ENDS,
  HPE_STRICT: LINE_ENDS,
  HPE_INVALID_EOF_STATE: 'the connection ended within it',
};

/** A sentence. */
export function brokenHttp(code = ''): string {
  const rule = RULES[code];
  return rule === undefined ? `${INTRODUCTION}.` : `${INTRODUCTION}: ${rule}.`;
}
