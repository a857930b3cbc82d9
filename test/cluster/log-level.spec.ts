// What REPRAM_LOG_LEVEL lets through, from a node to the output of its launcher.
import { portsFrom, put, read, untilMesh } from '../support/http/calls';
import { Cluster } from '../support/processes/cluster';
import { portRange } from '../support/processes/ports';
import { until } from '../support/basics/until';

const cluster = new Cluster();
afterEach(() => cluster.cleanUp());

const REQUESTS = ['request-arrived', 'request-answered', 'link-opened'];

it.each([
  ['trace', 'process', REQUESTS],
  ['debug', 'none', REQUESTS.slice(1)],
  ['info', 'process', []],
])('%s with the isolation %s shows %j', async (level, isolation, expected) => {
  const base = await portRange(10);
  const env = { REPRAM_LOG_LEVEL: level, REPRAM_ISOLATION: isolation };
  const launcher = cluster.startLauncher({ base, nodes: 2, env });
  await untilMesh(portsFrom(base, 2));
  expect((await put(base, 'seen', 'value')).status).toBe(201);
  expect(await read(base + 1, 'seen')).toBe('200 value');
  const shown = (): string[] => REQUESTS.filter((event) => launcher.events(event).length > 0);
  await until(() => shown().length >= expected.length, 'the lines');
  expect(shown()).toEqual(expected);
  if (level === 'info') return;
  const answered = (status: number): boolean =>
    launcher.events('request-answered', { key: 'seen', status, client: '127.0.0.1' }).length === 1;
  await until(() => answered(201) && answered(200), 'a line for each request');
});
