// The product's environment variables and what each may hold, as text. Every property is a variable
// of that name. variables.ts has their defaults and meanings. The upper bounds say where a setting
// stops making sense.
import {
  BaseUrls,
  BindAddress,
  Cidrs,
  Host,
  HostPatterns,
  HostPorts,
  Name,
  OneOf,
  PortPairs,
  QuotaExempt,
  ReachableHost,
  Secret,
  TrustProxy,
  WholeNumber,
} from './rules';

const YEAR_SECONDS = 31_536_000;

export class Environment {
  @Host('a host name or an IP address, without port')
  DISCOVERY_DOMAIN!: string;

  @WholeNumber(1, 65_535, '(TCP port)')
  BASE_PORT!: string;

  @WholeNumber(1, 1000, 'ports')
  MAX_PORTS!: string;

  @WholeNumber(1, 1000, 'nodes')
  NODE_COUNT!: string;

  @WholeNumber(1, 100, 'copies')
  REPLICATION_FACTOR!: string;

  @WholeNumber(1, 86_400, 'seconds')
  REPRAM_CLEANUP_INTERVAL!: string;

  @WholeNumber(0, 1_000_000, 'requests per second (0 = no limit)')
  REPRAM_RATE_LIMIT!: string;

  @WholeNumber(0, 100, 'percent (0 = no quota)')
  REPRAM_CLIENT_QUOTA!: string;

  @QuotaExempt()
  REPRAM_QUOTA_EXEMPT!: string;

  @WholeNumber(1, YEAR_SECONDS, 'seconds')
  REPRAM_MIN_TTL!: string;

  @WholeNumber(1, YEAR_SECONDS, 'seconds')
  REPRAM_MAX_TTL!: string;

  @WholeNumber(1, YEAR_SECONDS, 'seconds')
  REPRAM_DEFAULT_TTL!: string;

  @WholeNumber(10, 60_000, 'milliseconds')
  REPRAM_WRITE_TIMEOUT_MS!: string;

  /** The ceiling is half of what may ever queue for one peer, so that a largest value can always be replicated. */
  @WholeNumber(1, 33_554_432, 'bytes')
  REPRAM_MAX_VALUE_BYTES!: string;

  /** The ceiling keeps a percent-encoded key within the 16 KiB that Node.js takes as request line and headers. */
  @WholeNumber(1, 4096, 'bytes')
  REPRAM_MAX_KEY_BYTES!: string;

  @WholeNumber(0, 1_048_576, 'megabytes of 1048576 bytes (0 = computed)')
  REPRAM_MAX_STORAGE_MB!: string;

  @WholeNumber(0, 1_000_000, 'connections (0 = computed)')
  REPRAM_MAX_CONNECTIONS!: string;

  @WholeNumber(0, 1_000_000, 'connections (0 = computed)')
  REPRAM_MAX_CONNECTIONS_PER_ADDRESS!: string;

  @Name(64)
  REPRAM_CLUSTER!: string;

  @Secret(1024)
  REPRAM_CLUSTER_SECRET!: string;

  @HostPorts()
  REPRAM_PEERS!: string;

  @Cidrs()
  REPRAM_PEER_ALLOW!: string;

  @TrustProxy()
  REPRAM_TRUST_PROXY!: string;

  @HostPatterns()
  REPRAM_ALLOWED_HOSTS!: string;

  @WholeNumber(1, 1000, 'hosts')
  REPRAM_EXPECTED_HOSTS!: string;

  @WholeNumber(100, 600_000, 'milliseconds')
  REPRAM_MAX_CLOCK_OFFSET_MS!: string;

  @Name(128)
  REPRAM_NODE_ID!: string;

  @ReachableHost(
    'a host name or an IP address that other hosts can reach, without port and zone; not a wildcard such as 0.0.0.0',
  )
  REPRAM_ADDRESS!: string;

  @BindAddress(
    'an IP address of this host (with its zone, if it is link-local), or a name that resolves to one, without port',
  )
  REPRAM_BIND_ADDRESS!: string;

  @OneOf('process', 'none')
  REPRAM_ISOLATION!: string;

  @WholeNumber(1000, 600_000, 'milliseconds')
  REPRAM_HUNG_AFTER_MS!: string;

  @OneOf('trace', 'debug', 'info', 'warn', 'error', 'silent')
  REPRAM_LOG_LEVEL!: string;

  @OneOf('auto', 'pretty', 'json')
  REPRAM_LOG_FORMAT!: string;

  @Name(63)
  APP_NAME!: string;

  @Name(63)
  FLUX_APP_NAME!: string;

  /** Set by the platform: what is no address has no effect, and a warning says so. */
  FLUX_NODE_HOST_IP!: string;

  @BaseUrls()
  FLUX_API_URL!: string;

  @PortPairs()
  REPRAM_ADVERTISE_PORTS!: string;

  /** Judged by reading it (secret-file.ts). */
  REPRAM_CLUSTER_SECRET_FILE!: string;
}

export type VariableName = keyof Environment;
