// Eleven kinds of tests, one jest project each. scripts/test.mjs runs them all.
const { join } = require('node:path');
const swc = require('./scripts/swc.cjs');
const { hasServer, testFiles } = require('./scripts/test-engines.cjs');

const transform = { '^.+\\.ts$': ['@swc/jest', swc] };

/**
 * Looked up once for a module. Jest's sandbox makes each look-up of a global slow, and what the
 * core and the simulator compute takes three times as long for it. What fake timers replace cannot
 * be among them.
 */
const QUICK_GLOBALS = [
  ...['Math', 'Infinity', 'Number', 'String', 'Object', 'Array', 'Map', 'Set'],
  ...['Buffer', 'DataView', 'Uint8Array', 'Int32Array', 'Uint32Array'],
];

/** `testTimeout` counts only at the top level, so each project sets its own in a set-up file. */
const project = (displayName, ...testMatch) => ({
  displayName,
  rootDir: __dirname,
  testMatch: testMatch.map((pattern) => `<rootDir>/${pattern}`),
  testEnvironment: 'node',
  cacheDirectory: join(__dirname, '.cache', 'jest'),
  transform,
  sandboxInjectedGlobals: QUICK_GLOBALS,
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.cache/'],
  // What the pages compute needs no page: of their signals the part that knows none.
  moduleNameMapper: { '^@preact/signals$': '@preact/signals-core' },
  setupFiles: ['reflect-metadata'],
  restoreMocks: true,
  setupFilesAfterEnv: ['<rootDir>/test/support/basics/patience.ts'],
});

/** What holds whatever keeps the values, once more with a server; nothing where there is none. */
function onStore() {
  const files = hasServer() ? testFiles().filter(({ why }) => why === null) : [];
  const base = project('e2e-store', ...files.map(({ path }) => path));
  return {
    ...base,
    setupFiles: [...base.setupFiles, '<rootDir>/test/support/redis/on-store.ts'],
    globalSetup: '<rootDir>/test/support/redis/store-run.ts',
    globalTeardown: '<rootDir>/test/support/redis/store-run-end.ts',
  };
}

module.exports = {
  testSequencer: '<rootDir>/scripts/test-order.cjs',
  projects: [
    project(
      'unit',
      'src/**/*.spec.ts',
      'pages/**/*.spec.ts',
      'test/support/**/*.spec.ts',
      'test/bench/**/*.spec.ts',
    ),
    project('architecture', 'test/architecture/**/*.spec.ts'),
    project('simulation', 'test/simulation/**/*.spec.ts'),
    project('fuzz', 'test/fuzz/**/*.spec.ts'),
    project('core', 'test/core/**/*.spec.ts'),
    project('e2e', 'test/e2e/**/*.spec.ts'),
    onStore(),
    project('flux', 'test/flux/**/*.spec.ts'),
    project('cluster', 'test/cluster/**/*.spec.ts'),
    project('chaos', 'test/chaos/**/*.spec.ts'),
    project('browser', 'test/browser/**/*.spec.ts'),
  ],
};
