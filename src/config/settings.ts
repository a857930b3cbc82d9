// The settings of one node and of the launcher: frozen, typed, in the units their names say. Most
// of a node's settings are the value of one variable, and the table of variables says which and
// what it means. The others are declared here. read-settings.ts is the only reader of process.env.
// Tests and embedders build a NodeSettings directly.
import type { DirectSettings, VariableValues } from './variables';

export type LogLevel = VariableValues['REPRAM_LOG_LEVEL'];
export type LogFormat = Exclude<VariableValues['REPRAM_LOG_FORMAT'], 'auto'>;

/** The network as the launcher's nodes last knew it (`Inherited` in src/core/base/settings.ts). */
export interface InheritedNetwork {
  readonly others: number;
  readonly hosts: number;
  readonly agoMs: number;
}

export interface NodeSettings extends DirectSettings {
  /** Null: the launcher knows of nobody else, or there is none. */
  readonly inherited: InheritedNetwork | null;
  /**
   * Which of the launcher's nodes this is, from 1. Chooses the first port tried (basePort + index -
   * 1).
   */
  readonly index: number;
  /** Displayed name. */
  readonly name: string;
  /**
   * Where the nodes of this host find each other: 127.0.0.1, or the address of loopback that is a
   * host of its own.
   */
  readonly loopback: string;
  /**
   * Scope of loopback (adapters/host-id.ts), or the launcher's random id where that cannot be read.
   */
  readonly hostId: string;
  /**
   * Name of the application on the Flux platform (APP_NAME, else FLUX_APP_NAME). Null = it runs
   * elsewhere.
   */
  readonly appName: string | null;
  /** Where the platform tells a container about the host it runs on. */
  readonly hostInfoUrl: string;
  readonly ttlDefaultSeconds: number;
  readonly storageBytesMax: number;
  /**
   * What may be held for clients at a time: connections, bodies, answers, listings
   * (memory-budget.ts).
   */
  readonly clientBytesMax: number;
  /** Values that may wait for all peers together. */
  readonly queueBytesMax: number;
  /** Values that may have arrived in part, from all peers together. */
  readonly assemblyBytesMax: number;
  /** The system counts memory that is asked for as if it was used (process-limits.ts). */
  readonly countsAddresses: boolean;
  /** Connections of clients at a time, in total and from one address (connection-limits.ts). */
  readonly connectionsMax: number;
  readonly connectionsPerAddressMax: number;
  /** Streams of events at a time. */
  readonly streamsMax: number;
  /**
   * Number of a descriptor from which on connections are refused: the last ones are for saying so.
   */
  readonly refusedFromDescriptor: number;
  readonly logFormat: LogFormat;
}

export interface LauncherSettings extends Pick<
  DirectSettings,
  'nodeCount' | 'basePort' | 'maxPorts' | 'bindAddress' | 'isolation' | 'hungAfterMs' | 'logLevel'
> {
  /** Megabytes per node; 0 = a safe share of `memoryLimitBytes`, computed by the launcher. */
  readonly storageMegabytes: number;
  /** What all processes together may use (memory-plan.ts). */
  readonly memoryLimitBytes: number;
  /** The directory of the control group that sets it, `ulimit -v`, `ulimit -d` or `machine`. */
  readonly memoryLimitSource: string;
  /** The addresses of each process are what is limited. */
  readonly addressesLimited: boolean;
  /** Values are in servers. */
  readonly storesElsewhere: boolean;
  readonly logFormat: LogFormat;
}

/** Where the health check asks. */
export interface HealthSettings {
  readonly host: string;
  readonly port: number;
}

/** What a node process must know beside its nodes' settings. */
export interface ProcessSettings {
  /**
   * The nodes this process hosts (REPRAM_NODE_INDEXES, set by the launcher); [1] when started
   * alone.
   */
  readonly indexes: readonly number[];
  /** Milliseconds between beats to the launcher: min(1000, REPRAM_HUNG_AFTER_MS / 4). */
  readonly beatIntervalMs: number;
}
