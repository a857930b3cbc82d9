// What the platform accepts and a person may regret: costs, collisions, what is public, what moves
// by itself.
import { warning, type Finding } from './finding';
import { OWNER_PLACEHOLDER } from './placeholder';
import { BANNED_PORTS, isWithin, QUIET_PORTS, rangesText, SURCHARGED_PORTS } from './ports';
import { hasOwnServer, isServer } from './store-component';
import { isNumber, isText, type ComponentView, type EnvironmentItem, type SpecView } from './spec-view';

type Of<T> = (subject: T) => Finding[];

const ofSpec: readonly Of<SpecView>[] = [placeholderOwner, oddOwner, hyphenInName, fewInstances];
const ofComponent: readonly Of<ComponentView>[] = [
  noPorts,
  portCosts,
  mutableTag,
  domainTexts,
  repoCredentials,
  otherFolder,
  quotedPorts,
  unevenResources,
  tiers,
  capitalImage,
  namelessVariables,
];
const ofVariable: readonly Of<EnvironmentItem>[] = [publicSecret, gatewayVariable];

export function platformWarnings(spec: SpecView): Finding[] {
  return [
    ...ofSpec.flatMap((rule) => rule(spec)),
    ...spec.components.flatMap((component) => [
      ...ofComponent.flatMap((rule) => rule(component)),
      ...component.environment.flatMap((item) => ofVariable.flatMap((rule) => rule(item))),
    ]),
  ];
}

function placeholderOwner({ keys }: SpecView): Finding[] {
  if (keys.owner !== OWNER_PLACEHOLDER) return [];
  return [warning('$.owner', keys.owner, 'a placeholder: put your own Flux ID there before you submit it')];
}

function oddOwner({ keys }: SpecView): Finding[] {
  if (!isText(keys.owner) || keys.owner === OWNER_PLACEHOLDER) return [];
  if (/^(1[1-9A-HJ-NP-Za-km-z]{25,34}|0x[0-9a-fA-F]{40})$/.test(keys.owner)) return [];
  return [warning('$.owner', keys.owner, 'a Flux ID (1...) or an address as of Ethereum (0x...) is meant')];
}

function hyphenInName({ keys }: SpecView): Finding[] {
  if (!isText(keys.name) || !keys.name.includes('-')) return [];
  return [
    warning('$.name', keys.name, "the platform's web form refuses hyphens; the network itself takes them"),
  ];
}

function fewInstances(spec: SpecView): Finding[] {
  const { keys } = spec;
  if (!isNumber(keys.instances) || keys.instances >= 3 || hasOwnServer(spec)) return [];
  const rule =
    'every instance is one host: with one all is lost when it goes, with two writes are answered 202 while one is missing';
  return [warning('$.instances', keys.instances, rule)];
}

function noPorts(component: ComponentView): Finding[] {
  const { place, lengths } = component;
  if (lengths.ports !== 0 || isServer(component)) return [];
  return [
    warning(`${place}.ports`, [], 'without a port nobody outside reaches this component, its peers included'),
  ];
}

const COLLISIONS = `fewest collisions with other applications: ${rangesText([QUIET_PORTS])}`;

function portCosts({ ports }: ComponentView): Finding[] {
  return ports.flatMap(({ place, value }) => {
    if (isWithin(value, SURCHARGED_PORTS)) {
      return [warning(place, value, `ports at a surcharge: ${rangesText(SURCHARGED_PORTS)}; ${COLLISIONS}`)];
    }
    return isWithin(value, [QUIET_PORTS, ...BANNED_PORTS]) ? [] : [warning(place, value, COLLISIONS)];
  });
}

/** Names that are pushed again and again, and the short forms of releases. */
const MUTABLE_TAG = /^(latest|main|master|develop|dev|edge|nightly|stable|beta|v?\d+(\.\d+)?)$/i;

function mutableTag({ place, keys }: ComponentView): Finding[] {
  const { repotag } = keys;
  if (!isText(repotag)) return [];
  const tag = repotag.slice(repotag.lastIndexOf(':') + 1);
  if (!MUTABLE_TAG.test(tag)) return [];
  const rule =
    'a tag that moves: pushing it again redeploys every instance within six hours, in no order, and memory is lost with them; take a release (v1.2.3) or a commit';
  return [warning(`${place}.repotag`, repotag, rule)];
}

/** What stands in front of the first slash may be a registry, whose name is in any case. */
function capitalImage({ place, keys }: ComponentView): Finding[] {
  const { repotag } = keys;
  if (!isText(repotag)) return [];
  const [first, ...rest] = repotag.slice(0, repotag.lastIndexOf(':')).split('/');
  const isRegistry = rest.length > 0 && /[.:]|^localhost$/.test(first);
  if (!/[A-Z]/.test((isRegistry ? rest : [first, ...rest]).join('/'))) return [];
  const rule = 'names of images have no capital letters: no registry has this one, so nothing is installed';
  return [warning(`${place}.repotag`, repotag, rule)];
}

function domainTexts({ domains }: ComponentView): Finding[] {
  return domains
    .filter(({ value }) => value !== '' && !/^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/.test(value))
    .map(({ place, value }) =>
      warning(place, value, 'a bare host name is meant, without scheme, port or path'),
    );
}

function repoCredentials({ place, keys }: ComponentView): Finding[] {
  if (!isText(keys.repoauth) || keys.repoauth === '') return [];
  const value = `${keys.repoauth.length} characters`;
  return [
    warning(`${place}.repoauth`, value, 'what stands in a specification in the clear is publicly readable'),
  ];
}

function otherFolder(component: ComponentView): Finding[] {
  const { place, keys } = component;
  const { containerData } = keys;
  if (!isText(containerData) || containerData === '/tmp' || isServer(component)) return [];
  const rule = /^[a-z]*[rgs][a-z]*:/i.test(containerData)
    ? 'the prefixes r:, g: and s: change how requests are routed; nodes keep nothing on disk: "/tmp"'
    : 'nodes keep nothing on disk: "/tmp" is right';
  return [warning(`${place}.containerData`, containerData, rule)];
}

/** Those of the platform's web form; the network itself looks at totals only. */
const FORM_STEPS = { cpu: [0.1, 'cores'], ram: [100, 'megabytes'], hdd: [1, 'gigabytes'] } as const;

function unevenResources({ place, keys }: ComponentView): Finding[] {
  return (['cpu', 'ram', 'hdd'] as const).flatMap((key) => {
    const value = keys[key];
    const [step, unit] = FORM_STEPS[key];
    if (!isNumber(value)) return [];
    if (value <= 0) return [warning(`${place}.${key}`, value, `nothing runs with so few ${unit}`)];
    // Binary fractions: 0.3 / 0.1 is not 3.
    if (Math.abs(value / step - Math.round(value / step)) < 1e-6) return [];
    return [warning(`${place}.${key}`, value, `the web form takes ${unit} in steps of ${step}`)];
  });
}

function quotedPorts({ place, keys }: ComponentView): Finding[] {
  if (!Array.isArray(keys.ports)) return [];
  return keys.ports.flatMap((value: unknown, index) =>
    isText(value)
      ? [warning(`${place}.ports[${index}]`, value, 'a number is meant; the platform makes one of it')]
      : [],
  );
}

function tiers({ place, keys }: ComponentView): Finding[] {
  if (keys.tiered !== true) return [];
  return [warning(`${place}.tiered`, true, 'what a tier gives is not checked here; nodes are alike: false')];
}

/** The platform does not look for the "=". */
function namelessVariables({ place, keys }: ComponentView): Finding[] {
  if (!Array.isArray(keys.environmentParameters)) return [];
  return keys.environmentParameters.flatMap((value: unknown, index) =>
    isText(value) && !/^[^=\s]+=/.test(value)
      ? [warning(`${place}.environmentParameters[${index}]`, value, '"KEY=value" is meant: it sets nothing')]
      : [],
  );
}

const SECRET_NAME = /SECRET|PASSWORD|PASSWD|TOKEN|CREDENTIAL|PRIVATE_?KEY|API_?KEY/i;

/** The value stays out of the message. */
function publicSecret({ place, key, text }: EnvironmentItem): Finding[] {
  if (!SECRET_NAME.test(key) || /_FILE$/i.test(key) || text === '') return [];
  const rule =
    'environmentParameters are publicly readable: what stands here is no secret (docs/flux.md tells other ways)';
  return [warning(place, `${key}=(${text.length} characters)`, rule)];
}

function gatewayVariable({ place, key, value }: EnvironmentItem): Finding[] {
  if (!/^timeout/i.test(key)) return [];
  return [
    warning(place, value, 'the gateway reads every variable whose name begins with timeout as its own'),
  ];
}
