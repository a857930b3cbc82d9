// How TypeScript becomes JavaScript wherever tests or scripts run it without building it:
// decorators as tsc compiles them (tsconfig.json). Types are checked by `npm run types`. One
// configuration for jest, scripts/run-ts.cjs and the mutants.
module.exports = {
  swcrc: false,
  configFile: false,
  jsc: {
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    target: 'es2022',
    keepClassNames: true,
  },
  module: { type: 'commonjs' },
  sourceMaps: 'inline',
};
