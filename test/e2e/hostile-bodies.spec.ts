// Bodies that lie about their length, come broken, too large, half or not at all: nothing of them
// is stored, their room is given back, and others are served meanwhile.
import { randomBytes } from 'node:crypto';
import { heldBytes } from '../support/processes/retained-memory';
import { exchange, ByteConnection, statusesOf, statusOf } from '../support/http/byte-connection';
import { Victims } from '../support/processes/victims';
import { until } from '../support/basics/until';

const MIB = 1024 * 1024;
const VALUE_BYTES_MAX = 10 * MIB;

let victims: Victims;
beforeAll(async () => {
  victims = await Victims.start(1);
});
afterEach(() => victims.expectUnharmed());
afterAll(() => victims.stop());

const put = (key: string, headers: string): string =>
  `PUT /data/${key} HTTP/1.1\r\nHost: h\r\n${headers}\r\n\r\n`;
const isStored = async (key: string): Promise<boolean> =>
  (await fetch(victims.url(`/data/${key}`))).status !== 404;
const SMUGGLED = 'GET /data/small HTTP/1.1\r\nHost: h\r\nX-Smuggled: yes\r\n\r\n';

it.each([
  ['length and chunks', 'Content-Length: 4\r\nTransfer-Encoding: chunked', `0\r\n\r\n${SMUGGLED}`],
  ['chunks and length', 'Transfer-Encoding: chunked\r\nContent-Length: 4', `0\r\n\r\n${SMUGGLED}`],
  ['two lengths', 'Content-Length: 1\r\nContent-Length: 90', `x${SMUGGLED}`],
  ['two equal lengths', 'Content-Length: 1\r\nContent-Length: 1', `x${SMUGGLED}`],
  ['a list of lengths', 'Content-Length: 1, 90', `x${SMUGGLED}`],
  ['a negative length', 'Content-Length: -1', SMUGGLED],
  ['a signed length', 'Content-Length: +1', `x${SMUGGLED}`],
  ['a hexadecimal length', 'Content-Length: 0x1', `x${SMUGGLED}`],
  ['a length beyond 64 bits', 'Content-Length: 99999999999999999999', SMUGGLED],
  ['chunks that are not last', 'Transfer-Encoding: chunked, identity', `0\r\n\r\n${SMUGGLED}`],
  ['an unknown encoding', 'Transfer-Encoding: xchunked', `0\r\n\r\n${SMUGGLED}`],
  ['two encodings', 'Transfer-Encoding: chunked\r\nTransfer-Encoding: cow', `0\r\n\r\n${SMUGGLED}`],
  ['an encoding with a tab', 'Transfer-Encoding:\tchunked\r\nContent-Length: 4', `0\r\n\r\n${SMUGGLED}`],
  ['an encoding behind a space', 'Transfer-Encoding : chunked', `0\r\n\r\n${SMUGGLED}`],
])('finds no second request behind a body with %s', async (_what, headers, body) => {
  const answer = await exchange(victims.port, put('smuggled', headers) + body);
  expect(statusOf(answer)).toBe(400);
  expect(statusesOf(answer)).toHaveLength(1);
  expect(answer).toContain('"code":"request-invalid"');
  expect(await isStored('smuggled')).toBe(false);
});

it.each([
  ['no number', 'zz\r\nx\r\n0\r\n\r\n'],
  ['a negative number', '-1\r\nx\r\n0\r\n\r\n'],
  ['a number with 0x', '0x1\r\nx\r\n0\r\n\r\n'],
  ['more than 64 bits', 'fffffffffffffffff\r\nx\r\n0\r\n\r\n'],
  ['too small', '1\r\nxyz\r\n0\r\n\r\n'],
  ['nothing', '\r\nx\r\n0\r\n\r\n'],
  ['a line feed alone', '1\nx\n0\n\n'],
  ['a null byte', '1\0\r\nx\r\n0\r\n\r\n'],
])('stores nothing of chunks whose size is %s', async (_what, body) => {
  const answer = await exchange(victims.port, put('chunks', 'Transfer-Encoding: chunked') + body);
  expect(statusOf(answer)).toBe(400);
  expect(statusesOf(answer)).toHaveLength(1);
  expect(await isStored('chunks')).toBe(false);
});

it.each([
  ['one extension without end', `1;${'x'.repeat(100_000)}\r\nx\r\n0\r\n\r\n`],
  ['trailers without end', `1\r\nx\r\n0\r\n${`T: ${'x'.repeat(1000)}\r\n`.repeat(100)}\r\n`],
])('refuses chunks with %s', async (_what, body) => {
  const answer = await exchange(victims.port, put('extended', 'Transfer-Encoding: chunked') + body);
  expect([400, 431]).toContain(statusOf(answer));
  expect(answer).toContain('application/problem+json');
  expect(await isStored('extended')).toBe(false);
});

it('never reads JSON: broken, deep, huge or poisoned, it is a value like any other', async () => {
  const bodies = ['{', '{"__proto__":{"polluted":true}}', '['.repeat(200_000), '"\\ud800"', 'null', '\0'];
  for (const body of bodies) {
    const headers = { 'content-type': 'application/json; charset=nonsense' };
    const written = await fetch(victims.url('/data/json'), { method: 'PUT', body, headers });
    expect(written.status).toBe(201);
    expect(await (await fetch(victims.url('/data/json'))).text()).toBe(body);
    for (const path of ['/keys', '/scan', '/health', '/peers']) {
      const head = `POST ${path} HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nConnection: close\r\n`;
      const answer = await exchange(
        victims.port,
        `${head}Content-Length: ${String(body.length)}\r\n\r\n${body}`,
      );
      expect(statusOf(answer)).toBe(405);
    }
  }
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

it('refuses 20 MiB at the header when they are declared', async () => {
  const connection = await ByteConnection.open(
    victims.port,
    put('declared', `Content-Length: ${String(20 * MIB)}`),
  );
  expect(await connection.status()).toBe(413);
  expect(connection.answer).toContain('"code":"value-too-large"');
  connection.destroy();
});

it('refuses 20 MiB in chunks once the limit is passed, and keeps none of them', async () => {
  const before = heldBytes();
  const connection = await ByteConnection.open(victims.port, put('chunked', 'Transfer-Encoding: chunked'));
  const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`;
  let sentBytes = 0;
  while (!connection.closed && statusOf(connection.answer) === 0 && sentBytes < 20 * MIB) {
    await connection.write(chunk);
    sentBytes += 65_536;
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await connection.status()).toBe(413);
  expect(sentBytes).toBeGreaterThan(VALUE_BYTES_MAX);
  connection.destroy();
  expect(await isStored('chunked')).toBe(false);
  await until(() => heldBytes() - before < 8 * MIB, 'the chunks to be given up');
});

it('holds no more than the bytes of a value that comes in the smallest chunks that are taken', async () => {
  const connection = await ByteConnection.open(victims.port, put('crumbs', 'Transfer-Encoding: chunked'));
  const before = heldBytes();
  const crumbs = `10;${'e'.repeat(10)}\r\n${'x'.repeat(16)}\r\n`.repeat(20_000);
  for (let i = 0; i < 10; i += 1) await connection.write(crumbs);
  await connection.write('1\r\ny\r\n');
  expect(heldBytes() - before).toBeLessThan(24 * MIB);
  await connection.write('0\r\n\r\n');
  expect(await connection.status()).toBe(201);
  const stored = await (await fetch(victims.url('/data/crumbs'))).text();
  expect(stored).toBe(`${'x'.repeat(3_200_000)}y`);
  connection.destroy();
});

it('gives the room of aborted bodies back and stores nothing of them', async () => {
  for (let round = 0; round < 10; round += 1) {
    const half = Buffer.alloc(8 * MIB, 'x');
    const connection = await ByteConnection.open(
      victims.port,
      put('aborted', `Content-Length: ${String(9 * MIB)}`),
    );
    await connection.write(half);
    connection.destroy();
  }
  const whole = { method: 'PUT', body: Buffer.alloc(9 * MIB) };
  await until(
    async () => (await fetch(victims.url('/data/whole'), whole)).status === 201,
    'the room to be given back',
  );
  expect(await isStored('aborted')).toBe(false);
});

it('lets nobody keep others out by announcing large bodies and sending none', async () => {
  const head = put('announced', `Content-Length: ${String(VALUE_BYTES_MAX)}`);
  const silent = await Promise.all(Array.from({ length: 50 }, () => ByteConnection.open(victims.port, head)));
  await victims.expectUnharmed();
  const large = await fetch(victims.url('/data/large-one'), {
    method: 'PUT',
    body: Buffer.alloc(VALUE_BYTES_MAX),
  });
  expect(large.status).toBe(201);
  for (const connection of silent) connection.destroy();
});

it('answers 256 uploads of 1 MiB at once with 201, 202 or 503, and is as small as before afterwards', async () => {
  const value = randomBytes(MIB);
  const body = new Blob([value]);
  const upload = async (i: number): Promise<number> => {
    const answer = await fetch(victims.url(`/data/upload-${String(i % 4)}`), { method: 'PUT', body });
    if (answer.status === 503) expect(answer.headers.get('retry-after')).toBe('1');
    await answer.arrayBuffer();
    return answer.status;
  };
  await Promise.all([0, 1, 2, 3].map(upload));
  const before = heldBytes();
  const statuses = await Promise.all(Array.from({ length: 256 }, (_, i) => upload(i)));
  for (const status of statuses) expect([201, 202, 503]).toContain(status);
  expect(statuses.filter((status) => status !== 503).length).toBeGreaterThan(0);
  for (let i = 0; i < 4; i += 1) {
    const stored = await (await fetch(victims.url(`/data/upload-${String(i)}`))).arrayBuffer();
    expect(Buffer.from(stored).equals(value)).toBe(true);
  }
  await until(() => heldBytes() - before < 16 * MIB, 'the memory to be given back');
});

it('tells a client that waits to go on, and one that would send too much not to', async () => {
  const expecting = 'Expect: 100-continue\r\nContent-Length: 5';
  const waiting = await ByteConnection.open(victims.port, put('continued', expecting));
  await until(() => statusOf(waiting.answer) === 100, 'a 100');
  await waiting.write('value');
  await until(() => statusesOf(waiting.answer).at(-1) === 201, 'a 201');
  waiting.destroy();
});
