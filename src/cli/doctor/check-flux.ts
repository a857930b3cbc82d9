// On the Flux cloud nodes learn of each other from the platform. Whether its API can be asked from
// here, and what it says.
import { ask, type Answer } from '../network/ask';
import { factsOf, listOf, numberOf, textOf } from '../network/facts';
import { answersAt, placeOf } from './check-addresses';
import { findings, listed, type Finding, type Scene } from './finding';

const { ok, warning, problem, skipped } = findings('flux');

const INSTANCES_MAX = 16;
const PORTS_MAX = 10;

interface Platform {
  readonly app: string;
  readonly urls: readonly string[];
  /** Ports of the host that lead to nodes, as far as they are known. */
  readonly ports: readonly number[];
}

export async function checkFlux(scene: Scene): Promise<Finding[]> {
  const platform = platformOf(scene);
  if (platform === null) return [skipped('APP_NAME is not set: this is not the Flux cloud.')];
  const answers = await Promise.all(platform.urls.map((url) => checkApi(scene, platform, url)));
  const addresses = [...new Set(answers.flatMap((answer) => answer.addresses))];
  const found = answers.map(({ finding }) => finding);
  return addresses.length === 0 ? found : [...found, await checkInstances(scene, platform, addresses)];
}

function platformOf({ nodes, settings }: Scene): Platform | null {
  const config = nodes.map(({ status }) => status.config).find(({ app_name: name }) => textOf(name) !== '');
  if (config !== undefined) {
    const pairs = listOf(config.advertise_ports).map((pair) => numberOf(factsOf(pair).host_port));
    const urls = listOf(config.flux_api_urls).map(textOf);
    return {
      app: textOf(config.app_name),
      urls,
      ports: pairs.length > 0 ? pairs : rangeOf(numberOf(config.base_port), numberOf(config.max_ports)),
    };
  }
  if (!settings.ok || settings.settings.appName === null) return null;
  const { appName: app, fluxApiUrls: urls, advertisePorts, basePort, maxPorts } = settings.settings;
  const ports = advertisePorts.map(({ hostPort }) => hostPort);
  return { app, urls, ports: ports.length > 0 ? ports : rangeOf(basePort, maxPorts) };
}

function rangeOf(first: number, count: number): number[] {
  return Array.from({ length: Math.min(PORTS_MAX, count) }, (_, index) => first + index);
}

interface ApiAnswer {
  readonly finding: Finding;
  readonly addresses: readonly string[];
}

async function checkApi({ context }: Scene, { app }: Platform, url: string): Promise<ApiAnswer> {
  const answer = await ask(`${url}/apps/location/${encodeURIComponent(app)}`, context);
  const addresses = locations(answer);
  if (addresses === null) {
    const sentence = `The Flux API at ${url} does not answer what was asked (${whatCame(answer)}).`;
    const advice =
      'Nodes go on with the list they had; look at FLUX_API_URL and at the way out of this network.';
    return { finding: problem(sentence, advice), addresses: [] };
  }
  if (addresses.length === 0) {
    const sentence = `The Flux API at ${url} knows no instance of "${app}".`;
    const advice =
      'Compare APP_NAME with the name of the deployment; a new one is listed after some minutes.';
    return { finding: problem(sentence, advice), addresses };
  }
  const sentence = `The Flux API at ${url} lists "${app}" on ${listed(addresses)}.`;
  return { finding: ok(sentence), addresses };
}

/** Null where the answer is no list. The port behind an address is that of the platform. */
function locations(answer: Answer): string[] | null {
  const body = answer.kind === 'answer' ? factsOf(answer.body) : {};
  if (body.status !== 'success' || !Array.isArray(body.data)) return null;
  const ips = listOf(body.data).map((row) => textOf(factsOf(row).ip).replace(/:\d+$/, ''));
  return [...new Set(ips.filter((ip) => ip !== ''))];
}

function whatCame(answer: Answer): string {
  return answer.kind === 'answer' ? `HTTP ${answer.status}` : answer.code;
}

async function checkInstances(
  scene: Scene,
  { ports }: Platform,
  addresses: readonly string[],
): Promise<Finding> {
  const asked = addresses.slice(0, INSTANCES_MAX);
  const silent: string[] = [];
  await Promise.all(
    asked.map(async (address) => {
      const found = await Promise.all(ports.map((port) => answersAt(scene, placeOf(address, port))));
      if (found.every((cluster) => cluster === null)) silent.push(address);
    }),
  );
  if (silent.length === 0) return ok('A node answers on every host that the platform lists.');
  const sentence = `No node answers from here on ${listed(silent)}, ports ${ports.join(', ')}.`;
  const advice =
    'Compare the ports of the specification with REPRAM_ADVERTISE_PORTS (repram says them in deployment-known).';
  return silent.length === asked.length ? problem(sentence, advice) : warning(sentence, advice);
}
