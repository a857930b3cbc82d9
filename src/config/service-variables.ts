// Kubernetes tells each pod in variables about the services in its namespace, and Docker's links
// did the same. A service called repram gives REPRAM_SERVICE_HOST, REPRAM_PORT=tcp://10.0.0.1:8081,
// REPRAM_PORT_8081_TCP_ADDR and so on. One called base gives BASE_PORT. These are not settings, so
// they are left out before anything is read.

const URL_OF_SERVICE = /^(tcp|udp|sctp):\/\/\S+$/;
const NAME_OF_SERVICE_VARIABLE =
  /^[A-Z][A-Z0-9_]*_(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)$/;

type Variables = Readonly<Record<string, string | undefined>>;

export function isServiceVariable(name: string, text: string): boolean {
  if (name.endsWith('_PORT') && URL_OF_SERVICE.test(text.trim())) return true;
  return NAME_OF_SERVICE_VARIABLE.test(name);
}

/** The variables without those of services, and one line about those that look like ours. */
export function withoutServiceVariables(
  raw: Variables,
  isOurs: (name: string) => boolean,
): { readonly variables: Variables; readonly warning: string | null } {
  const found = Object.keys(raw).filter((name) => isServiceVariable(name, raw[name] ?? ''));
  const left = Object.fromEntries(Object.entries(raw).filter(([name]) => !found.includes(name)));
  const ours = found.filter(isOurs).sort();
  if (ours.length === 0) return { variables: left, warning: null };
  const [first, ...others] = ours;
  const names = others.length === 0 ? first : `${first} and ${others.length} more`;
  const advice = 'enableServiceLinks: false keeps them away';
  return { variables: left, warning: `${names}: set by Kubernetes for a service, and ignored (${advice})` };
}
