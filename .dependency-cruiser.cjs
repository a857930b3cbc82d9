// Which folder may know which (ARCHITECTURE.md draws the picture). `npm run arch` prints
// violations; test/architecture/dependency-direction.spec.ts runs the same rules, on the code and
// on fixtures that break them.

const SPEC = '\\.spec\\.ts$';
const NEST = '(^|/)@nestjs/';
const ROOT_FILE = '^src/[^/]+\\.ts$';
const LAUNCHER = '^src/launcher(\\.ts$|/)';
const CLI = '^src/cli(\\.ts$|/)';
const LOG = '^src/adapters/log\\.ts$';

/**
 * The folders of the core, top to bottom: each imports only what is below it (src/core/README.md).
 */
const STAIRS = [
  'node',
  'changes',
  'replication',
  'anti-entropy',
  'discovery',
  'membership',
  'peer',
  'links',
  'wire',
  'store',
  'version',
  'base',
];

/** A rule for what the code of one layer must not import; unit tests beside the code are free. */
const forbid = (name, comment, from, to, fromNot = []) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, pathNot: [SPEC, ...fromNot] },
  to,
});

/** Only `import type` may cross: the code is gone once compiled. */
const values = (path, pathNot) => ({
  path,
  ...(pathNot ? { pathNot } : {}),
  dependencyTypesNot: ['type-only'],
});

module.exports = {
  forbidden: [
    forbid(
      'core-alone',
      'The core knows nothing but itself: no npm, no Node.js, no other layer.',
      '^src/core/',
      {
        pathNot: '^src/core/',
      },
    ),

    ...STAIRS.slice(1).map((folder, above) =>
      forbid('core-downward', 'In the core nothing points back up the stairs.', `^src/core/${folder}/`, {
        path: `^src/core/(${STAIRS.slice(0, above + 1).join('|')})/`,
      }),
    ),
    forbid('core-on-stairs', 'Each folder of the core has its step.', '^src/core/', {
      path: '^src/core/[^/]+/',
      pathNot: `^src/core/(${STAIRS.join('|')})/`,
    }),

    forbid('output-alone', 'Where lines leave a process, nothing of the product is known.', '^src/output/', {
      path: '^src/',
      pathNot: '^src/output/',
    }),

    forbid('adapters-outward', 'Adapters know the core and the output of lines.', '^src/adapters/', {
      path: '^src/',
      pathNot: '^src/((adapters|core|output)/|config/time-limit\\.ts$)',
    }),
    forbid(
      'adapters-core-types',
      'Adapters implement for the core and never call it; its wire formats and constants they share.',
      '^src/adapters/',
      values('^src/core/', '^src/core/(wire|base)/'),
    ),
    forbid('adapters-without-nest', 'Adapters are plain Node.js.', '^src/adapters/', { path: NEST }),

    forbid('runtime-outward', 'The runtime knows core, adapters and config.', '^src/runtime/', {
      path: '^src/',
      pathNot: '^src/(runtime|core|adapters|config)/',
    }),
    forbid(
      'runtime-without-nest',
      'In the runtime only the module file is Nest.',
      '^src/runtime/',
      { path: NEST },
      ['\\.module\\.ts$'],
    ),

    forbid(
      'engines-outward',
      'An engine knows the interface that it implements, the address of its servers, and types.',
      '^src/engines/',
      values('^src/', '^src/(engines/|runtime/(data-engine|walk-places)\\.ts$|config/store-address\\.ts$)'),
    ),
    forbid('engines-without-core', 'An engine beside the core knows nothing of it.', '^src/engines/', {
      path: '^src/core/',
    }),
    forbid(
      'engines-loaded-late',
      'Only who builds the node knows the engines, so that they are loaded where they are chosen.',
      '^src/',
      { path: '^src/engines/' },
      ['^src/engines/', '^src/create-node\\.ts$'],
    ),

    forbid(
      'modules-outward',
      'Modules reach sockets, clocks and the core through the runtime only.',
      '^src/modules/',
      {
        path: ['^src/adapters/', LAUNCHER, ROOT_FILE],
        pathNot: LOG,
      },
    ),
    forbid(
      'modules-types',
      'Modules see core, config and the log as types; addresses have one reading.',
      '^src/modules/',
      values(['^src/(core|config)/', LOG], '^src/core/base/plain-address\\.ts$'),
    ),
    {
      name: 'modules-front-doors',
      comment: 'Of another module only its *.module.ts and *.service.ts are known.',
      severity: 'error',
      from: { path: '^src/modules/([^/]+)/', pathNot: SPEC },
      to: { path: '^src/modules/', pathNot: ['^src/modules/$1/', '\\.(module|service)\\.ts$'] },
    },

    forbid('http-outward', 'What the modules share of HTTP knows no module and no adapter.', '^src/http/', {
      path: ['^src/(modules|adapters)/', LAUNCHER, ROOT_FILE],
      pathNot: LOG,
    }),
    forbid(
      'http-types',
      'What the modules share of HTTP sees runtime, core and the log as types; tokens are names, and addresses have one reading and one list.',
      '^src/http/',
      values(
        ['^src/(core|runtime)/', LOG],
        '^src/(runtime/tokens|core/base/(plain-address|private-ranges))\\.ts$',
      ),
    ),

    forbid(
      'launcher-outward',
      'The launcher knows settings, child messages and output, no protocol.',
      LAUNCHER,
      {
        path: '^src/',
        pathNot: ['^src/(config|output)/', LAUNCHER],
      },
    ),
    forbid('launcher-without-nest', 'The launcher must start fast and survive its children.', LAUNCHER, {
      path: NEST,
    }),
    forbid('launcher-is-an-entry', 'Nothing imports the launcher.', '^src/', { path: LAUNCHER }, [LAUNCHER]),

    forbid(
      'cli-outward',
      'The command line is a client: it knows settings, the client and its terminal, and nodes by what they answer.',
      CLI,
      {
        path: '^src/',
        pathNot: ['^src/(client|config|mcp)/', '^src/output/(lost-terminal|plain-json)\\.ts$', CLI],
      },
    ),
    forbid('cli-without-nest', 'A command starts within a blink.', CLI, { path: NEST }),
    forbid('cli-is-an-entry', 'Nothing imports the command line.', '^src/', { path: CLI }, [CLI]),

    forbid('config-alone', 'Settings know no other layer; private addresses have one list.', '^src/config/', {
      path: '^src/',
      pathNot: ['^src/config/', '^src/core/base/private-ranges\\.ts$'],
    }),
    forbid('config-without-nest', 'Settings are plain TypeScript.', '^src/config/', { path: NEST }),

    forbid(
      'client-alone',
      'The client runs in browsers: it knows no other folder, no npm and nothing of Node.js.',
      '^src/client/',
      { pathNot: '^src/client/' },
    ),

    forbid('mcp-outward', 'The tools for models know the client, and nothing else of REPRAM.', '^src/mcp/', {
      path: '^src/',
      pathNot: '^src/(mcp|client)/',
    }),

    forbid('no-tests', 'Shipped code never imports tests or what was built.', '^src/', {
      path: [SPEC, '^test/', '^dist/'],
    }),
    forbid('no-unlisted-packages', 'What is bundled is named in package.json.', '^src/', {
      dependencyTypes: ['npm-no-pkg', 'npm-unknown'],
      dependencyTypesNot: ['type-only'],
    }),
    { name: 'no-cycles', comment: 'Not even of types.', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { conditionNames: ['require', 'node', 'default', 'types'] },
  },
};
