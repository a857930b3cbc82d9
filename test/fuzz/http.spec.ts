// Requests put together from right and wrong parts, byte by byte to a real node: pieces of a
// pipeline, broken framing, absurd numbers. Each connection is answered or closed, nothing is
// answered with 500, and the node serves on.
import { connect } from 'node:net';
import { Prng } from '../simulation/world/prng';
import { statusesOf } from '../support/http/byte-connection';
import { Victims } from '../support/processes/victims';

const CONNECTIONS = 250;
const SEED = 20_260_101;
const CLOSED_WITHIN_MS = 15_000;

const METHODS = [
  'GET',
  'PUT',
  'HEAD',
  'OPTIONS',
  'POST',
  'DELETE',
  'get',
  'PRI',
  'CONNECT',
  '',
  'G\0T',
  'P UT',
];
const TARGETS = [
  ...[
    '/data/other',
    '/data/fuzz',
    '/keys',
    '/status',
    '/health',
    '/metrics',
    '/peers',
    '/v1/data/fuzz',
    '/gossip',
  ],
  ...[
    '/',
    '*',
    '',
    '//',
    '/data/',
    '/data/%',
    '/data/%ff',
    '/keys?limit=1e9',
    '/keys?limit=-1',
    '/keys?limit=99999999999999999999',
  ],
  ...[
    '/data/fuzz?ttl=1e308',
    '/data/fuzz?ttl=-1',
    '/data/fuzz?ttl=99999999999999999999999999',
    '/data/fuzz?ttl=Infinity',
  ],
  ...[
    '/data/fuzz?ttl=0.0000000001',
    '/data/fuzz?w=9007199254740993',
    '/keys?cursor=%00',
    'http://h/data/other',
  ],
  `/data/${'x'.repeat(20_000)}`,
];
const VERSIONS = ['HTTP/1.1', 'HTTP/1.1', 'HTTP/1.1', 'HTTP/1.0', 'HTTP/2.0', 'HTTP/9.9', 'http/1.1', ''];
const HEADERS = [
  ...[
    'Content-Length: 3',
    'Content-Length: 0',
    'Content-Length: -1',
    'Content-Length: +3',
    'Content-Length: 3, 3',
  ],
  ...[
    'Content-Length: 99999999999999999999',
    'Content-Length: 0x3',
    'Content-Length: 1e3',
    'Content-Length: 10485761',
  ],
  ...[
    'Transfer-Encoding: chunked',
    'Transfer-Encoding: identity',
    'Transfer-Encoding: chunked, gzip',
    'Transfer-Encoding : chunked',
  ],
  ...[
    'X-TTL: 1e308',
    'X-TTL: NaN',
    'X-TTL: 600',
    'Expect: 100-continue',
    'Expect: everything',
    'Connection: upgrade',
    'Upgrade: websocket',
  ],
  ...[
    'X-Repram-Min-Version: 0-0123456789abcdef',
    'X-Repram-Min-Version: 1fffffffffffff-0123456789abcdef',
    'X-Repram-Min-Version: x',
  ],
  ...[
    'Range: bytes=0-99999999999999999999',
    'If-None-Match: *',
    'If-None-Match: "',
    'X-Forwarded-For: 999.999.999.999',
    'Host: h',
    ': v',
  ],
  ...[
    'Origin: null',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    'A\0: b',
    'A: \u0001',
    ' folded: x',
    'novalue',
  ],
  `X: ${'y'.repeat(20_000)}`,
];
const BODIES = [
  '',
  'abc',
  '3\r\nabc\r\n0\r\n\r\n',
  'ffffffffffffffffff\r\nabc',
  '-1\r\nabc',
  '3;x=y\r\nabc\r\n0\r\nT: v\r\n\r\n',
  '3\r\nabcdef',
  '\0\0\0',
];

function request(prng: Prng): string {
  const line = `${prng.chance(0.6) ? prng.pick(['GET', 'PUT']) : prng.pick(METHODS)} ${prng.pick(TARGETS)} ${prng.pick(VERSIONS)}`;
  const headers = Array.from({ length: prng.below(5) }, () => prng.pick(HEADERS));
  const ending = prng.chance(0.9) ? '\r\n' : prng.pick(['\n', '\r', '\r\r\n']);
  return (
    [line, ...(prng.chance(0.8) ? ['Host: h'] : []), ...headers, '', ''].join(ending) + prng.pick(BODIES)
  );
}

/** What was answered until the node closed; null when it did not. */
function converse(port: number, pieces: readonly Buffer[]): Promise<string | null> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1');
    const limit = setTimeout(() => {
      socket.destroy();
      resolve(null);
    }, CLOSED_WITHIN_MS);
    socket.on('data', (bytes) => (answer += bytes.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(limit);
      resolve(answer);
    });
    for (const piece of pieces) socket.write(piece);
    socket.end();
  });
}

it(`requests of any parts are answered or closed on, and never with 500 (seed ${SEED})`, async () => {
  const victims = await Victims.start(1, { rateLimitPerSecond: 0 });
  try {
    const prng = new Prng(SEED);
    for (let count = 0; count < CONNECTIONS; count += 1) {
      const text = Array.from({ length: 1 + prng.below(3) }, () => request(prng)).join('');
      const bytes = Buffer.from(text, 'latin1').subarray(
        0,
        prng.chance(0.2) ? prng.below(text.length) : undefined,
      );
      const cut = prng.below(bytes.length + 1);
      const answer = await converse(victims.port, [bytes.subarray(0, cut), bytes.subarray(cut)]);
      const heard = { sent: text.slice(0, 300), answer: answer === null ? 'nothing, for too long' : null };
      expect(heard).toEqual({ sent: heard.sent, answer: null });
      expect({
        sent: heard.sent,
        failed: statusesOf(answer ?? '').filter((status) => status === 500),
      }).toEqual({
        sent: heard.sent,
        failed: [],
      });
      if (count % 50 === 49) await victims.expectUnharmed();
    }
  } finally {
    await victims.stop();
  }
});
