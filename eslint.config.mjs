// Lint rules: typescript-eslint's strictest type-checked set, plus the project's own boundaries.
// Zero warnings.
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const coreHasNo = 'The core is handed time and writes effects; it reaches nothing by itself.';
const ambient = [
  ...['Date', 'performance', 'process', 'console', 'Buffer', 'crypto', 'globalThis', 'queueMicrotask'],
  ...['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate'],
  ...[
    'fetch',
    'WebSocket',
    'TextEncoder',
    'TextDecoder',
    'structuredClone',
    'require',
    '__dirname',
    '__filename',
  ],
];

const moduleState = {
  message: 'No mutable state at module level: several nodes live in one process.',
  selectors: [
    'Program > VariableDeclaration[kind="let"]',
    'Program > ExportNamedDeclaration > VariableDeclaration[kind="let"]',
    ...['Program', 'Program > ExportNamedDeclaration'].map(
      (parent) =>
        `${parent} > VariableDeclaration > VariableDeclarator > NewExpression[callee.name=/^(Weak)?(Map|Set)$/][arguments.length=0]`,
    ),
  ],
};

/** A record that only grows may pass any exact length between two looks at it. */
const exactWait = {
  message: 'The record only grows and may jump past an exact length: wait for >=.',
  selectors: [
    'left.object.callee.property.name=/^(events|of|texts)$/',
    'left.object.callee.name=/^(named|statusesOf)$/',
  ].map(
    (recordIs) =>
      `CallExpression[callee.name="until"] BinaryExpression[operator="==="][left.property.name="length"][right.value!=0][${recordIs}]`,
  ),
};

/** Properties are written where they belong, however many lines that takes. */
const spreadLiteral = {
  selector: 'SpreadElement > ObjectExpression.argument',
  message: 'Write the properties themselves; a spread of a literal only hides them.',
};

/** Checks for plain JavaScript, which the TypeScript rule sets do not turn on. */
const plainJavaScript = {
  'no-undef': 'error',
  'no-unused-vars': 'error',
  'no-unreachable': 'error',
  'no-dupe-keys': 'error',
  'no-unsafe-finally': 'error',
  'no-var': 'error',
  'prefer-const': 'error',
  eqeqeq: 'error',
};

const globalsOf = (names) => Object.fromEntries(names.split(' ').map((name) => [name, 'readonly']));

export default defineConfig(
  globalIgnores(['dist/', 'coverage/', '.cache/', 'node_modules/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error', reportUnusedInlineConfigs: 'error' } },
  {
    files: ['**/*.{ts,tsx,mts}'],
    ignores: ['test/e2e/openapi-client/*.mts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { project: 'tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: 'error',
      // Nest types plain options by classes, and a DTO is checked by the validator, not by its
      // constructor.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // Contradicts no-non-null-assertion, which stays on.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: false, allowDefaultCaseForExhaustiveSwitch: false },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-console': 'error',
      'no-restricted-syntax': [
        'error',
        spreadLiteral,
        ...moduleState.selectors.map((selector) => ({ selector, message: moduleState.message })),
      ],
      'no-restricted-properties': [
        'error',
        {
          object: 'AbortSignal',
          property: 'any',
          message: 'It loses the signals that nobody else holds: src/config/time-limit.ts.',
        },
        {
          object: 'process',
          property: 'env',
          message: 'Only src/config/read-settings.ts reads the environment.',
        },
      ],
    },
  },
  {
    // The one reader of the environment, the launcher, which hands it on to its children, and the
    // one reader of the command line.
    files: [
      'src/config/read-settings.ts',
      'src/cli/environment.ts',
      'src/launcher.ts',
      'src/launcher/**/*.ts',
    ],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    files: ['src/core/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-globals': ['error', ...ambient.map((name) => ({ name, message: coreHasNo }))],
      'no-restricted-properties': ['error', { object: 'Math', property: 'random', message: coreHasNo }],
      'no-restricted-imports': ['error', { patterns: [{ regex: '^[^.]', message: coreHasNo }] }],
    },
  },
  {
    files: ['test/**/*.ts', '**/*.spec.ts'],
    rules: {
      // expect(object.method) takes methods apart, answers arrive as untyped JSON, stand-ins do
      // nothing on purpose.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-empty-function': ['error', { allow: ['arrowFunctions', 'methods'] }],
    },
  },
  {
    files: ['test/**/*.ts', 'src/**/*.spec.ts', 'scripts/**/*.ts', 'flux/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        spreadLiteral,
        ...exactWait.selectors.map((selector) => ({ selector, message: exactWait.message })),
      ],
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    languageOptions: {
      globals: globalsOf(
        'process console URL fetch AbortController AbortSignal setTimeout clearTimeout setInterval clearInterval Buffer performance',
      ),
    },
    rules: plainJavaScript,
  },
  {
    files: ['**/*.cjs'],
    languageOptions: { sourceType: 'commonjs', globals: globalsOf('module require __dirname') },
  },
  {
    // Pages are checked with what browsers have; their entries await at the top level.
    files: ['pages/**/*.{ts,tsx,mts}'],
    languageOptions: {
      parserOptions: { project: 'pages/tsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      'no-console': 'error',
      'no-restricted-syntax': [
        'error',
        spreadLiteral,
        {
          selector: 'JSXAttribute[name.name="dangerouslySetInnerHTML"]',
          message: 'What strangers stored is text, and stays text.',
        },
        {
          selector: 'AssignmentExpression > MemberExpression.left[property.name=/^(inner|outer)HTML$/]',
          message: 'What strangers stored is text, and stays text.',
        },
      ],
    },
  },
);
