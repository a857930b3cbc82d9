// From the plan's object and the answers to a specification that the platform takes, with a reason
// for each change.
import { OWNER_PLACEHOLDER } from '../rules/placeholder';
import { portsFrom } from '../rules/ports';
import type { Answers } from './answers';
import { change, type Change } from './change';
import { environmentChanges, environmentOf } from './environment';
import { componentsFor, layoutOf, ramFor, type ComponentLayout } from './layout';
import { PLAN_KEYS, type Plan } from './plan';

export interface Generated {
  readonly spec: Readonly<Record<string, unknown>>;
  readonly changes: readonly Change[];
}

/**
 * The specification, or a sentence about answers that contradict each other. The plan has passed
 * `planErrors`.
 */
export function generate(plan: Plan, answers: Answers): Generated | string {
  const ports = answers.ports ?? plan.containerPorts.length;
  const planned = plan.environmentVariables?.NODE_COUNT ?? String(Math.min(3, ports));
  const nodes = answers.nodes ?? Number(planned);
  const least = componentsFor(ports);
  if (ports < 1) return 'an instance has at least one port (--ports)';
  if (!(Number.isInteger(nodes) && nodes >= least && nodes <= ports)) {
    const given = answers.nodes ?? JSON.stringify(planned);
    return `${ports} ports are for ${least} to ${ports} nodes (--nodes), not ${given}: each node claims one, each component runs one at least`;
  }
  const basePort = plan.containerPorts[0];
  const layouts = layoutOf({ basePort, hostPort: answers.hostPort, ports, nodes });
  const name = answers.name ?? formName(plan.name);
  return { spec: specOf(plan, answers, name, layouts), changes: changesOf(plan, answers, name, layouts) };
}

/** What the platform's web form takes of a name. */
function formName(name: string): string {
  return name.replace(/[^A-Za-z0-9]/g, '');
}

function specOf(
  plan: Plan,
  answers: Answers,
  name: string,
  layouts: readonly ComponentLayout[],
): object & Generated['spec'] {
  const compose = layouts.map((layout, index) => componentOf(plan, answers, name, layout, index));
  return {
    version: answers.version,
    name,
    description: plan.description,
    owner: answers.owner ?? OWNER_PLACEHOLDER,
    contacts: answers.contacts,
    instances: instancesOf(plan, answers),
    expire: answers.expire,
    geolocation: answers.geolocation,
    nodes: [],
    staticip: false,
    ...(answers.version === 8 ? { enterprise: '' } : {}),
    compose,
  };
}

function componentOf(
  plan: Plan,
  answers: Answers,
  name: string,
  layout: ComponentLayout,
  index: number,
): object {
  const domains = portsFrom(0, layout.ports).map((port) =>
    index === 0 && port === 0 ? domainOf(plan, answers) : '',
  );
  return {
    name: componentName(index),
    description: `nodes on ports ${layout.basePort} to ${layout.basePort + layout.ports - 1}`,
    repotag: repotagOf(plan, answers),
    repoauth: '',
    ports: portsFrom(layout.hostPort, layout.ports),
    containerPorts: portsFrom(layout.basePort, layout.ports),
    domains,
    environmentParameters: environmentOf(plan, answers, name, layout),
    commands: [],
    containerData: plan.containerData ?? '/tmp',
    cpu: answers.cpu,
    ram: answers.ram ?? ramFor(layout.nodes),
    hdd: answers.hdd,
    ...(answers.version === 7 ? { secrets: '', tiered: false } : {}),
  };
}

function componentName(index: number): string {
  return index === 0 ? 'node' : `node${index + 1}`;
}

function instancesOf(plan: Plan, answers: Answers): number {
  return answers.instances ?? plan.instances ?? 3;
}

function domainOf(plan: Plan, answers: Answers): string {
  return answers.domain ?? plan.domains?.[0] ?? '';
}

/** A colon behind the last slash begins a tag; one before it belongs to the registry's port. */
function repotagOf(plan: Plan, answers: Answers): string {
  if (answers.tag === undefined) return plan.docker_image;
  return `${plan.docker_image.replace(/:[^:/]*$/, '')}:${answers.tag}`;
}

function changesOf(
  plan: Plan,
  answers: Answers,
  name: string,
  layouts: readonly ComponentLayout[],
): Change[] {
  const repotag = repotagOf(plan, answers);
  const instances = instancesOf(plan, answers);
  const unused = Object.keys(plan).filter((key) => !PLAN_KEYS.includes(key));
  return [
    change(`a specification of version ${answers.version}`, 'the platform rejects the keys of the plan'),
    ...(name === plan.name
      ? []
      : [change(`name: ${plan.name} -> ${name}`, "the platform's web form refuses hyphens")]),
    change(
      `docker_image becomes repotag: ${repotag}`,
      'a tag is mandatory; one that moves redeploys by itself',
    ),
    change(
      `instances: ${instances}`,
      `${instances} containers on ${instances} hosts, each with the nodes below, never several in one container`,
    ),
    ...layoutChanges(plan, layouts),
    change(
      `domains: ${domainOf(plan, answers) || 'none'} for the first port`,
      'the list has an entry for each port, and a domain leads to one port',
    ),
    ...environmentChanges(plan, answers),
    ...unused.map((key) => change(`${key} is left out`, DROPPED_KEYS[key] ?? 'unknown to the platform')),
    change(
      'owner, expire, cpu, ram, hdd and the other keys that the platform wants are added',
      `the defaults are: --expire ${answers.expire} --cpu ${answers.cpu} --hdd ${answers.hdd}, and ram by nodes`,
    ),
  ];
}

const DROPPED_KEYS: Readonly<Record<string, string | undefined>> = {
  port: 'the first of containerPorts is the first port',
  healthCheck: 'there is none: the gateway connects by TCP every 3 seconds and asks no path',
};

function layoutChanges(plan: Plan, layouts: readonly ComponentLayout[]): Change[] {
  const planned = plan.containerPorts.length;
  const total = layouts.reduce((sum, { ports }) => sum + ports, 0);
  const spread = layouts.map(({ basePort, hostPort, ports, nodes }, index) =>
    change(
      `component ${componentName(index)}: host ports ${hostPort}-${hostPort + ports - 1} on ${basePort}-${basePort + ports - 1}`,
      `BASE_PORT=${basePort} MAX_PORTS=${ports} NODE_COUNT=${nodes}, its own ones in each component`,
    ),
  );
  return [
    ...(total === planned ? [] : [change(`ports: ${planned} -> ${total}`, 'as asked for')]),
    ...(layouts.length === 1
      ? []
      : [change(`${total} ports become ${layouts.length} components`, 'a component has at most 5 ports')]),
    ...spread,
  ];
}
