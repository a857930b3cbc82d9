// Rules of the platform that hold between places, which a schema cannot tell.
import { error, type Finding } from './finding';
import { BANNED_PORTS, isWithin, rangesText } from './ports';
import type { ComponentView, Placed, SpecView } from './spec-view';

type Rule = (spec: SpecView) => Finding[];

export const PLATFORM_ERRORS: readonly Rule[] = [
  ofEachComponent(equalLengths),
  ofEachComponent((component) =>
    repeated(component.containerPorts, 'container ports of a component are all different'),
  ),
  ofEachComponent(bannedPorts),
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
