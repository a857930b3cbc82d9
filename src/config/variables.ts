// Every variable an operator may set: its default, what it does (with the formula where there is
// one), a sane value and the danger. docs/configuration.md says the same in the same order, and a
// test holds the two together. environment.ts says what a variable may hold. Below are the names of
// earlier and of later deployments.
import type { VariableName } from './environment';
import { PLATFORM_VARIABLES } from './platform-variables';
import { UNSET, type Variable } from './variable';

export const KNOWN_VARIABLES: readonly Variable[] = [
  {
    name: 'DISCOVERY_DOMAIN',
    default: 'localhost',
    meaning: 'Host name whose addresses are searched for peers over the port range, beside this host itself.',
    sane: 'the name the deployment is reached under; one that does not resolve costs nothing.',
    danger: 'a name of strangers sends them a probe now and then.',
  },
  {
    name: 'BASE_PORT',
    default: '8081',
    meaning:
      'First TCP port of the range that nodes claim. Node i tries BASE_PORT+i-1, then the range from its start.',
    sane: '1024 to 32000, below the ephemeral range.',
    danger:
      'below 1024 needs privileges; inside the ephemeral range an outgoing connection may hold the port.',
  },
  {
    name: 'MAX_PORTS',
    default: '10',
    meaning: 'Ports in the range: BASE_PORT to BASE_PORT+MAX_PORTS-1.',
    sane: 'NODE_COUNT plus room for a second launcher.',
    danger:
      'hundreds make every search for peers as long; ports that the container does not expose are dead ends.',
  },
  {
    name: 'NODE_COUNT',
    default: '3',
    meaning:
      'Nodes the launcher starts; at most MAX_PORTS. The quorum is counted from it until more nodes join.',
    sane: '3.',
    danger: 'each costs about 70 MB in a process of its own, and every node holds every value.',
  },
  {
    name: 'REPLICATION_FACTOR',
    default: '3',
    meaning:
      'Copies a write asks for. It is answered 201 once floor(min(REPLICATION_FACTOR, expected)/2)+1 nodes or hosts hold it.',
    sane: '3.',
    danger: '1 lets 201 mean that a single node holds it; a high one makes each write wait for more nodes.',
  },
  {
    name: 'REPRAM_CLEANUP_INTERVAL',
    default: '30',
    meaning:
      'Seconds between full verification sweeps of the store. Expiry itself is exact and does not wait for a sweep.',
    sane: '30.',
    danger: 'a few seconds burn CPU on a large store.',
  },
  {
    name: 'REPRAM_RATE_LIMIT',
    default: '100',
    meaning:
      'Requests per second for each client address, twice that in a burst; probes and metrics have ten times that. 0 = no limit.',
    sane: '100; 0 for benchmarks.',
    danger: '0 on a public port lets one client take all of the processor.',
  },
  {
    name: 'REPRAM_CLIENT_QUOTA',
    default: '25',
    meaning:
      'Percent of the network that one client address may occupy: of its storage times REPRAM_MAX_TTL, and twice that of its storage at any moment. Each node grants its part; beyond it writes get 429. 0 = no quota.',
    sane: '25; more, or an exempt address, where one public back end writes everything.',
    danger: '0 lets one client fill the memory within the rate limit.',
  },
  {
    name: 'REPRAM_QUOTA_EXEMPT',
    default: '127.0.0.0/8,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,169.254.0.0/16,::1/128,fc00::/7,fe80::/10',
    meaning:
      'CIDR ranges of clients without a quota: your own machines, by default all private addresses; or none.',
    sane: 'the default; with it the address of a back end that writes from elsewhere.',
    danger:
      'strangers who come through a proxy in these ranges have no quota unless REPRAM_TRUST_PROXY names it.',
  },
  {
    name: 'REPRAM_MIN_TTL',
    default: '300',
    meaning: 'Seconds. A shorter TTL is raised to this.',
    sane: '300.',
    danger:
      'must be the same on all nodes, or the same write lives differently long by the port it came in at.',
  },
  {
    name: 'REPRAM_MAX_TTL',
    default: '86400',
    meaning:
      'Seconds. A longer TTL is lowered to this; an expired write is remembered (32 bytes) until its time plus this.',
    sane: '86400.',
    danger: 'weeks let expired keys pile up as remembered stubs; must be the same on all nodes.',
  },
  {
    name: 'REPRAM_DEFAULT_TTL',
    default: '3600',
    meaning:
      'Seconds a write lives that names no TTL; REPRAM_MIN_TTL <= this <= REPRAM_MAX_TTL (the default moves into that range by itself).',
    sane: '3600.',
    danger: 'high values keep what nobody thought about.',
  },
  {
    name: 'REPRAM_WRITE_TIMEOUT_MS',
    default: '2000',
    meaning:
      'Milliseconds a write waits for its quorum before it is answered 202: stored here, replication goes on.',
    sane: '2000; well below the 25 s of a gateway.',
    danger: 'below one round trip between hosts every write is answered 202.',
  },
  {
    name: 'REPRAM_MAX_VALUE_BYTES',
    default: '10485760',
    meaning:
      'Bytes of the largest value; longer ones are refused with 413. Whatever the container has, two of them may arrive at once.',
    sane: '10485760.',
    danger: 'a large one needs as much free memory on every node; must be the same on all nodes.',
  },
  {
    name: 'REPRAM_MAX_KEY_BYTES',
    default: '1024',
    meaning: 'Bytes (UTF-8) of the longest key; longer ones are refused with 414.',
    sane: '1024.',
    danger: 'long keys take memory that no value uses; must be the same on all nodes.',
  },
  {
    name: 'REPRAM_MAX_STORAGE_MB',
    default: '0',
    meaning:
      'Megabytes for keys, values and stubs of each node; beyond it writes get 507. 0 = (memory limit - 60 MB - 70 MB per process) x 0.6 / NODE_COUNT, at least 16.',
    sane: '0.',
    danger: 'more than the formula gives can get the container killed for its memory, all nodes at once.',
  },
  {
    name: 'REPRAM_MAX_CONNECTIONS',
    default: '0',
    meaning:
      'Connections a node takes at a time. When all are taken, the one that has waited longest for a request makes room, else the new one gets 503. 0 = a third of the ledger (see Memory) / 44 KB, 16 to 8192, and never more than the descriptors allow.',
    sane: '0.',
    danger:
      'each can cost 44 KB before it has asked for anything; more than the formula gives takes the room of bodies and answers.',
  },
  {
    name: 'REPRAM_MAX_CONNECTIONS_PER_ADDRESS',
    default: '0',
    meaning:
      'The same for one client address (IPv6 by /64). This host has no such limit, nor has a proxy whose range REPRAM_TRUST_PROXY names; with true it is half of all. 0 = a quarter of all, at least 8.',
    sane: '0; more where all clients come through a gateway that REPRAM_TRUST_PROXY does not name.',
    danger: 'as many as there are in total let one address take the place of all others.',
  },
  {
    name: 'REPRAM_CLUSTER',
    default: 'repram',
    meaning: 'Name of the network; nodes of another name are left alone.',
    sane: 'one name per deployment.',
    danger: 'two deployments that share name and reach become one network.',
  },
  {
    name: 'REPRAM_CLUSTER_SECRET',
    default: UNSET,
    meaning:
      'Proven by both ends of every link, and never sent; links between hosts are encrypted with it. Without it only private addresses and configured peers may join.',
    sane: 'what openssl rand -hex 32 prints, the same on all nodes.',
    danger: 'who knows it can join and read everything; one that can be guessed is warned of at the start.',
  },
  {
    name: 'REPRAM_PEERS',
    default: UNSET,
    meaning:
      'Peers on other hosts: host:port or [IPv6]:port, separated by commas. Naming one of them on one side is enough.',
    sane: 'none on a single host.',
    danger: 'whoever answers there may join when there is no secret.',
  },
  {
    name: 'REPRAM_PEER_ALLOW',
    default: UNSET,
    meaning:
      'CIDR ranges accepted as peers beside loopback, private ranges and configured peers while there is no secret. ' +
      'Link-local addresses are dialled only where it names them.',
    sane: 'none; prefer a secret.',
    danger: 'everybody in the ranges can join.',
  },
  {
    name: 'REPRAM_TRUST_PROXY',
    default: 'false',
    meaning:
      'Whose X-Forwarded-For names the client for the rate limit: true (anybody), false, or CIDR ranges of the proxies.',
    sane: "the gateway's ranges; true on the Flux platform, whose gateways have no fixed addresses.",
    danger: 'true on a directly reachable port lets clients invent addresses, up to 50 times the rate limit.',
  },
  {
    name: 'REPRAM_ALLOWED_HOSTS',
    default: UNSET,
    meaning:
      'Names under which browsers may reach the nodes at private addresses, separated by commas: board.example, *.example.org, or * for all. DISCOVERY_DOMAIN, REPRAM_ADDRESS, names without a dot, IP addresses and localhost need not be named.',
    sane: 'none, or the name that a proxy in front passes on.',
    danger: '* lets a web page whose name leads to a private address pass for this node (DNS rebinding).',
  },
  {
    name: 'REPRAM_EXPECTED_HOSTS',
    default: '1',
    meaning: 'Hosts the network is meant to have at least. From 2 on a quorum counts hosts instead of nodes.',
    sane: 'the number of containers.',
    danger: 'more than ever run makes every write wait for its timeout and end as 202.',
  },
  {
    name: 'REPRAM_MAX_CLOCK_OFFSET_MS',
    default: '10000',
    meaning:
      "Milliseconds a write may be stamped ahead of the clock of the node that receives it; further ahead it is refused. Also the most by which other nodes' clocks move this node's stamps.",
    sane: '10000.',
    danger: 'above a minute "last writer wins" loses its meaning; below 1000 ordinary clocks get refused.',
  },
  {
    name: 'REPRAM_NODE_ID',
    default: UNSET,
    meaning:
      'Displayed name of the node, with -1, -2 ... under the launcher. Without it nodes are called flux-node-1, flux-node-2 ...',
    sane: 'the name of the host.',
    danger: 'none; nodes never compare names.',
  },
  {
    name: 'REPRAM_ADDRESS',
    default: UNSET,
    meaning:
      'Host name or IP address that other hosts shall use for the nodes here. Without it they use the one they see.',
    sane: 'the public address, when it is not the one connections come from.',
    danger: 'one that does not lead back here leaves the node reachable for its own dials only.',
  },
  {
    name: 'REPRAM_BIND_ADDRESS',
    default: UNSET,
    meaning: 'Address the ports are bound to beside 127.0.0.1. Without it all addresses, IPv6 and IPv4.',
    sane: 'none in a container; 127.0.0.1 for a try; 127.0.0.2, 127.0.0.3 ... for hosts on one machine.',
    danger: 'an address that peers cannot reach cuts the node off.',
  },
  {
    name: 'REPRAM_ISOLATION',
    default: 'process',
    meaning: 'process: each node in a process of its own. none: all nodes in one process.',
    sane: 'process; none in a container below 400 MB.',
    danger: 'none: one crash takes all copies on this host.',
  },
  {
    name: 'REPRAM_HUNG_AFTER_MS',
    default: '30000',
    meaning:
      'Milliseconds of silence after which the launcher kills and replaces a node process. A process beats every min(1000, this/4) ms.',
    sane: '30000.',
    danger: 'a few seconds replace nodes that were only slow, and each replacement copies all data.',
  },
  {
    name: 'REPRAM_LOG_LEVEL',
    default: 'info',
    meaning:
      'trace, debug, info, warn, error or silent. Keys are logged at debug and trace only, values never.',
    sane: 'info.',
    danger: 'debug and trace write lines per request.',
  },
  {
    name: 'REPRAM_LOG_FORMAT',
    default: 'auto',
    meaning: 'pretty, json, or auto: pretty on a terminal, one JSON object per line otherwise.',
    sane: 'auto.',
    danger: 'none.',
  },
  ...PLATFORM_VARIABLES,
];

/** Names of earlier deployments and what they mean today; null = accepted and ignored. */
export const DEPRECATED_VARIABLES: Readonly<Record<string, VariableName | null>> = {
  REPRAM_BOOTSTRAP_PEERS: 'REPRAM_PEERS',
  BOOTSTRAP_NODES: 'REPRAM_PEERS',
  NODE_ADDRESS: 'REPRAM_ADDRESS',
  REPRAM_REPLICATION: 'REPLICATION_FACTOR',
  USE_AUTO_DISCOVERY: null,
};

/** Names with a meaning in a later release. */
export const RESERVED_VARIABLES: readonly string[] = ['REPRAM_PUBLIC_URLS', 'REPRAM_STORE_URL'];

/** Set by the launcher for its children, the last one by tests; never by an operator. */
export const INTERNAL_VARIABLES: readonly string[] = [
  'REPRAM_NODE_INDEXES',
  'REPRAM_HOST_ID',
  'REPRAM_HOSTINFO_URL',
];

/** Never repeated in a message. */
export const SECRET_VARIABLES: readonly string[] = ['REPRAM_CLUSTER_SECRET'];
