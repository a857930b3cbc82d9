// What must hold between variables. Each rule names the variables it looks at. So a text that is
// wrong by itself is not complained about twice.
import { loopbackOf, parsePortPairs, unreachableFor } from './addresses';
import type { Problem } from './problems';
import { parseStoreUrl } from './store-address';
import type { VariableName, VariableTexts } from './variables';

export interface CrossProblem extends Problem {
  readonly involves: readonly VariableName[];
}

/** What may be waited for within a request. The gateway of the platform gives up after 25 s. */
const GATEWAY_WAIT_MS_MAX = 20_000;

type Given = (name: VariableName) => string | undefined;
/**
 * Names the variables a rule looks at, the one to blame first, and what would be allowed when it is
 * broken.
 */
type Rule = readonly [involves: readonly VariableName[], broken: boolean, allowed: string];

/** `given` returns a variable's text when it was set, undefined when its default is in effect. */
export function crossProblems(texts: Readonly<VariableTexts>, given: Given): CrossProblem[] {
  const rules = [
    ...rangeRules(texts),
    ...addressRules(texts),
    ...ttlRules(texts, given),
    ...platformRules(texts, given),
    ...storeRules(texts),
  ];
  return rules.flatMap(([involves, broken, allowed]) => {
    if (!broken) return [];
    const variable = involves[0];
    const text =
      given(variable) === undefined ? `"${texts[variable]}" (the default)` : `"${texts[variable]}"`;
    return [{ variable, given: text, allowed, involves }];
  });
}

function rangeRules(texts: Readonly<VariableTexts>): Rule[] {
  const [base, ports] = [Number(texts.BASE_PORT), Number(texts.MAX_PORTS)];
  return [
    [
      ['NODE_COUNT', 'MAX_PORTS'],
      Number(texts.NODE_COUNT) > ports,
      `at most MAX_PORTS (${texts.MAX_PORTS}): every node claims a port of its own in the range`,
    ],
    [
      ['MAX_PORTS', 'BASE_PORT'],
      base + ports - 1 > 65_535,
      `at most ${65_536 - base} with BASE_PORT ${texts.BASE_PORT}: the range ends at port 65535`,
    ],
    [
      ['REPRAM_ADVERTISE_PORTS', 'BASE_PORT', 'MAX_PORTS'],
      !advertisesRange(texts),
      `container port:host port, with container ports of the range from BASE_PORT ${base} on (MAX_PORTS ${ports})`,
    ],
  ];
}

/**
 * A host on loopback (docs/adr/0026-hosts-on-loopback.md) is reached there. Any other loopback
 * address reaches only the host itself.
 */
function addressRules({
  REPRAM_ADDRESS: address,
  REPRAM_BIND_ADDRESS: bound,
}: Readonly<VariableTexts>): Rule[] {
  const isOnLoopback = loopbackOf(bound) === bound && bound !== '127.0.0.1';
  return [
    [
      ['REPRAM_ADDRESS', 'REPRAM_BIND_ADDRESS'],
      !isOnLoopback && unreachableFor(address) === 'loopback',
      'an address that other hosts can reach; loopback leads each of them to itself',
    ],
  ];
}

function ttlRules(texts: Readonly<VariableTexts>, given: Given): Rule[] {
  const [min, max] = [Number(texts.REPRAM_MIN_TTL), Number(texts.REPRAM_MAX_TTL)];
  const fallback = Number(texts.REPRAM_DEFAULT_TTL);
  const isGiven = given('REPRAM_DEFAULT_TTL') !== undefined;
  const atMost = `at most REPRAM_MAX_TTL (${texts.REPRAM_MAX_TTL} seconds)`;
  return [
    [['REPRAM_MIN_TTL', 'REPRAM_MAX_TTL'], min > max, atMost],
    [
      ['REPRAM_DEFAULT_TTL', 'REPRAM_MIN_TTL'],
      isGiven && fallback < min,
      `at least REPRAM_MIN_TTL (${texts.REPRAM_MIN_TTL} seconds)`,
    ],
    [['REPRAM_DEFAULT_TTL', 'REPRAM_MAX_TTL'], isGiven && fallback > max, atMost],
  ];
}

function platformRules(texts: Readonly<VariableTexts>, given: Given): Rule[] {
  const isThere = texts.APP_NAME + texts.FLUX_APP_NAME !== '';
  return [
    [
      ['REPRAM_CLUSTER_SECRET_FILE', 'REPRAM_CLUSTER_SECRET'],
      given('REPRAM_CLUSTER_SECRET_FILE') !== undefined && given('REPRAM_CLUSTER_SECRET') !== undefined,
      'only when REPRAM_CLUSTER_SECRET is not set: there is one secret',
    ],
    [
      ['REPRAM_WRITE_TIMEOUT_MS', 'APP_NAME', 'FLUX_APP_NAME'],
      isThere && Number(texts.REPRAM_WRITE_TIMEOUT_MS) > GATEWAY_WAIT_MS_MAX,
      `at most ${GATEWAY_WAIT_MS_MAX} milliseconds behind the platform's gateway, which sends a request again after 25 s`,
    ],
  ];
}

/** Whoever names an authority believes that nobody on the way can read. */
function storeRules({ REPRAM_STORE_URL: url, REPRAM_STORE_CA_FILE: file }: Readonly<VariableTexts>): Rule[] {
  return [
    [
      ['REPRAM_STORE_CA_FILE', 'REPRAM_STORE_URL'],
      file !== '' && parseStoreUrl(url)?.hasTls === false,
      'only where REPRAM_STORE_URL is rediss:// or rediss-cluster://; without TLS nothing is held against it, and all is sent as it is',
    ],
  ];
}

/**
 * Whether the advertised ports, if there are any, name one that a node may claim. The two sides are
 * easily swapped.
 */
function advertisesRange({
  REPRAM_ADVERTISE_PORTS: text,
  BASE_PORT,
  MAX_PORTS,
}: Readonly<VariableTexts>): boolean {
  const pairs = parsePortPairs(text) ?? [];
  const base = Number(BASE_PORT);
  const isClaimed = (port: number): boolean => port >= base && port < base + Number(MAX_PORTS);
  return pairs.length === 0 || pairs.some(({ containerPort }) => isClaimed(containerPort));
}
