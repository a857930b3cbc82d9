// The one place that reads the process environment. Every problem is reported at once. What comes
// out is frozen, typed and in the units its names say. Callers leave `env` away; tests hand one in.
import { randomBytes } from 'node:crypto';
import { isatty } from 'node:tty';
import {
  isUsableHostAddress,
  listItems,
  loopbackOf,
  parseBaseUrl,
  parseCidr,
  parseHostPort,
  parsePortPairs,
} from './addresses';
import { connectionLimits, connectionsPossible } from './connection-limits';
import { descriptorLimit } from './descriptor-limit';
import type { Environment } from './environment';
import { heldBytes, memoryBudget } from './memory-budget';
import { memoryLimit } from './memory-limit';
import type { Result } from './problems';
import { nodeName } from './node-name';
import { readEnvironment } from './read-environment';
import type { Given, RawEnvironment } from './read-environment';
import type { LauncherSettings, LogFormat, LogLevel, NodeSettings, ProcessSettings } from './settings';

export { KNOWN_VARIABLES } from './variables';

/** Every container of the platform reaches its host's answers here. */
const HOSTINFO_URL = 'http://fluxnode.service:16101/hostinfo';

/** What a node knows that its environment does not say. */
export interface NodeDefaults {
  /** From 1; without it the first of REPRAM_NODE_INDEXES, else 1. */
  readonly index?: number;
  /**
   * The scope of a loopback address as the host tells it. Null or absent = the launcher's
   * REPRAM_HOST_ID, else a random one.
   */
  readonly hostId?: (loopback: string) => string | null;
  /** Bytes this machine lets its processes have. Absent = container's limit, else all memory. */
  readonly memoryLimitBytes?: number;
  /** Descriptors this process may have open; absent = what the kernel says. */
  readonly descriptors?: number;
}

/** Settings of one node. Under a launcher there are no warnings: it has given them already. */
export function readNodeSettings(
  env: RawEnvironment = process.env,
  defaults: NodeDefaults = {},
): Result<NodeSettings> {
  const { texts, given, problems, warnings } = readEnvironment(env);
  const indexes = launcherIndexes(env);
  const heard = indexes === null ? [...warnings, ...descriptorWarnings(texts)] : [];
  if (problems.length > 0) return { ok: false, problems, warnings: heard };
  const index = defaults.index ?? indexes?.at(0) ?? 1;
  const settings: NodeSettings = {
    ...networkSettings(texts),
    ...platformSettings(texts, env),
    ...storageSettings(texts, given),
    ...heldSettings(texts, defaults),
    index,
    name: nodeName(texts.REPRAM_NODE_ID, index, indexes !== null),
    ...hostSettings(texts.REPRAM_BIND_ADDRESS, defaults, env),
    cleanupIntervalSeconds: Number(texts.REPRAM_CLEANUP_INTERVAL),
    rateLimitPerSecond: Number(texts.REPRAM_RATE_LIMIT),
    clientQuotaPercent: Number(texts.REPRAM_CLIENT_QUOTA),
    quotaExempt: texts.REPRAM_QUOTA_EXEMPT === 'none' ? [] : cidrs(texts.REPRAM_QUOTA_EXEMPT),
    trustProxy: trustProxy(texts.REPRAM_TRUST_PROXY),
    allowedHosts: listItems(texts.REPRAM_ALLOWED_HOSTS).map((host) => host.toLowerCase()),
    ...logSettings(texts),
  };
  return { ok: true, settings: Object.freeze(settings), warnings: heard };
}

/** Settings of the launcher. Checks the nodes' variables too, so that a mistake is told once. */
export function readLauncherSettings(env: RawEnvironment = process.env): Result<LauncherSettings> {
  const { texts, problems, warnings: heard } = readEnvironment(env);
  if (problems.length > 0) return { ok: false, problems, warnings: heard };
  const warnings = [...heard, ...descriptorWarnings(texts)];
  const limit = memoryLimit();
  const settings: LauncherSettings = {
    nodeCount: Number(texts.NODE_COUNT),
    basePort: Number(texts.BASE_PORT),
    maxPorts: Number(texts.MAX_PORTS),
    bindAddress: texts.REPRAM_BIND_ADDRESS,
    isolation: isolation(texts),
    storageMegabytes: Number(texts.REPRAM_MAX_STORAGE_MB),
    memoryLimitBytes: limit.bytes,
    memoryLimitSource: limit.source,
    hungAfterMs: Number(texts.REPRAM_HUNG_AFTER_MS),
    ...logSettings(texts),
  };
  return { ok: true, settings: Object.freeze(settings), warnings };
}

/**
 * What a child process must know of itself before it knows its nodes. Bad texts fall back;
 * readNodeSettings reports them.
 */
export function readProcessSettings(env: RawEnvironment = process.env): ProcessSettings {
  const hungAfterMs = Number(readEnvironment(env).texts.REPRAM_HUNG_AFTER_MS);
  const beatIntervalMs = Number.isFinite(hungAfterMs) ? Math.max(100, Math.min(1000, hungAfterMs / 4)) : 1000;
  return Object.freeze({ indexes: launcherIndexes(env) ?? [1], beatIntervalMs });
}

/** The environment a launcher hands to the child that hosts the nodes `indexes`. */
export function childEnvironment(
  child: {
    readonly indexes: readonly number[];
    readonly hostId: string;
    readonly storageMegabytes: number;
    /** Of the launcher's output, where the child's lines end up. */
    readonly logFormat: LogFormat;
  },
  env: RawEnvironment = process.env,
): Record<string, string | undefined> {
  return {
    ...env,
    REPRAM_NODE_INDEXES: child.indexes.join(','),
    REPRAM_HOST_ID: child.hostId,
    REPRAM_MAX_STORAGE_MB: String(child.storageMegabytes),
    REPRAM_LOG_FORMAT: child.logFormat,
  };
}

/** 16 hexadecimal digits. */
export function randomHostId(): string {
  return randomBytes(8).toString('hex');
}

/** Null when no launcher named any. */
function launcherIndexes(env: RawEnvironment): number[] | null {
  const indexes = listItems(env.REPRAM_NODE_INDEXES ?? '').map(Number);
  return indexes.length > 0 && indexes.every((index) => Number.isSafeInteger(index) && index >= 1)
    ? indexes
    : null;
}

function hostSettings(bindAddress: string, { hostId }: NodeDefaults, env: RawEnvironment) {
  const loopback = loopbackOf(bindAddress);
  const told = hostId?.(loopback) ?? env.REPRAM_HOST_ID;
  return { bindAddress, loopback, hostId: firstFilled(told) ?? randomHostId() };
}

function networkSettings(texts: Environment) {
  return {
    cluster: texts.REPRAM_CLUSTER,
    clusterSecret: texts.REPRAM_CLUSTER_SECRET === '' ? null : texts.REPRAM_CLUSTER_SECRET,
    basePort: Number(texts.BASE_PORT),
    maxPorts: Number(texts.MAX_PORTS),
    nodeCount: Number(texts.NODE_COUNT),
    address: texts.REPRAM_ADDRESS === '' ? null : texts.REPRAM_ADDRESS,
    discoveryDomain: texts.DISCOVERY_DOMAIN,
    peers: Object.freeze(listItems(texts.REPRAM_PEERS).flatMap((item) => parseHostPort(item) ?? [])),
    peerAllow: cidrs(texts.REPRAM_PEER_ALLOW),
    replicationFactor: Number(texts.REPLICATION_FACTOR),
    expectedHosts: Number(texts.REPRAM_EXPECTED_HOSTS),
    clockOffsetMaxMs: Number(texts.REPRAM_MAX_CLOCK_OFFSET_MS),
  };
}

function platformSettings(texts: Environment, env: RawEnvironment) {
  return {
    appName: firstFilled(texts.APP_NAME, texts.FLUX_APP_NAME),
    fluxApiUrls: Object.freeze(listItems(texts.FLUX_API_URL).flatMap((item) => parseBaseUrl(item) ?? [])),
    hostInfoUrl: firstFilled(env.REPRAM_HOSTINFO_URL) ?? HOSTINFO_URL,
    hostAddress: isUsableHostAddress(texts.FLUX_NODE_HOST_IP) ? texts.FLUX_NODE_HOST_IP : null,
    advertisePorts: Object.freeze(parsePortPairs(texts.REPRAM_ADVERTISE_PORTS) ?? []),
  };
}

/** What a node may store, and hold meanwhile. */
function heldSettings(texts: Environment, defaults: NodeDefaults) {
  const shape = {
    limitBytes: defaults.memoryLimitBytes ?? memoryLimit().bytes,
    nodeCount: Number(texts.NODE_COUNT),
    isolation: isolation(texts),
    storageMegabytes: Number(texts.REPRAM_MAX_STORAGE_MB),
  };
  const { clientBytes, queueBytes, assemblyBytes } = heldBytes(shape, Number(texts.REPRAM_MAX_VALUE_BYTES));
  const connections = connectionLimits(connectionShape(texts, clientBytes, defaults.descriptors));
  return {
    storageBytesMax: memoryBudget(shape).storageMegabytes * 1_048_576,
    clientBytesMax: clientBytes,
    queueBytesMax: queueBytes,
    assemblyBytesMax: assemblyBytes,
    connectionsMax: connections.max,
    connectionsPerAddressMax: connections.perAddressMax,
  };
}

function connectionShape(texts: Environment, clientBytes: number, descriptors = descriptorLimit()) {
  return {
    descriptors,
    nodesInProcess: isolation(texts) === 'process' ? 1 : Number(texts.NODE_COUNT),
    clientBytes,
    max: Number(texts.REPRAM_MAX_CONNECTIONS),
    perAddressMax: Number(texts.REPRAM_MAX_CONNECTIONS_PER_ADDRESS),
  };
}

/** Asked for more connections than the process may have descriptors. */
function descriptorWarnings(texts: Environment): string[] {
  const shape = connectionShape(texts, 0);
  const possible = connectionsPossible(shape);
  if (shape.max <= possible) return [];
  const limit = `this process may have ${shape.descriptors} descriptors open (ulimit -n)`;
  return [`REPRAM_MAX_CONNECTIONS is ${shape.max}, taken as ${possible}: ${limit}`];
}

function storageSettings(texts: Environment, given: Given) {
  const ttlMinSeconds = Number(texts.REPRAM_MIN_TTL);
  const ttlMaxSeconds = Number(texts.REPRAM_MAX_TTL);
  const ttlDefaultSeconds = Number(texts.REPRAM_DEFAULT_TTL);
  return {
    ttlMinSeconds,
    ttlMaxSeconds,
    ttlDefaultSeconds: given.has('REPRAM_DEFAULT_TTL')
      ? ttlDefaultSeconds
      : Math.min(ttlMaxSeconds, Math.max(ttlMinSeconds, ttlDefaultSeconds)),
    writeTimeoutMs: Number(texts.REPRAM_WRITE_TIMEOUT_MS),
    valueBytesMax: Number(texts.REPRAM_MAX_VALUE_BYTES),
    keyBytesMax: Number(texts.REPRAM_MAX_KEY_BYTES),
  };
}

function logSettings(texts: Environment) {
  const format = texts.REPRAM_LOG_FORMAT === 'auto' ? terminalFormat() : texts.REPRAM_LOG_FORMAT;
  return { logLevel: texts.REPRAM_LOG_LEVEL as LogLevel, logFormat: format as LogFormat };
}

function terminalFormat(): LogFormat {
  return isatty(1) ? 'pretty' : 'json';
}

function isolation(texts: Environment): 'process' | 'none' {
  return texts.REPRAM_ISOLATION === 'none' ? 'none' : 'process';
}

function trustProxy(text: string): boolean | readonly string[] {
  return text === 'true' || text === 'false' ? text === 'true' : cidrs(text);
}

function cidrs(text: string): readonly string[] {
  return Object.freeze(listItems(text).flatMap((item) => parseCidr(item) ?? []));
}

function firstFilled(...texts: readonly (string | undefined)[]): string | null {
  return texts.find((text) => text !== undefined && text !== '') ?? null;
}
