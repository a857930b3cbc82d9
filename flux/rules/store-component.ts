// A component that is no REPRAM: a Valkey or Redis server which holds the values of the nodes
// beside it (docs/engines.md). What is asked of nodes is not asked of it.
import { parseStoreUrl } from '../../src/config/store-address';
import { error, type Finding, warning } from './finding';
import { type ComponentView, isNumber, isText, type SpecView, variablesOf } from './spec-view';

const SERVER_IMAGE = /(^|\/)(valkey|redis)(:|$)/;

export function isServer({ keys }: ComponentView): boolean {
  return isText(keys.repotag) && SERVER_IMAGE.test(keys.repotag);
}

/** Nodes find their values in a component of their own application. */
export function hasOwnServer({ keys, components }: SpecView): boolean {
  const names = components.filter(isServer).map(({ name }) => `flux${name}_${String(keys.name)}`);
  return components.some((component) => {
    const { REPRAM_STORE_URL: url = '' } = variablesOf(component);
    return parseStoreUrl(url)?.endpoints.some(({ address }) => names.includes(address)) === true;
  });
}

export function storeFindings(spec: SpecView): Finding[] {
  return [...severalServers(spec), ...spec.components.filter(isServer).flatMap(openPort)];
}

function severalServers(spec: SpecView): Finding[] {
  const { instances } = spec.keys;
  if (!isNumber(instances) || !hasOwnServer(spec)) return [];
  if (instances > 1) {
    const rule =
      '1 where a component holds the values: each instance has a component of its own, so nodes of several would not have the same values';
    return [error('$.instances', instances, rule)];
  }
  const rule =
    'with a server in a component there can be one instance, and all values are lost when its host goes';
  return [warning('$.instances', instances, rule)];
}

function openPort({ place, ports }: ComponentView): Finding[] {
  if (ports.length === 0) return [];
  const rule =
    'none: whoever finds the port of this server reads and writes all values, and a specification can keep no password';
  return [
    warning(
      `${place}.ports`,
      ports.map(({ value }) => value),
      rule,
    ),
  ];
}
