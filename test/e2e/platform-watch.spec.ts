// The source `flux` against a server that behaves as the platform does, and as it does on its bad
// days.
// Without an engine: the platform is asked, and no node.
import { HttpService } from '@nestjs/axios';
import axios from 'axios';
import type { NodeSettings } from '../../src/config/settings';
import { Deployment } from '../../src/modules/discovery/deployment';
import { FluxSource } from '../../src/modules/discovery/flux.source';
import { FluxWatch } from '../../src/modules/discovery/flux.watch';
import { type Lookup, NameResolver } from '../../src/modules/discovery/name-resolver';
import { PlatformApi } from '../../src/modules/discovery/platform-api';
import { FakeDiscovery, type LogLine, recordingLog, testSettings } from '../support/fakes/fake-node';
import { MockPlatform, type Mood } from '../support/platform/mock-platform';
import { portRange } from '../support/processes/ports';
import { until } from '../support/basics/until';

const QUICK = { periodMs: 20, earlyMs: 20, retryMs: 20, retryMaxMs: 40 };
const LIMIT_MS = 200;
const TIMING = { locations: QUICK, specification: QUICK, hostInfo: QUICK, names: QUICK };

interface Watched {
  readonly discovery: FakeDiscovery;
  readonly lines: LogLine[];
  /** Endpoints submitted last, as texts. */
  candidates(): string[] | null;
}

let neighbourAddress = '172.17.0.9';
/** The network of the host, where only the other component has a name. */
const lookUp: Lookup = (name) =>
  name === 'fluxb_my app'
    ? Promise.resolve([{ address: neighbourAddress }])
    : Promise.reject(new Error('ENOTFOUND'));

function lastCandidates(discovery: FakeDiscovery): string[] | null {
  const last = discovery.submitted.filter((input) => input.kind === 'candidates').at(-1);
  return last?.kind === 'candidates' ? last.endpoints.map(({ address, port }) => `${address}:${port}`) : null;
}

describe('the source flux', () => {
  let platform: MockPlatform;
  let url: string;
  const platforms: MockPlatform[] = [];
  const watches: FluxWatch[] = [];

  async function another(): Promise<{ readonly platform: MockPlatform; readonly url: string }> {
    const started = new MockPlatform();
    platforms.push(started);
    return { platform: started, url: await started.listen() };
  }

  beforeEach(async () => {
    ({ platform, url } = await another());
    neighbourAddress = '172.17.0.9';
  });

  afterEach(async () => {
    for (const watch of watches.splice(0)) watch.onModuleDestroy();
    await Promise.all(platforms.splice(0).map((each) => each.close()));
  });

  function watch(
    changes: Partial<NodeSettings> = {},
    urls: readonly string[] = [url],
    timing = TIMING,
  ): Watched {
    const hostInfoUrl = `${url}/hostinfo/a`;
    const settings = testSettings({ appName: 'my app', maxPorts: 1, hostInfoUrl, ...changes });
    const [discovery, { log, lines }] = [new FakeDiscovery(), recordingLog()];
    const deployment = new Deployment(settings);
    const source = new FluxSource(deployment, new NameResolver(100, lookUp));
    const options = { appName: settings.appName ?? '', urls, hostInfoUrl, limitMs: LIMIT_MS };
    const api = new PlatformApi(new HttpService(axios.create()), options);
    const refresh = async (): Promise<void> => {
      discovery.submit({ kind: 'candidates', source: source.name, endpoints: await source.endpoints() });
    };
    const watching = new FluxWatch({ api, deployment, discovery, log, refresh }, timing);
    watches.push(watching);
    watching.onApplicationBootstrap();
    return { discovery, lines, candidates: () => lastCandidates(discovery) };
  }

  const untilCandidates = (watched: Watched, wanted: readonly string[]): Promise<unknown> =>
    until(
      () => JSON.stringify(watched.candidates()?.sort()) === JSON.stringify(wanted),
      `candidates ${wanted.join()}`,
    );

  /** Until the platform was asked so many times more. */
  async function questions(count: number, of = platform): Promise<void> {
    const before = of.asked.length;
    await until(() => of.asked.length >= before + count, `${count} more questions`);
  }

  it('asks for the application by its name and submits who is listed, with the ports of the container', async () => {
    platform.rows = ['203.0.113.1', '203.0.113.2:16137'];
    await untilCandidates(watch(), ['203.0.113.1:10000', '203.0.113.2:10000']);
    expect(platform.asked).toContain('/apps/location/my%20app');
  });

  it('learns the ports of the host and how many hosts there shall be, and follows when they change', async () => {
    platform.rows = ['203.0.113.1'];
    platform.instances = 3;
    platform.components = [{ name: 'a', ports: [38081], containerPorts: [10_000] }];
    const watched = watch();
    await untilCandidates(watched, ['203.0.113.1:38081']);
    expect(watched.discovery.submitted).toContainEqual({ kind: 'expected-hosts', hosts: 3 });
    expect(watched.discovery.advertised.at(-1)?.hostPorts.get(10_000)).toBe(38_081);
    platform.instances = 5;
    platform.components = [{ name: 'a', ports: [39081], containerPorts: [10_000] }];
    await untilCandidates(watched, ['203.0.113.1:39081']);
    expect(watched.discovery.submitted).toContainEqual({ kind: 'expected-hosts', hosts: 5 });
    expect(watched.lines.filter(({ event }) => event === 'deployment-known')).toHaveLength(2);
  });

  it('joins answers that differ', async () => {
    platform.rows = ['203.0.113.1'];
    const watched = watch();
    await untilCandidates(watched, ['203.0.113.1:10000']);
    platform.rows = ['203.0.113.2'];
    await untilCandidates(watched, ['203.0.113.1:10000', '203.0.113.2:10000']);
  });

  it.each<Mood>(['error', 'empty', 'broken', 'junk', 'huge', 'nested', 'crumbs', 'half', 'silent'])(
    'keeps everybody while the answer is %s, and takes the next good one',
    async (mood) => {
      platform.rows = ['203.0.113.1'];
      const watched = watch();
      await untilCandidates(watched, ['203.0.113.1:10000']);
      platform.mood = mood;
      await questions(8);
      expect(watched.candidates()).toEqual(['203.0.113.1:10000']);
      platform.mood = 'well';
      platform.rows = ['203.0.113.1', '203.0.113.2'];
      await untilCandidates(watched, ['203.0.113.1:10000', '203.0.113.2:10000']);
    },
  );

  it('says once when the platform falls silent and once when it answers again', async () => {
    const watched = watch();
    const told = (): string[] =>
      watched.lines.map(({ event }) => event).filter((event) => event.startsWith('platform-'));
    await until(() => told().length >= 1, 'the first answer is told');
    platform.mood = 'broken';
    await until(() => told().length >= 2, 'the silence is told');
    await questions(10);
    platform.mood = 'well';
    await until(() => told().length >= 3, 'the next answer is told');
    expect(told()).toEqual(['platform-answers', 'platform-silent', 'platform-answers']);
    expect(watched.lines.find(({ event }) => event === 'platform-silent')?.fields).toEqual({
      reason: 'ERR_BAD_RESPONSE',
    });
  });

  it('asks the next base URL when one is out of order or knows nobody', async () => {
    const [nobody, mute] = [await another(), await another()];
    nobody.platform.mood = 'empty';
    mute.platform.mood = 'broken';
    platform.rows = ['203.0.113.1'];
    const nowhere = `http://127.0.0.1:${await portRange(1)}`;
    const watched = watch({}, [nowhere, mute.url, nobody.url, url]);
    await untilCandidates(watched, ['203.0.113.1:10000']);
    await questions(6, nobody.platform);
    expect(mute.platform.asked.length).toBeGreaterThan(0);
    expect(watched.candidates()).toEqual(['203.0.113.1:10000']);
  });

  it('is not content with an empty answer while there is another base URL to ask', async () => {
    const nobody = await another();
    nobody.platform.mood = 'empty';
    platform.rows = ['203.0.113.1'];
    const options = { appName: 'app', urls: [nobody.url, url], hostInfoUrl: url };
    const api = new PlatformApi(new HttpService(axios.create()), options);
    const { signal } = new AbortController();
    expect(await api.locations(signal)).toEqual(['203.0.113.1']);
    platform.mood = 'broken';
    expect(await api.locations(signal)).toEqual([]);
  });

  it('follows no redirect, and says so', async () => {
    platform.mood = 'elsewhere';
    const options = { appName: 'app', urls: [url], hostInfoUrl: url };
    const api = new PlatformApi(new HttpService(axios.create()), options);
    const { signal } = new AbortController();
    const { HTTP_PROXY } = process.env;
    process.env.HTTP_PROXY = 'http://127.0.0.1:1';
    expect(await api.locations(signal)).toBeNull();
    expect(await api.hostAddress(signal)).toBeNull();
    if (HTTP_PROXY === undefined) delete process.env.HTTP_PROXY;
    expect(api.locationsFailure).toBe('a redirect, which is not followed');
    expect(platform.asked).toEqual(['/apps/location/app', '/']);
  });

  it('finds its own address as soon as the host tells it, and follows when it changes', async () => {
    platform.rows = ['203.0.113.1', '203.0.113.2'];
    const watched = watch({ advertisePorts: [{ containerPort: 10_000, hostPort: 38_081 }] });
    await untilCandidates(watched, ['203.0.113.1:38081', '203.0.113.2:38081']);
    expect(watched.discovery.advertised).toEqual([]);
    platform.hosts.set('a', '203.0.113.1');
    await untilCandidates(watched, ['127.0.0.1:10000', '203.0.113.2:38081']);
    expect(watched.discovery.advertised.at(-1)?.addresses).toEqual(['203.0.113.1']);
    platform.hosts.set('a', '203.0.113.2');
    await untilCandidates(watched, ['127.0.0.1:10000', '203.0.113.1:38081']);
    expect(watched.discovery.advertised.at(-1)?.addresses).toEqual(['203.0.113.2']);
    platform.hosts.delete('a');
    await questions(6);
    expect(watched.discovery.advertised.at(-1)?.addresses).toEqual(['203.0.113.2']);
    expect(watched.lines.filter(({ event }) => event === 'own-address')).toHaveLength(2);
  });

  it('looks for the other component by its name in the network of the host, whether or not the platform answers', async () => {
    platform.components = [
      { name: 'a', ports: [38_081], containerPorts: [10_000] },
      { name: 'b', ports: [38_086], containerPorts: [10_005] },
    ];
    platform.rows = ['203.0.113.1', '203.0.113.2'];
    platform.hosts.set('a', '203.0.113.1');
    const far = ['203.0.113.2:38081', '203.0.113.2:38086'];
    const watched = watch();
    await untilCandidates(watched, ['127.0.0.1:10000', '172.17.0.9:10005', ...far]);
    platform.mood = 'error';
    await questions(6);
    neighbourAddress = '172.17.0.10';
    await untilCandidates(watched, ['127.0.0.1:10000', '172.17.0.10:10005', ...far]);
  });

  it('asks before its turn when a stranger of the cluster was refused, and believes in him once he is listed', async () => {
    platform.rows = ['203.0.113.1'];
    const locations = { ...QUICK, periodMs: 3_600_000 };
    const watched = watch({}, [url], { ...TIMING, locations });
    await untilCandidates(watched, ['203.0.113.1:10000']);
    const lists = (): number => platform.asked.filter((path) => path.startsWith('/apps/location/')).length;
    watched.discovery.strangerComes();
    await until(() => lists() === 2, 'the list was asked for again');
    expect(watched.candidates()).toEqual(['203.0.113.1:10000']);
    platform.rows.push('203.0.113.9');
    watched.discovery.strangerComes();
    await untilCandidates(watched, ['203.0.113.1:10000', '203.0.113.9:10000']);
  });

  it('ends in the middle of a question', async () => {
    platform.mood = 'silent';
    const watched = watch();
    await questions(1);
    watches[0].onModuleDestroy();
    platform.mood = 'well';
    await platform.close();
    platforms.length = 0;
    expect(watched.lines).toEqual([]);
  });
});
