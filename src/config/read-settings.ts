// The one place that reads the process environment. Every problem is reported at once. What comes
// out is frozen, typed and in the units its names say. Callers leave `env` away; tests hand one in.
import { randomBytes } from 'node:crypto';
import { isatty } from 'node:tty';
import { listItems, loopbackOf } from './addresses';
import { connectionAdvice } from './connection-advice';
import { connectionLimits, descriptorFrom } from './connection-limits';
import { descriptorLimit } from './descriptor-limit';
import { heldBytes, memoryBudget, type MemoryShape } from './memory-budget';
import { type MemoryPlan, memoryPlan } from './memory-plan';
import type { Result } from './problems';
import { nodeName } from './node-name';
import { readEnvironment } from './read-environment';
import type { Given, RawEnvironment } from './read-environment';
import type {
  HealthSettings,
  InheritedNetwork,
  LauncherSettings,
  LogFormat,
  NodeSettings,
  ProcessSettings,
} from './settings';
import { directSettings, LAUNCHER_VARIABLES } from './variables';
import type { VariableValues } from './variables';

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
  const { values, given, problems, warnings } = readEnvironment(env);
  const indexes = launcherIndexes(env);
  const isAlone = indexes === null;
  if (problems.length > 0) return { ok: false, problems, warnings: isAlone ? warnings : [] };
  const plan = nodePlan(values, defaults, isAlone && env.MALLOC_ARENA_MAX === undefined);
  // Where there is a launcher it has judged that, for all of its nodes.
  if (isAlone && plan.problem !== null) return { ok: false, problems: [plan.problem], warnings };
  const heard = isAlone ? [...warnings, ...connectionWarnings(values, plan.bytes, defaults.descriptors)] : [];
  const index = defaults.index ?? indexes?.at(0) ?? 1;
  const settings: NodeSettings = {
    ...directSettings(values),
    ...heldSettings(values, plan, defaults.descriptors),
    ...hostSettings(values.REPRAM_BIND_ADDRESS, defaults, env),
    index,
    inherited: readInherited(env.REPRAM_INHERITED ?? ''),
    name: nodeName(values.REPRAM_NODE_ID, index, indexes !== null),
    appName: firstFilled(values.APP_NAME, values.FLUX_APP_NAME),
    hostInfoUrl: firstFilled(env.REPRAM_HOSTINFO_URL) ?? HOSTINFO_URL,
    ttlDefaultSeconds: defaultTtl(values, given),
    logFormat: logFormat(values),
  };
  return { ok: true, settings: Object.freeze(settings), warnings: heard };
}

/** Settings of the launcher. Checks the nodes' variables too, so that a mistake is told once. */
export function readLauncherSettings(env: RawEnvironment = process.env): Result<LauncherSettings> {
  const { values, problems, warnings: heard } = readEnvironment(env);
  if (problems.length > 0) return { ok: false, problems, warnings: heard };
  const plan = memoryPlan(plannedNodes(values, false));
  if (plan.problem !== null) return { ok: false, problems: [plan.problem], warnings: heard };
  const warnings = [...heard, ...replacedByLauncher(env), ...connectionWarnings(values, plan.bytes)];
  const settings: LauncherSettings = {
    nodeCount: values.NODE_COUNT,
    basePort: values.BASE_PORT,
    maxPorts: values.MAX_PORTS,
    bindAddress: values.REPRAM_BIND_ADDRESS,
    isolation: values.REPRAM_ISOLATION,
    storageMegabytes: values.REPRAM_MAX_STORAGE_MB,
    memoryLimitBytes: plan.bytes,
    memoryLimitSource: plan.source,
    addressesLimited: plan.addressesLimited,
    storesElsewhere: values.REPRAM_STORE_URL !== null,
    hungAfterMs: values.REPRAM_HUNG_AFTER_MS,
    logLevel: values.REPRAM_LOG_LEVEL,
    logFormat: logFormat(values),
  };
  return { ok: true, settings: Object.freeze(settings), warnings };
}

/** Where the first node of this host listens. Judges all that a node would stumble over. */
export function readHealthSettings(env: RawEnvironment = process.env): Result<HealthSettings> {
  const { values, problems, warnings } = readEnvironment(env);
  if (problems.length > 0) return { ok: false, problems, warnings };
  const { BASE_PORT: port, REPRAM_BIND_ADDRESS: bindAddress } = values;
  return { ok: true, settings: Object.freeze({ host: loopbackOf(bindAddress), port }), warnings };
}

/**
 * What a child process must know of itself before it knows its nodes. Bad texts fall back;
 * readNodeSettings reports them.
 */
export function readProcessSettings(env: RawEnvironment = process.env): ProcessSettings {
  const hungAfterMs = readEnvironment(env).values.REPRAM_HUNG_AFTER_MS;
  const beatIntervalMs = Number.isFinite(hungAfterMs) ? Math.max(100, Math.min(1000, hungAfterMs / 4)) : 1000;
  return Object.freeze({ indexes: launcherIndexes(env) ?? [1], beatIntervalMs });
}

/** The environment a launcher hands to the child that hosts the nodes `indexes`. */
export function childEnvironment(
  child: {
    readonly indexes: readonly number[];
    readonly hostId: string;
    readonly storageMegabytes: number;
    /** Variables for what the operator has not set (memory-budget.ts). */
    readonly allocator: Readonly<Record<string, string>>;
    /** Of the launcher's output, where the child's lines end up. */
    readonly logFormat: LogFormat;
    readonly inherited: InheritedNetwork | null;
  },
  env: RawEnvironment = process.env,
): Record<string, string | undefined> {
  return {
    ...child.allocator,
    ...env,
    REPRAM_NODE_INDEXES: child.indexes.join(','),
    REPRAM_HOST_ID: child.hostId,
    REPRAM_INHERITED: inheritedText(child.inherited),
    REPRAM_MAX_STORAGE_MB: String(child.storageMegabytes),
    REPRAM_LOG_FORMAT: child.logFormat,
  };
}

function inheritedText(inherited: InheritedNetwork | null): string | undefined {
  return inherited === null ? undefined : [inherited.others, inherited.hosts, inherited.agoMs].join(',');
}

/** Null for what no launcher wrote. */
function readInherited(text: string): InheritedNetwork | null {
  const numbers = listItems(text).map(Number);
  if (numbers.length !== 3 || !numbers.every((number) => Number.isSafeInteger(number) && number >= 0))
    return null;
  const [others, hosts, agoMs] = numbers;
  return others >= 1 && hosts >= 1 ? { others, hosts, agoMs } : null;
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
  return { loopback, hostId: firstFilled(told) ?? randomHostId() };
}

function plannedNodes(values: VariableValues, hasHeaps: boolean) {
  return { nodeCount: values.NODE_COUNT, isolation: values.REPRAM_ISOLATION, hasHeaps };
}

function nodePlan(
  values: VariableValues,
  { memoryLimitBytes }: NodeDefaults,
  hasHeaps: boolean,
): Pick<MemoryPlan, 'bytes' | 'countsAddresses' | 'problem'> {
  if (memoryLimitBytes === undefined) return memoryPlan(plannedNodes(values, hasHeaps));
  return { bytes: memoryLimitBytes, countsAddresses: false, problem: null };
}

/** What a node may store, and hold meanwhile. */
function heldSettings(
  values: VariableValues,
  plan: Pick<MemoryPlan, 'bytes' | 'countsAddresses'>,
  descriptors?: number,
) {
  const shape = memoryShape(values, plan.bytes);
  const { clientBytes, queueBytes, assemblyBytes } = heldBytes(shape, values.REPRAM_MAX_VALUE_BYTES);
  const connections = connectionLimits(connectionShape(values, clientBytes, descriptors));
  return {
    storageBytesMax: memoryBudget(shape).storageMegabytes * 1_048_576,
    clientBytesMax: clientBytes,
    queueBytesMax: queueBytes,
    assemblyBytesMax: assemblyBytes,
    countsAddresses: plan.countsAddresses,
    connectionsMax: connections.max,
    connectionsPerAddressMax: connections.perAddressMax,
    streamsMax: values.REPRAM_MAX_STREAMS || Math.max(1, Math.floor(connections.max / 2)),
    refusedFromDescriptor: descriptorFrom(descriptors ?? descriptorLimit()),
  };
}

function memoryShape(values: VariableValues, limitBytes: number): MemoryShape {
  return {
    limitBytes,
    nodeCount: values.NODE_COUNT,
    isolation: values.REPRAM_ISOLATION,
    storageMegabytes: values.REPRAM_MAX_STORAGE_MB,
  };
}

/** Wants values that are sound. */
function connectionWarnings(values: VariableValues, limitBytes: number, descriptors?: number): string[] {
  const { clientBytes } = heldBytes(memoryShape(values, limitBytes), values.REPRAM_MAX_VALUE_BYTES);
  const shape = connectionShape(values, clientBytes, descriptors);
  return connectionAdvice({ shape, streams: values.REPRAM_MAX_STREAMS });
}

function connectionShape(values: VariableValues, clientBytes: number, descriptors = descriptorLimit()) {
  return {
    descriptors,
    nodesInProcess: values.REPRAM_ISOLATION === 'process' ? 1 : values.NODE_COUNT,
    clientBytes,
    max: values.REPRAM_MAX_CONNECTIONS,
    perAddressMax: values.REPRAM_MAX_CONNECTIONS_PER_ADDRESS,
  };
}

function replacedByLauncher(env: RawEnvironment): string[] {
  return LAUNCHER_VARIABLES.filter((name) => (env[name] ?? '').trim() !== '').map((name) => {
    return `${name} has no effect: the launcher sets it for each of its nodes`;
  });
}

/** What was not given moves into the range of the bounds. */
function defaultTtl(values: VariableValues, given: Given): number {
  const { REPRAM_MIN_TTL: min, REPRAM_MAX_TTL: max, REPRAM_DEFAULT_TTL: seconds } = values;
  return given.has('REPRAM_DEFAULT_TTL') ? seconds : Math.min(max, Math.max(min, seconds));
}

function logFormat({ REPRAM_LOG_FORMAT: format }: VariableValues): LogFormat {
  if (format !== 'auto') return format;
  return isatty(1) ? 'pretty' : 'json';
}

function firstFilled(...texts: readonly (string | undefined)[]): string | null {
  return texts.find((text) => text !== undefined && text !== '') ?? null;
}
