// The rows about servers that hold the values in place of the nodes (docs/engines.md). variables.ts
// joins them with the other rows.
import { certificateFile, storeUrl, UNSET, wholeNumber } from './variable';
import type { Variable } from './variable';

export const STORE_VARIABLES = {
  REPRAM_STORE_URL: {
    setting: 'store',
    default: UNSET,
    takes: storeUrl(),
    meaning:
      'Valkey or Redis servers that hold the values: redis://, rediss:// (TLS), redis-cluster:// or rediss-cluster://, or the same with valkey, then [user:password@]host[:port][/database]; for a cluster several host:port, separated by commas. Unset, the nodes hold them.',
    sane: 'none, until the values outgrow the memory of one node; then a cluster with replicas.',
    danger: 'what the servers promise is less than what the nodes promise (docs/engines.md).',
  },
  REPRAM_STORE_CA_FILE: {
    setting: 'storeCaFile',
    default: UNSET,
    takes: certificateFile(),
    meaning:
      'File with the certificates (PEM) that those of the servers are held against, for rediss. Unset, the ones that Node.js knows.',
    sane: 'none for public certificates, else the file of your own authority.',
    danger: 'it is read once, at the start.',
  },
  REPRAM_STORE_TIMEOUT_MS: {
    setting: 'storeTimeoutMs',
    default: '2000',
    takes: wholeNumber(50, 20_000, 'milliseconds'),
    meaning:
      'Milliseconds that a request waits for the servers, and a server may take for an answer before its connection is given up.',
    sane: '2000; well below the 25 s of a gateway.',
    danger: 'below a few hundred each hiccup of a server ends requests; many seconds let them pile up.',
  },
} as const satisfies Record<string, Variable>;
