// Signs of life (102 Processing) for clients that have closed their half and may still read. They
// come in front of an answer and never within one, whatever stands before it on its connection.
import { startFakeNode, type FakeNode } from '../support/fakes/fake-node';
import { until } from '../support/basics/until';
import { ByteConnection } from '../support/http/byte-connection';

const LARGE = 'z'.repeat(70_000);
const HOST = 'Host: h\r\n';

let node: FakeNode;
beforeAll(async () => {
  node = await startFakeNode();
});
afterAll(() => node.close());

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Answers as a client reads them that goes by Content-Length; interim ones are left out. */
function answersIn(text: string): Answer[] {
  const answers: Answer[] = [];
  let rest = text;
  while (rest !== '') {
    const head = /^HTTP\/1\.1 (\d{3}) [^]*?\r\n\r\n/.exec(rest);
    if (head === null) throw new Error(`no answer at ${JSON.stringify(rest.slice(0, 100))}`);
    const length = Number(/^content-length: (\d+)/im.exec(head[0])?.[1] ?? 0);
    const bodyStart = head[0].length;
    const body = rest.slice(bodyStart, bodyStart + length);
    if (Number(head[1]) >= 200) answers.push({ status: Number(head[1]), body });
    rest = rest.slice(bodyStart + length);
  }
  return answers;
}

it('two reads that wait on a half-closed connection are answered with the very bytes', async () => {
  const connection = await ByteConnection.open(node.port);
  connection.socket.end(`GET /data/awaited?wait=20 HTTP/1.1\r\n${HOST}\r\n`.repeat(2));
  await until(() => (connection.answer.match(/ 102 /g) ?? []).length >= 3, 'signs of life');
  await node.engine.put(Buffer.from('awaited'), Buffer.from(LARGE), 600_000, 'one');
  await until(() => connection.closed, 'the end of the connection');
  expect(answersIn(connection.answer)).toEqual([
    { status: 200, body: LARGE },
    { status: 200, body: LARGE },
  ]);
});

it('so is a read that waits behind a write that offers another protocol', async () => {
  const connection = await ByteConnection.open(node.port);
  connection.socket.end(
    [
      `PUT /data/offered HTTP/1.1\r\n${HOST}Connection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: ${LARGE.length}\r\n\r\n`,
      LARGE,
      `GET /health/live HTTP/1.1\r\n${HOST}\r\n`,
      `GET /data/offered?wait=0.05 HTTP/1.1\r\n${HOST}\r\n`,
    ].join(''),
  );
  await until(() => connection.closed, 'the end of the connection');
  const answers = answersIn(connection.answer);
  expect(answers.map(({ status }) => status)).toEqual([201, 200, 200]);
  expect(answers[2].body).toBe(LARGE);
});
