// What comments and documents name that is nobody's of this project. Whatever else they name has to
// exist in it.

/** Names of others, one line for each owner. */
export const FOREIGN_NAMES: readonly string[] = [
  // Node.js and the web
  'EventSource',
  'SyntaxError',
  'constrainedMemory',
  'WebAssembly',
  // Fastify and Jest
  'Reply',
  'preHandler',
  'testTimeout',
  // Linux and POSIX
  'CLOCK_BOOTTIME',
  'CLOCK_MONOTONIC',
  'RLIMIT_AS',
  'RLIMIT_DATA',
  'SIG_IGN',
  'proc_pid_mountinfo',
  // Kubernetes
  'ConfigMap',
  'PersistentVolumeClaim',
  'StatefulSet',
  'livenessProbe',
  'preStop',
  'readinessProbe',
  'terminationGracePeriodSeconds',
  // Browsers and what draws in them
  'EventSource',
  'uPlot',
  // JSON Schema
  'multipleOf',
  // uPlot
  'uPlot',
  // Algorithms, notations, products and other people's writings
  'DefinitelyTyped',
  'SplitMix32',
  'TIGER_STYLE',
  'PascalCase',
  'UPPER_CASE',
  'camelCase',
  'macOS',
  'snake_case',
];

/** Files of others, of a reader's machine, or made by a test while it runs. */
export const FOREIGN_FILES: readonly string[] = [
  'Node.js',
  'Chart.js',
  '../other-checkout/dist',
  'PLAN.json',
  'api.d.mts',
];
