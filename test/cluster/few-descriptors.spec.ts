// A node that may have hardly any descriptors: it says so, and answers 503 where it has no place,
// instead of nothing.
import { portsFrom, untilMesh } from '../support/http/calls';
import { ByteConnection } from '../support/http/byte-connection';
import { Cluster } from '../support/processes/cluster';
import { portRange } from '../support/processes/ports';
import { until } from '../support/basics/until';

const HALF_BODY = 'PUT /data/k HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\nx';
const cluster = new Cluster();
afterEach(() => cluster.cleanUp());

it('is warned of, and refuses connections before its descriptors are used up', async () => {
  const base = await portRange(10);
  const within = ['sh', '-c', 'ulimit -n 40; exec "$@"', 'sh'];
  const launcher = cluster.startLauncher({ base, nodes: 1, within });
  await untilMesh(portsFrom(base, 1));
  expect(launcher.events('setting', { level: 'warn' })[0].detail).toMatch(
    /^this process may have 40 descriptors/,
  );
  const held: ByteConnection[] = [];
  const answered = (): ByteConnection[] => held.filter(({ answer }) => answer.startsWith('HTTP/1.1 503 '));
  for (let opened = 0; opened < 24 && answered().length === 0; opened += 1) {
    const connection = await ByteConnection.open(base, HALF_BODY);
    held.push(connection);
    // One after the other: refused ones need descriptors as well, until their ends have closed.
    await until(() => connection.answer !== '' || connection.closed, 'it is admitted or refused');
  }
  expect(answered()).toHaveLength(1);
  expect(held.filter(({ closed, answer }) => closed && answer === '')).toEqual([]);
  for (const connection of held) connection.destroy();
  await until(async () => (await fetch(`http://127.0.0.1:${base}/health/live`)).ok, 'the node to be well');
});

it('is told once that its launcher has too few to start it, and how that is mended', async () => {
  const within = ['sh', '-c', 'ulimit -n 24; exec "$@"', 'sh'];
  const launcher = cluster.startLauncher({ base: await portRange(10), nodes: 2, within });
  await until(() => launcher.events('node-restarting').length >= 6, 'each was tried again and again');
  expect(launcher.events('node-cannot-start', { level: 'error' })).toMatchObject([
    { reason: 'start failed: EMFILE', advice: expect.stringContaining('ulimit -n') as string },
  ]);
});
