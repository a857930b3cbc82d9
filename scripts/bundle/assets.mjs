// What dist/ has besides code: the files of the page /docs, and who made the packages that are in
// the bundle. The manifests are what a scanner of the image finds, the licences what their authors
// ask for.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const SWAGGER_UI = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'];
const PAPERS = /^(?:licen[cs]e|copying|notice)/i;
const TOLD = ['name', 'version', 'license', 'author', 'homepage', 'repository'];

/**
 * `node_modules/a/node_modules/@b/c/lib/d.js`: the folder of `@b/c`. Null for what is not a
 * package's.
 */
function packageFolder(path) {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? null;
}

function papersOf(root, folder) {
  const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  const told = Object.fromEntries(TOLD.map((field) => [field, manifest[field]]));
  const to = `licenses/${manifest.name}@${manifest.version}`;
  const papers = readdirSync(join(root, folder)).filter((name) => PAPERS.test(name));
  return [
    { path: `${to}/package.json`, contents: `${JSON.stringify(told, null, 2)}\n` },
    ...papers.map((name) => ({ path: `${to}/${name}`, contents: readFileSync(join(root, folder, name)) })),
  ];
}

/** @param inputs paths of the files in the bundle, from `root` on */
export function assets(root, inputs) {
  const ui = 'node_modules/swagger-ui-dist';
  const folders = new Set(
    [...inputs, `${ui}/package.json`].map(packageFolder).filter((folder) => folder !== null),
  );
  const page = SWAGGER_UI.map((name) => ({
    path: `swagger-ui/${name}`,
    contents: readFileSync(join(root, ui, name)),
  }));
  return [...page, ...[...folders].sort().flatMap((folder) => papersOf(root, folder))];
}
