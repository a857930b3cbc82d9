// Where things belong that people write under other names: those of the plan, and of one version in
// the other.

const MISPLACED: Readonly<Record<string, string>> = {
  docker_image: 'the image is compose[].repotag',
  port: 'ports are compose[].ports (host) and compose[].containerPorts',
  ports: 'ports belong to a component',
  containerPorts: 'ports belong to a component',
  domains: 'domains belong to a component, one for each port',
  environmentVariables: 'the environment is compose[].environmentParameters, a list of "KEY=value"',
  environmentParameters: 'the environment belongs to a component',
  containerData: 'it belongs to a component',
  healthCheck: 'there is none: the gateway connects by TCP every 3 seconds and asks no path',
  tiered: 'it belongs to a component of version 7',
  secrets: 'it belongs to a component of version 7; version 8 refuses it',
  enterprise: 'it came with version 8',
};

/** "; where it belongs", or nothing. */
export function misplacedKey(key: string): string {
  return Object.hasOwn(MISPLACED, key) ? `; ${MISPLACED[key]}` : '';
}
