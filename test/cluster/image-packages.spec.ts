// The image leaves out parts of the packages by the names of their folders and files (Dockerfile.flux-sim); a node loads none.
import { execFileSync } from 'node:child_process';
import { relative, sep } from 'node:path';
import { PAGE } from '../../src/modules/docs/docs-files';
import { stagesOf, textsOf } from '../architecture/dockerfile';
import { PROJECT_ROOT, readProjectFile } from '../architecture/project-files';

/** Loads every compiled file except the two that start at once, and tells what that loaded. */
const LOAD_ALL = `
  const { readdirSync } = require('node:fs');
  for (const path of readdirSync('dist', { recursive: true }))
    if (path.endsWith('.js') && path !== 'launcher.js' && path !== 'node.js') require(require('node:path').resolve('dist', path));
  console.log(JSON.stringify(Object.keys(require.cache)));
  process.exit(0);
`;

const packages = stagesOf(readProjectFile('Dockerfile.flux-sim').text).find(({ base }) =>
  base.endsWith(' AS packages'),
);
const steps = packages === undefined ? [] : textsOf(packages, 'RUN').join(' && ').split(' && ');

/** The patterns of `-name` in the step that has this text. */
function namesIn(text: string): string[] {
  const step = steps.find((each) => each.includes(text)) ?? '';
  return [...step.matchAll(/-name '?([^ ']+)/g)].map(([, name]) => name);
}

const toPattern = (name: string): RegExp =>
  new RegExp(`^${name.replaceAll('.', '\\.').replaceAll('*', '.*')}$`);

function loadedParts(): string[][] {
  const output = execFileSync(process.execPath, ['-e', LOAD_ALL], { cwd: PROJECT_ROOT, encoding: 'utf8' });
  const paths = (JSON.parse(output) as string[]).map((path) => relative(PROJECT_ROOT, path).split(sep));
  return paths.filter(([top]) => top === 'node_modules');
}

it('the image drops no folder of a package that a node loads from', () => {
  const dropped = namesIn('-type d').map(toPattern);
  expect(dropped.length).toBeGreaterThan(10);
  const loaded = loadedParts();
  expect(loaded.length).toBeGreaterThan(500);
  const lost = loaded.filter((parts) => parts.some((part) => dropped.some((name) => name.test(part))));
  expect(lost.map((parts) => parts.join('/'))).toEqual([]);
});

it('the image keeps what the page of the API loads', () => {
  const kept = namesIn('swagger-ui-dist').map(toPattern);
  const asked = [...PAGE.matchAll(/"docs\/([^"]+)"/g)].map(([, name]) => name);
  const fromPackage = asked.filter((name) => name !== 'start.js');
  expect(fromPackage).toHaveLength(3);
  expect(fromPackage.filter((file) => !kept.some((name) => name.test(file)))).toEqual([]);
});
