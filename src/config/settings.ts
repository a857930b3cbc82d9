// The settings of one node and of the launcher: frozen, typed, in the units their names say.
// read-settings.ts is the only reader of process.env. Tests and embedders build a NodeSettings
// directly.

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';
export type LogFormat = 'pretty' | 'json';

export interface NodeSettings {
  /**
   * Which of the launcher's nodes this is, from 1. Chooses the first port tried (basePort + index -
   * 1).
   */
  readonly index: number;
  /** Displayed name. */
  readonly name: string;
  readonly cluster: string;
  /** Proven by both ends of every link when set; null = private-range peers only. */
  readonly clusterSecret: string | null;
  /** Address the HTTP port binds; '' = all addresses, IPv6 and IPv4. */
  readonly bindAddress: string;
  /**
   * Where the nodes of this host find each other: 127.0.0.1, or the address of loopback that is a
   * host of its own.
   */
  readonly loopback: string;
  readonly basePort: number;
  readonly maxPorts: number;
  /** Nodes that this node's launcher starts. */
  readonly nodeCount: number;
  /** Scope of loopback (adapters/host-id.ts), or the launcher's random id where that cannot be read. */
  readonly hostId: string;
  /** Address other hosts use for this node (REPRAM_ADDRESS); null = what they see. */
  readonly address: string | null;
  /**
   * Name of the application on the Flux platform (APP_NAME, else FLUX_APP_NAME). Null = it runs
   * elsewhere.
   */
  readonly appName: string | null;
  /** Base URLs of the platform's API, without a slash at the end. */
  readonly fluxApiUrls: readonly string[];
  /** Where the platform tells a container about the host it runs on. */
  readonly hostInfoUrl: string;
  /**
   * Address of this host as the platform gave it at the start (FLUX_NODE_HOST_IP). Null = not
   * given.
   */
  readonly hostAddress: string | null;
  /**
   * Ports of the host that lead to ports of the container (REPRAM_ADVERTISE_PORTS). Empty = not
   * given.
   */
  readonly advertisePorts: readonly { readonly containerPort: number; readonly hostPort: number }[];
  readonly discoveryDomain: string;
  /** Static peers (REPRAM_PEERS). */
  readonly peers: readonly { readonly address: string; readonly port: number }[];
  /** CIDR ranges accepted as peers beside loopback and private ranges when there is no secret. */
  readonly peerAllow: readonly string[];
  readonly replicationFactor: number;
  readonly expectedHosts: number;
  readonly ttlMinSeconds: number;
  readonly ttlMaxSeconds: number;
  readonly ttlDefaultSeconds: number;
  readonly writeTimeoutMs: number;
  readonly valueBytesMax: number;
  readonly keyBytesMax: number;
  readonly storageBytesMax: number;
  /** What may be held for clients at a time: connections, bodies, answers, listings (memory-budget.ts). */
  readonly clientBytesMax: number;
  /** Values that may wait for all peers together. */
  readonly queueBytesMax: number;
  /** Values that may have arrived in part, from all peers together. */
  readonly assemblyBytesMax: number;
  /** Connections of clients at a time, in total and from one address (connection-limits.ts). */
  readonly connectionsMax: number;
  readonly connectionsPerAddressMax: number;
  readonly clockOffsetMaxMs: number;
  /** Seconds between full verification sweeps of the store; expiry itself is exact. */
  readonly cleanupIntervalSeconds: number;
  /** Requests per second per client address; 0 = unlimited. */
  readonly rateLimitPerSecond: number;
  /** Of the storage times the longest TTL, for each client address; 0 = no quota. */
  readonly clientQuotaPercent: number;
  /** CIDR ranges of clients without a quota. */
  readonly quotaExempt: readonly string[];
  readonly trustProxy: boolean | readonly string[];
  /** Names beside the obvious ones under which browsers may reach this node: `a.example`, `*.b.example`, `*`. */
  readonly allowedHosts: readonly string[];
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
}

export interface LauncherSettings {
  readonly nodeCount: number;
  readonly basePort: number;
  readonly maxPorts: number;
  /** Address the nodes bind; '' = all. */
  readonly bindAddress: string;
  readonly isolation: 'process' | 'none';
  /** Megabytes per node; 0 = a safe share of `memoryLimitBytes`, computed by the launcher. */
  readonly storageMegabytes: number;
  /** The least memory limit of any control group above, or all memory of the machine where there is none. */
  readonly memoryLimitBytes: number;
  /** The directory of the control group that sets it, or `machine`. */
  readonly memoryLimitSource: string;
  /** A child silent for this long is killed and restarted with reason `hung` (REPRAM_HUNG_AFTER_MS, 30000). */
  readonly hungAfterMs: number;
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
}

/** What a node process must know beside its nodes' settings. */
export interface ProcessSettings {
  /** The nodes this process hosts (REPRAM_NODE_INDEXES, set by the launcher); [1] when started alone. */
  readonly indexes: readonly number[];
  /** Milliseconds between beats to the launcher: min(1000, REPRAM_HUNG_AFTER_MS / 4). */
  readonly beatIntervalMs: number;
}
