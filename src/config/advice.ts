// Settings that are each valid by themselves, but together hardly what was meant. They do not stop
// a start.
import { effectAdvice } from './effect-advice';
import { secretWarning } from './hints';
import type { VariableName, VariableTexts } from './variables';
import { wideRangeAdvice } from './wide-ranges';

const MEGABYTE = 1_048_576;
/** Fade's own keys have 24 and more, and its messages hundreds. */
const LEAST_KEY_BYTES = 32;
const LEAST_VALUE_BYTES = 256;

/**
 * Ports that browsers and fetch never ask, within what a node may claim (Fetch Standard, "bad
 * port").
 */
const BROWSER_BLOCKED: readonly number[] = [
  1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697,
  10_080,
];

/** `isGiven`: the variable was set, as opposed to its default being in effect. */
export function advice(texts: Readonly<VariableTexts>, isGiven: (name: VariableName) => boolean): string[] {
  const secret = secretWarning('REPRAM_CLUSTER_SECRET', texts.REPRAM_CLUSTER_SECRET);
  const single = [
    copiesAdvice(texts, isGiven),
    hostsAdvice(texts),
    roomAdvice(texts),
    tinyAdvice('REPRAM_MAX_KEY_BYTES', 'key', LEAST_KEY_BYTES, texts),
    tinyAdvice('REPRAM_MAX_VALUE_BYTES', 'value', LEAST_VALUE_BYTES, texts),
    portsAdvice(texts),
    secret,
  ];
  return [
    ...single.filter((text) => text !== null),
    ...effectAdvice(texts, isGiven),
    ...wideRangeAdvice(texts),
  ];
}

/** Nothing here leads to another host. */
function isAlone(texts: Readonly<VariableTexts>): boolean {
  return (
    texts.REPRAM_PEERS + texts.APP_NAME + texts.FLUX_APP_NAME === '' && texts.DISCOVERY_DOMAIN === 'localhost'
  );
}

function copiesAdvice(
  texts: Readonly<VariableTexts>,
  isGiven: (name: VariableName) => boolean,
): string | null {
  const { REPLICATION_FACTOR: copies, NODE_COUNT: nodes } = texts;
  const isOnly = isAlone(texts) && texts.REPRAM_EXPECTED_HOSTS === '1';
  if (!isGiven('REPLICATION_FACTOR') || !isOnly || Number(copies) <= Number(nodes)) return null;
  return `REPLICATION_FACTOR ${copies} asks for more copies than NODE_COUNT ${nodes} gives; no other host is named`;
}

/** Where ports are bound to loopback, no other host can call, and none is named to be called. */
function hostsAdvice(texts: Readonly<VariableTexts>): string | null {
  const { REPRAM_EXPECTED_HOSTS: hosts, REPRAM_BIND_ADDRESS: bound } = texts;
  const isBoundHere = ['127.0.0.1', '::1', 'localhost'].includes(bound);
  if (Number(hosts) < 2 || !isBoundHere || !isAlone(texts)) return null;
  return `REPRAM_EXPECTED_HOSTS ${hosts} cannot be met: no other host is named, and at REPRAM_BIND_ADDRESS ${bound} none can call; every write ends as 202`;
}

function tinyAdvice(
  name: VariableName,
  thing: string,
  leastBytes: number,
  texts: Readonly<VariableTexts>,
): string | null {
  const bytes = Number(texts[name]);
  if (bytes >= leastBytes) return null;
  return `${name} ${bytes} refuses every ${thing} of more than ${bytes} ${bytes === 1 ? 'byte' : 'bytes'}: Fade and most programs need more`;
}

function roomAdvice({
  REPRAM_MAX_STORAGE_MB,
  REPRAM_MAX_VALUE_BYTES,
}: Readonly<VariableTexts>): string | null {
  const roomBytes = Number(REPRAM_MAX_STORAGE_MB) * MEGABYTE;
  if (roomBytes === 0 || roomBytes >= Number(REPRAM_MAX_VALUE_BYTES)) return null;
  return (
    `REPRAM_MAX_STORAGE_MB ${REPRAM_MAX_STORAGE_MB} has no room for a value of REPRAM_MAX_VALUE_BYTES ` +
    `${REPRAM_MAX_VALUE_BYTES}: the largest ones are always answered 507`
  );
}

function portsAdvice({ BASE_PORT, MAX_PORTS }: Readonly<VariableTexts>): string | null {
  const [base, end] = [Number(BASE_PORT), Number(BASE_PORT) + Number(MAX_PORTS)];
  const blocked = BROWSER_BLOCKED.filter((port) => port >= base && port < end);
  if (blocked.length === 0) return null;
  return `browsers refuse to open port ${blocked.join(', ')} of the range from BASE_PORT ${BASE_PORT} on`;
}
