// The rows about the network: whom a node trusts and finds, how others reach it, how its process
// runs and logs, and what the Flux platform says of it. variables.ts joins them with the other
// rows.
import {
  anyText,
  baseUrls,
  bindAddress,
  cidrs,
  hostPatterns,
  hostPorts,
  name,
  oneOf,
  platformAddress,
  portPairs,
  reachableHost,
  secret,
  trustProxy,
  UNSET,
  wholeNumber,
} from './variable';
import type { Variable } from './variable';

export const NETWORK_VARIABLES = {
  REPRAM_CLUSTER: {
    setting: 'cluster',
    default: 'repram',
    takes: name(64),
    meaning: 'Name of the network; nodes of another name are left alone.',
    sane: 'one name per deployment.',
    danger: 'two deployments that share name and reach become one network.',
  },
  REPRAM_CLUSTER_SECRET: {
    setting: 'clusterSecret',
    default: UNSET,
    takes: secret(1024),
    meaning:
      'Proven by both ends of every link, and never sent; links between hosts are encrypted with it. Without it only private addresses and configured peers may join.',
    sane: 'what openssl rand -hex 32 prints, the same on all nodes.',
    danger: 'who knows it can join and read everything; one that can be guessed is warned of at the start.',
  },
  REPRAM_PEERS: {
    setting: 'peers',
    default: UNSET,
    takes: hostPorts(),
    meaning:
      'Peers on other hosts: host:port or [IPv6]:port, separated by commas. Naming one of them on one side is enough.',
    sane: 'none on a single host.',
    danger: 'whoever answers there may join when there is no secret.',
  },
  REPRAM_PEER_ALLOW: {
    setting: 'peerAllow',
    default: UNSET,
    takes: cidrs(),
    meaning:
      'CIDR ranges accepted as peers beside loopback, private ranges and configured peers while there is no secret. Link-local addresses are dialled only where it names them.',
    sane: 'none; prefer a secret.',
    danger:
      'everybody in the ranges can join, and read and write everything; wide ones of public addresses are warned of at the start.',
  },
  REPRAM_TRUST_PROXY: {
    setting: 'trustProxy',
    default: 'false',
    takes: trustProxy(),
    meaning:
      'Whose X-Forwarded-For names the client for the rate limit: true (anybody), false, or CIDR ranges of the proxies.',
    sane: "the gateway's ranges; true on the Flux platform, whose gateways have no fixed addresses.",
    danger: 'true on a directly reachable port lets clients invent addresses, up to 50 times the rate limit.',
  },
  REPRAM_ALLOWED_HOSTS: {
    setting: 'allowedHosts',
    default: UNSET,
    takes: hostPatterns(),
    meaning:
      'Names under which browsers may reach the nodes at private addresses, separated by commas: board.example, *.example.org, or * for all. DISCOVERY_DOMAIN, REPRAM_ADDRESS, names without a dot, IP addresses and localhost need not be named.',
    sane: 'none, or the name that a proxy in front passes on.',
    danger: '* lets a web page whose name leads to a private address pass for this node (DNS rebinding).',
  },
  REPRAM_EXPECTED_HOSTS: {
    setting: 'expectedHosts',
    default: '1',
    takes: wholeNumber(1, 1000, 'hosts'),
    meaning: 'Hosts the network is meant to have at least. From 2 on a quorum counts hosts instead of nodes.',
    sane: 'the number of containers.',
    danger: 'more than ever run makes every write wait for its timeout and end as 202.',
  },
  REPRAM_MAX_CLOCK_OFFSET_MS: {
    setting: 'clockOffsetMaxMs',
    default: '10000',
    takes: wholeNumber(100, 600_000, 'milliseconds'),
    meaning:
      "Milliseconds a write may be stamped ahead of the clock of the node that receives it; further ahead it is refused. Also the most by which other nodes' clocks move this node's stamps.",
    sane: '10000.',
    danger: 'above a minute "last writer wins" loses its meaning; below 1000 ordinary clocks get refused.',
  },
  REPRAM_NODE_ID: {
    default: UNSET,
    takes: name(128),
    meaning:
      'Displayed name of the node, with -1, -2 ... under the launcher. Without it nodes are called flux-node-1, flux-node-2 ...',
    sane: 'the name of the host.',
    danger: 'none; nodes never compare names.',
  },
  REPRAM_ADDRESS: {
    setting: 'address',
    default: UNSET,
    takes: reachableHost(),
    meaning:
      'Host name or IP address that other hosts shall use for the nodes here. Without it they use the one they see.',
    sane: 'the public address, when it is not the one connections come from.',
    danger: 'one that does not lead back here leaves the node reachable for its own dials only.',
  },
  REPRAM_BIND_ADDRESS: {
    setting: 'bindAddress',
    default: UNSET,
    takes: bindAddress(),
    meaning: 'Address the ports are bound to beside 127.0.0.1. Without it all addresses, IPv6 and IPv4.',
    sane: 'none in a container; 127.0.0.1 for a try; 127.0.0.2, 127.0.0.3 ... for hosts on one machine.',
    danger: 'an address that peers cannot reach cuts the node off.',
  },
  REPRAM_ISOLATION: {
    setting: 'isolation',
    default: 'process',
    takes: oneOf('process', 'none'),
    meaning: 'process: each node in a process of its own. none: all nodes in one process.',
    sane: 'process; none in a container below 400 MB.',
    danger: 'none: one crash takes all copies on this host.',
  },
  REPRAM_DATA_LANE: {
    setting: 'dataLane',
    default: 'on',
    takes: oneOf('on', 'off'),
    meaning:
      'on: ordinary requests for values are answered ahead of the router. off: the router leads all of them. The answers are the same.',
    sane: 'on; off only to find out whether it is to blame for something.',
    danger: 'off makes each request dearer.',
  },
  REPRAM_HUNG_AFTER_MS: {
    setting: 'hungAfterMs',
    default: '30000',
    takes: wholeNumber(1000, 600_000, 'milliseconds'),
    meaning:
      'Milliseconds of silence after which the launcher kills and replaces a node process. A process beats every min(1000, this/4) ms.',
    sane: '30000.',
    danger: 'a few seconds replace nodes that were only slow, and each replacement copies all data.',
  },
  REPRAM_LOG_LEVEL: {
    setting: 'logLevel',
    default: 'info',
    takes: oneOf('trace', 'debug', 'info', 'warn', 'error', 'silent'),
    meaning:
      'trace, debug, info, warn, error or silent. Keys are logged at debug and trace only, values never.',
    sane: 'info.',
    danger: 'debug writes a line for each request, trace two, and neither has a budget.',
  },
  REPRAM_LOG_FORMAT: {
    default: 'auto',
    takes: oneOf('auto', 'pretty', 'json'),
    meaning: 'pretty, json, or auto: pretty on a terminal, one JSON object per line otherwise.',
    sane: 'auto.',
    danger: 'none.',
  },
  APP_NAME: {
    default: UNSET,
    takes: name(63),
    meaning:
      'Name of the application on the Flux platform; with one, its other instances are looked up there. Wins over FLUX_APP_NAME.',
    sane: 'none on the platform, which sets FLUX_APP_NAME.',
    danger: 'the name of a strange application: its hosts are asked, and may join when there is no secret.',
  },
  FLUX_APP_NAME: {
    default: UNSET,
    takes: name(63),
    meaning: 'The same, set by the platform in every container.',
    sane: 'leave it alone.',
    danger: 'as above.',
  },
  FLUX_NODE_HOST_IP: {
    setting: 'hostAddress',
    default: UNSET,
    takes: platformAddress(),
    meaning:
      'Address of the host when the container was made, set by the platform. What the host tells later (hostinfo) replaces it.',
    sane: 'leave it alone.',
    danger: 'a wrong one is advertised to the peers; REPRAM_ADDRESS wins over it.',
  },
  FLUX_API_URL: {
    setting: 'fluxApiUrls',
    default: 'https://api.runonflux.io',
    takes: baseUrls(),
    meaning:
      "Base URLs of the platform's API, separated by commas. They are asked in turn, the next one when one fails or knows nobody.",
    sane: 'the default.',
    danger: 'whoever answers there names hosts that are asked, and may join when there is no secret.',
  },
  REPRAM_ADVERTISE_PORTS: {
    setting: 'advertisePorts',
    default: UNSET,
    takes: portPairs(),
    meaning:
      'Ports of the container and of the host that lead to them, as 8081:38081,8082:38082. Without it the specification of the application tells them, else they are taken for equal.',
    sane: "one pair for each port of the container's range.",
    danger: 'a wrong host port leaves the node reachable for its own dials only.',
  },
  // Judged by reading it (secret-file.ts).
  REPRAM_CLUSTER_SECRET_FILE: {
    default: UNSET,
    takes: anyText(),
    meaning:
      'File whose whole content, without white space at either end, is the secret. Instead of REPRAM_CLUSTER_SECRET.',
    sane: 'a file only the container can read, where the variables are public.',
    danger: 'every node reads it at its start: it must stay there.',
  },
} as const satisfies Record<string, Variable>;
