// The environment of a component: the plan's, less what cannot work on the platform, with what the
// layout decides.
import { portMapText } from '../rules/port-map';
import { portsFrom } from '../rules/ports';
import type { Answers } from './answers';
import { change, type Change } from './change';
import type { ComponentLayout } from './layout';
import type { Plan } from './plan';

const LIST = 'instances find each other through the list that the platform keeps';

/** The plan's variables that are left out, and why. */
const DROPPED: Readonly<Record<string, string>> = {
  DISCOVERY_DOMAIN: `the name leads to the gateway, which listens on 80 and 443 only, so that a search of its ports finds nobody; ${LIST}`,
  REPRAM_BOOTSTRAP_PEERS: `addresses of instances change; ${LIST}`,
  BOOTSTRAP_NODES: `addresses of instances change; ${LIST}`,
  REPRAM_PEERS: `addresses of instances change; ${LIST}`,
  USE_AUTO_DISCOVERY: 'discovery never stops',
};

const LAID_OUT: ReadonlySet<string> = new Set(['BASE_PORT', 'MAX_PORTS', 'NODE_COUNT']);

/** KEY=value, in the order in which people look for them. */
export function environmentOf(plan: Plan, answers: Answers, name: string, layout: ComponentLayout): string[] {
  const kept = Object.entries(plan.environmentVariables ?? {}).filter(
    ([key]) => !LAID_OUT.has(key) && !Object.hasOwn(DROPPED, key),
  );
  const containerPorts = portsFrom(layout.basePort, layout.ports);
  const pairs = containerPorts.map((container, index) => ({ container, host: layout.hostPort + index }));
  const variables = new Map<string, string>([
    ['BASE_PORT', String(layout.basePort)],
    ['MAX_PORTS', String(layout.ports)],
    ['NODE_COUNT', String(layout.nodes)],
    ['REPRAM_CLUSTER', name],
    ['REPRAM_ADVERTISE_PORTS', portMapText(pairs)],
    ['REPRAM_TRUST_PROXY', 'true'],
    ['REPRAM_RATE_LIMIT', '100'],
    ...kept,
    ...Object.entries(answers.env),
  ]);
  return [...variables].filter(([, value]) => value !== '').map(([key, value]) => `${key}=${value}`);
}

export function environmentChanges(plan: Plan, answers: Answers): Change[] {
  const planned = plan.environmentVariables ?? {};
  const dropped = Object.keys(DROPPED)
    .filter((key) => key in planned && !(key in answers.env))
    .map((key) => change(`${key}=${planned[key]} is left out`, DROPPED[key]));
  return [
    change(
      'environmentVariables becomes environmentParameters of each component',
      'a list of "KEY=value", publicly readable',
    ),
    ...dropped,
    change(
      'REPRAM_ADVERTISE_PORTS is added',
      'a container is not told which host ports lead to its container ports',
    ),
    change('REPRAM_CLUSTER is added', 'two applications that meet on one address stay two networks'),
    change(
      'REPRAM_TRUST_PROXY and REPRAM_RATE_LIMIT are added',
      'behind the gateway one address is many visitors; docs/flux.md tells what the values mean',
    ),
  ];
}
