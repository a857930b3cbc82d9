// The rows about the nodes of one host: which there are, what they store and for how long, and what
// they let clients take. variables.ts joins them with the other rows.
import { CARRIER_RANGE, PRIVATE_RANGES } from '../core/base/private-ranges';
import { host, quotaExempt, wholeNumber } from './variable';
import type { Variable } from './variable';

const YEAR_SECONDS = 31_536_000;

export const NODE_VARIABLES = {
  DISCOVERY_DOMAIN: {
    setting: 'discoveryDomain',
    default: 'localhost',
    takes: host(),
    meaning: 'Host name whose addresses are searched for peers over the port range, beside this host itself.',
    sane: 'the name the deployment is reached under; one that does not resolve costs nothing.',
    danger: 'a name of strangers sends them a probe now and then.',
  },
  BASE_PORT: {
    setting: 'basePort',
    default: '8081',
    takes: wholeNumber(1, 65_535, '(TCP port)'),
    meaning:
      'First TCP port of the range that nodes claim. Node i tries BASE_PORT+i-1, then the range from its start.',
    sane: '1024 to 32000, below the ephemeral range.',
    danger:
      'below 1024 needs privileges; inside the ephemeral range an outgoing connection may hold the port.',
  },
  MAX_PORTS: {
    setting: 'maxPorts',
    default: '10',
    takes: wholeNumber(1, 1000, 'ports'),
    meaning: 'Ports in the range: BASE_PORT to BASE_PORT+MAX_PORTS-1.',
    sane: 'NODE_COUNT plus room for a second launcher.',
    danger:
      'hundreds make every search for peers as long; ports that the container does not expose are dead ends.',
  },
  NODE_COUNT: {
    setting: 'nodeCount',
    default: '3',
    takes: wholeNumber(1, 1000, 'nodes'),
    meaning:
      'Nodes the launcher starts; at most MAX_PORTS. The quorum is counted from it until more nodes join.',
    sane: '3.',
    danger: 'each costs about 70 MB in a process of its own, and every node holds every value.',
  },
  REPLICATION_FACTOR: {
    setting: 'replicationFactor',
    default: '3',
    takes: wholeNumber(1, 100, 'copies'),
    meaning:
      'Copies a write asks for. It is answered 201 once floor(min(REPLICATION_FACTOR, expected)/2)+1 nodes or hosts hold it.',
    sane: '3.',
    danger: '1 lets 201 mean that a single node holds it; a high one makes each write wait for more nodes.',
  },
  REPRAM_CLEANUP_INTERVAL: {
    setting: 'cleanupIntervalSeconds',
    default: '30',
    takes: wholeNumber(1, 86_400, 'seconds'),
    meaning:
      'Seconds between full verification sweeps of the store. Expiry itself is exact and does not wait for a sweep.',
    sane: '30.',
    danger: 'a few seconds burn CPU on a large store.',
  },
  REPRAM_RATE_LIMIT: {
    setting: 'rateLimitPerSecond',
    default: '100',
    takes: wholeNumber(0, 1_000_000, 'requests per second (0 = no limit)'),
    meaning:
      'Requests per second for each client address, twice that in a burst; probes and metrics have ten times that. 0 = no limit.',
    sane: '100; 0 for benchmarks.',
    danger: '0 on a public port lets one client take all of the processor.',
  },
  REPRAM_CLIENT_QUOTA: {
    setting: 'clientQuotaPercent',
    default: '25',
    takes: wholeNumber(0, 100, 'percent (0 = no quota)'),
    meaning:
      'Percent of the network that one client address may occupy: of its storage times REPRAM_MAX_TTL, and twice that of its storage at any moment (three times where a largest value would not fit otherwise). Each node grants its part; beyond it writes get 429. 0 = no quota.',
    sane: '25; more, or an exempt address, where one public back end writes everything.',
    danger: '0 lets one client fill the memory within the rate limit.',
  },
  REPRAM_QUOTA_EXEMPT: {
    setting: 'quotaExempt',
    default: PRIVATE_RANGES.filter((range) => range !== CARRIER_RANGE).join(),
    takes: quotaExempt(),
    meaning:
      'CIDR ranges of clients without a quota: your own machines, by default all private addresses; or none.',
    sane: 'the default; with it the address of a back end that writes from elsewhere.',
    danger:
      'strangers who come through a proxy in these ranges have no quota unless REPRAM_TRUST_PROXY names it.',
  },
  REPRAM_MIN_TTL: {
    setting: 'ttlMinSeconds',
    default: '300',
    takes: wholeNumber(1, YEAR_SECONDS, 'seconds'),
    meaning: 'Seconds. A shorter TTL is raised to this.',
    sane: '300.',
    danger:
      'must be the same on all nodes, or the same write lives differently long by the port it came in at.',
  },
  REPRAM_MAX_TTL: {
    setting: 'ttlMaxSeconds',
    default: '86400',
    takes: wholeNumber(1, YEAR_SECONDS, 'seconds'),
    meaning:
      'Seconds. A longer TTL is lowered to this; an expired write is remembered (its key and 64 bytes) until its time plus this.',
    sane: '86400.',
    danger: 'weeks let expired keys pile up as remembered stubs; must be the same on all nodes.',
  },
  REPRAM_DEFAULT_TTL: {
    default: '3600',
    takes: wholeNumber(1, YEAR_SECONDS, 'seconds'),
    meaning:
      'Seconds a write lives that names no TTL; REPRAM_MIN_TTL <= this <= REPRAM_MAX_TTL (the default moves into that range by itself).',
    sane: '3600.',
    danger: 'high values keep what nobody thought about.',
  },
  REPRAM_WRITE_TIMEOUT_MS: {
    setting: 'writeTimeoutMs',
    default: '2000',
    takes: wholeNumber(10, 60_000, 'milliseconds'),
    meaning:
      'Milliseconds a write waits for its quorum before it is answered 202: stored here, replication goes on.',
    sane: '2000; well below the 25 s of a gateway.',
    danger: 'below one round trip between hosts every write is answered 202.',
  },
  // The ceiling is half of what may ever queue for one peer, so that a largest value can always
  // be replicated.
  REPRAM_MAX_VALUE_BYTES: {
    setting: 'valueBytesMax',
    default: '10485760',
    takes: wholeNumber(1, 33_554_432, 'bytes'),
    meaning:
      'Bytes of the largest value that clients may write; longer ones are refused with 413. Whatever the container has, two of them may arrive at once.',
    sane: '10485760.',
    danger:
      'a large one needs as much free memory on every node; nodes that have less still take what others were given.',
  },
  // The ceiling keeps a percent-encoded key within the 16 KiB that Node.js takes as request line
  // and headers.
  REPRAM_MAX_KEY_BYTES: {
    setting: 'keyBytesMax',
    default: '1024',
    takes: wholeNumber(1, 4096, 'bytes'),
    meaning: 'Bytes (UTF-8) of the longest key that clients may write; longer ones are refused with 414.',
    sane: '1024.',
    danger:
      'long keys take memory that no value uses; nodes that have less still take what others were given.',
  },
  REPRAM_MAX_STORAGE_MB: {
    default: '0',
    takes: wholeNumber(0, 1_048_576, 'megabytes of 1048576 bytes (0 = computed)'),
    meaning:
      'Megabytes for keys, values and stubs of each node; beyond it writes get 507. 0 = (memory limit - 60 MB - 70 MB per process) x 0.6 / NODE_COUNT, at most (memory limit - 60 MB - 46 MB per process) / NODE_COUNT - 54 MB, at least 16.',
    sane: '0.',
    danger: 'more than the formula gives can get the container killed for its memory, all nodes at once.',
  },
  REPRAM_MAX_CONNECTIONS: {
    default: '0',
    takes: wholeNumber(0, 1_000_000, 'connections (0 = computed)'),
    meaning:
      'Connections a node takes at a time. When all are taken, the one that has waited longest for a request makes room, else the new one gets 503. 0 = a third of the ledger (see Memory) / 44 KB, 16 to 8192, and never more than the descriptors allow.',
    sane: '0.',
    danger:
      'each can cost 44 KB before it has asked for anything; more than the formula gives takes the room of bodies and answers.',
  },
  REPRAM_MAX_CONNECTIONS_PER_ADDRESS: {
    default: '0',
    takes: wholeNumber(0, 1_000_000, 'connections (0 = computed)'),
    meaning:
      'The same for one client address (IPv6 by /64). This host has no such limit, nor has a proxy whose range REPRAM_TRUST_PROXY names; with true it is half of all. 0 = a quarter of all, at least 8.',
    sane: '0; more where all clients come through a gateway that REPRAM_TRUST_PROXY does not name.',
    danger: 'as many as there are in total let one address take the place of all others.',
  },
  REPRAM_MAX_STREAMS: {
    default: '0',
    takes: wholeNumber(0, 1_000_000, 'streams (0 = computed)'),
    meaning:
      'Streams of /events that a node has at a time, and readers of /data that wait for a key; beyond it they get 503. 0 = half of REPRAM_MAX_CONNECTIONS.',
    sane: '0.',
    danger: 'as many as there are connections leave none for reads and writes.',
  },
  REPRAM_MAX_STREAM_BYTES: {
    setting: 'streamBytesMax',
    default: '262144',
    takes: wholeNumber(65_536, 67_108_864, 'bytes'),
    meaning:
      'Bytes of events that wait for one reader. One that falls further behind is told so and cut off; it comes back with its position.',
    sane: '262144.',
    danger: 'megabytes times REPRAM_MAX_STREAMS are what slow readers can cost.',
  },
} as const satisfies Record<string, Variable>;
