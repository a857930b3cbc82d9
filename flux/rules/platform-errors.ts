// Rules of the platform that hold between places, which a schema cannot tell.
import { error, type Finding } from './finding';
import { BANNED_PORTS, isWithin, PORT_MAX, rangesText } from './ports';
import { HOST_PORT_RULE } from './schema';
import { isNumber, isText, type ComponentView, type Placed, type SpecView } from './spec-view';

type Rule = (spec: SpecView) => Finding[];

export const PLATFORM_ERRORS: readonly Rule[] = [
  ofEachComponent(equalLengths),
  ofEachComponent((component) =>
    repeated(component.containerPorts, 'container ports of a component are all different'),
  ),
  ofEachComponent(quotedPortRange),
  ofEachComponent(bannedPorts),
  totals,
  chosenNodes,
  secretsWithoutNodes,
  ({ components }) =>
    repeated(
      components.flatMap(({ ports }) => ports),
      'host ports are all different: the components of an instance share one address',
    ),
  ({ components }) =>
    repeated(
      components.flatMap(({ name, place }) =>
        name === null ? [] : [{ place: `${place}.name`, value: name }],
      ),
      'names of components are all different',
    ),
];

/** Of all components together; what one of them takes is not looked at. */
const TOTALS_MAX = { cpu: 15, ram: 59_000, hdd: 820 } as const;

function totals({ components }: SpecView): Finding[] {
  return (['cpu', 'ram', 'hdd'] as const).flatMap((key) => {
    const total = components.reduce((sum, { keys }) => sum + (isNumber(keys[key]) ? keys[key] : 0), 0);
    if (total <= TOTALS_MAX[key]) return [];
    return [error(`$.compose[].${key}`, total, `all components together have at most ${TOTALS_MAX[key]}`)];
  });
}

/** Version 8 lets only those choose nodes whose specification is encrypted. */
function chosenNodes({ keys }: SpecView): Finding[] {
  const isPublic = keys.enterprise === '' || keys.enterprise === false;
  if (keys.version !== 8 || !isPublic || !Array.isArray(keys.nodes) || keys.nodes.length === 0) return [];
  return [error('$.nodes', keys.nodes, 'in version 8 only enterprise applications choose nodes; else []')];
}

/** Who may read a secret of version 7 is said by its nodes. */
function secretsWithoutNodes({ keys, components }: SpecView): Finding[] {
  if (keys.version !== 7 || !Array.isArray(keys.nodes) || keys.nodes.length > 0) return [];
  return components
    .filter(({ keys: { secrets } }) => isText(secrets) && secrets !== '')
    .map(({ place, keys: { secrets } }) => {
      const value = `${(secrets as string).length} characters`;
      return error(`${place}.secrets`, value, 'secrets need nodes that may read them');
    });
}

function ofEachComponent(rule: (component: ComponentView) => Finding[]): Rule {
  return ({ components }) => components.flatMap(rule);
}

function equalLengths({ place, lengths }: ComponentView): Finding[] {
  const known = Object.values(lengths).filter((length) => length !== null);
  if (new Set(known).size < 2) return [];
  return [
    error(
      place,
      lengths,
      'ports, containerPorts and domains are equally long; a port without a domain has "" there',
    ),
  ];
}

function quotedPortRange({ ports, keys }: ComponentView): Finding[] {
  const quoted = (Array.isArray(keys.ports) ? keys.ports : []).filter(isText).map(Number);
  return ports
    .filter(({ value }) => quoted.includes(value) && (value < 1 || value > PORT_MAX))
    .map(({ place, value }) => error(place, String(value), HOST_PORT_RULE));
}

function bannedPorts({ ports }: ComponentView): Finding[] {
  return ports
    .filter(({ value }) => isWithin(value, BANNED_PORTS))
    .map(({ place, value }) =>
      error(place, value, `host ports that are banned: ${rangesText(BANNED_PORTS)}`),
    );
}

/** A finding for each value that stood before. */
function repeated<T>(items: readonly Placed<T>[], rule: string): Finding[] {
  const seen = new Set<T>();
  return items.flatMap(({ place, value }) => {
    if (!seen.has(value)) {
      seen.add(value);
      return [];
    }
    return [error(place, value, rule)];
  });
}
