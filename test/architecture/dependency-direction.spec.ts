// The rules of .dependency-cruiser.cjs hold for src/, and each of them reports what it is there to
// report.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { linkPackages, removeTree, writeTree } from './fixture-tree';
import { PROJECT_ROOT } from './project-files';

interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
}

function cruise(root: string): readonly Violation[] {
  const program = join(PROJECT_ROOT, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
  const config = join(PROJECT_ROOT, '.dependency-cruiser.cjs');
  const args = [program, '--config', config, '--output-type', 'json', 'src'];
  const done = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (!done.stdout.startsWith('{')) throw new Error(`dependency-cruiser failed: ${done.stderr}`);
  const { summary } = JSON.parse(done.stdout) as { summary: { violations: Violation[] } };
  return summary.violations;
}

const PACKAGE = '{"name":"fixture","devDependencies":{"ws":"*","@nestjs/common":"*"}}';

/** Sound files for the broken ones to import. */
const SOUND: Readonly<Record<string, string>> = {
  'package.json': PACKAGE,
  'src/core/store.ts': 'export class Store {}\n',
  'src/core/node/top.ts': 'export const top = 1;\n',
  'src/core/peer/middle.ts': 'export const middle = 1;\n',
  'src/core/elsewhere/shed.ts': 'export const shed = 1;\n',
  'src/adapters/links.ts': 'export const links = 1;\n',
  'src/config/settings.ts': 'export const settings = {};\n',
  'src/config/settings.spec.ts': 'export {};\n',
  'src/runtime/runtime.ts': 'export class Runtime {}\n',
  'src/modules/data/data.service.ts': 'export class DataService {}\n',
  'src/modules/data/key.ts': 'export const key = 1;\n',
  'src/launcher/children.ts': 'export const children = 1;\n',
  'src/cli/words.ts': 'export const words = 1;\n',
};

/** What each broken file imports, and the rule that must say so. */
const BROKEN: readonly (readonly [path: string, imported: string, rule: string])[] = [
  ['src/core/reads-files.ts', 'node:fs', 'core-alone'],
  ['src/core/uses-npm.ts', 'ws', 'core-alone'],
  ['src/core/uses-runtime.ts', '../runtime/runtime', 'core-alone'],
  ['src/core/membership/looks-up.ts', '../node/top', 'core-downward'],
  ['src/core/base/looks-up.ts', '../peer/middle', 'core-downward'],
  ['src/core/node/leaves-the-stairs.ts', '../elsewhere/shed', 'core-on-stairs'],
  ['src/output/reads-settings.ts', '../config/settings', 'output-alone'],
  ['src/adapters/calls-core.ts', '../core/store', 'adapters-core-types'],
  ['src/adapters/reads-settings.ts', '../config/settings', 'adapters-outward'],
  ['src/adapters/injected.ts', '@nestjs/common', 'adapters-without-nest'],
  ['src/runtime/injected.ts', '@nestjs/common', 'runtime-without-nest'],
  ['src/runtime/serves-http.ts', '../modules/data/data.service', 'runtime-outward'],
  ['src/modules/data/calls-core.ts', '../../core/store', 'modules-types'],
  ['src/modules/health/back-door.ts', '../data/key', 'modules-front-doors'],
  ['src/modules/health/opens-sockets.ts', '../../adapters/links', 'modules-outward'],
  ['src/http/knows-module.ts', '../modules/data/data.service', 'http-outward'],
  ['src/http/calls-runtime.ts', '../runtime/runtime', 'http-types'],
  ['src/launcher/knows-protocol.ts', '../runtime/runtime', 'launcher-outward'],
  ['src/launcher/injected.ts', '@nestjs/common', 'launcher-without-nest'],
  ['src/node.ts', './launcher/children', 'launcher-is-an-entry'],
  ['src/config/knows-core.ts', '../core/store', 'config-alone'],
  ['src/config/injected.ts', '@nestjs/common', 'config-without-nest'],
  ['src/client/reads-files.ts', 'node:fs', 'client-alone'],
  ['src/client/uses-npm.ts', 'ws', 'client-alone'],
  ['src/client/reads-settings.ts', '../config/settings', 'client-alone'],
  ['src/config/uses-unlisted.ts', 'supertest', 'no-unlisted-packages'],
  ['src/cli/knows-nodes.ts', '../runtime/runtime', 'cli-outward'],
  ['src/cli/injected.ts', '@nestjs/common', 'cli-without-nest'],
  ['src/health-check.ts', './cli/words', 'cli-is-an-entry'],
  ['src/mcp/reads-settings.ts', '../config/settings', 'mcp-outward'],
  ['src/config/uses-unknown.ts', './nowhere', 'no-unresolved'],
  ['src/config/uses-test.ts', './settings.spec', 'no-tests'],
  ['src/config/ring-a.ts', './ring-b', 'no-cycles'],
  ['src/config/ring-b.ts', './ring-a', 'no-cycles'],
];

const ALLOWED: Readonly<Record<string, string>> = {
  'package.json': PACKAGE,
  'src/core/store.ts': 'export class Store {}\n',
  'src/core/store.spec.ts': "import 'node:fs';\nimport './store';\n",
  'src/core/base/version.ts': 'export const version = 1;\n',
  'src/core/peer/member.ts': "import '../base/version';\n",
  'src/core/node/core-node.ts': "import '../peer/member';\nimport '../base/version';\n",
  'src/adapters/links.ts':
    "import 'ws';\nimport type { Store } from '../core/store';\nexport type S = Store;\n",
  'src/runtime/runtime.ts':
    "import '../core/store';\nimport '../adapters/links';\nimport '../config/settings';\n",
  'src/runtime/runtime.module.ts': "import '@nestjs/common';\nimport './runtime';\n",
  'src/core/base/private-ranges.ts': 'export const ranges = [];\n',
  'src/config/settings.ts': "import '../core/base/private-ranges';\nexport const settings = {};\n",
  'src/modules/data/data.service.ts': "import '../../runtime/runtime';\nimport '../../http/problem';\n",
  'src/modules/health/health.module.ts':
    "import '../data/data.service';\nimport type { Store } from '../../core/store';\nexport type S = Store;\n",
  'src/http/problem.ts': "import '@nestjs/common';\nimport '../core/base/private-ranges';\n",
  'src/cli.ts': "import './cli/words';\n",
  'src/cli/words.ts': "import '../client/call';\nimport '../config/settings';\n",
  'src/client/call.ts': 'export const call = 1;\n',
  'src/launcher.ts': "import './launcher/children';\n",
  'src/launcher/children.ts': "import 'node:child_process';\nimport '../config/settings';\n",
};

describe('dependency direction', () => {
  const roots: string[] = [];
  afterAll(() => roots.forEach(removeTree));

  /** "rule: file" for each violation in a project of these files. */
  function cruiseTree(files: Readonly<Record<string, string>>): string[] {
    const root = writeTree(files);
    roots.push(root);
    linkPackages(root);
    return cruise(root)
      .map(({ rule, from }) => `${rule.name}: ${from}`)
      .sort();
  }

  it('holds for everything in src', () => {
    expect(cruise(PROJECT_ROOT).map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`)).toEqual([]);
  });

  it('lets each layer use what it is meant to use', () => {
    expect(cruiseTree(ALLOWED)).toEqual([]);
  });

  it('reports each way of breaking it', () => {
    const broken = BROKEN.map(([path, imported]) => [path, `import '${imported}';\n`] as const);
    const reported = cruiseTree({ ...SOUND, ...Object.fromEntries(broken) });
    // A ring is reported once, from the file that was met first.
    const expected = BROKEN.filter(([path]) => path !== 'src/config/ring-b.ts');
    expect(reported).toEqual(expected.map(([path, , rule]) => `${rule}: ${path}`).sort());
  });

  it('counts an import of types as knowing, in the core and in rings', () => {
    const files = {
      'package.json': PACKAGE,
      'src/runtime/runtime.ts': "import type { Core } from '../core/core';\nexport type Runtime = Core;\n",
      'src/core/core.ts': "import type { Runtime } from '../runtime/runtime';\nexport type Core = Runtime;\n",
    };
    expect(cruiseTree(files)).toEqual(['core-alone: src/core/core.ts', 'no-cycles: src/core/core.ts']);
  });
});
