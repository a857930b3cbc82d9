// The client of dist/client: one file for import, one for require(), and its types in one file for
// each. It is made from the sources, because it runs where Node.js does not.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { declarationsOf } from './declarations.mjs';

const OPTIONS = {
  bundle: true,
  write: false,
  target: 'es2022',
  sourcemap: false,
  legalComments: 'none',
  logLevel: 'warning',
};

/** The files of dist/client, by their path in dist/. None where there is no client. */
export async function client(root) {
  const entry = join(root, 'src', 'client', 'index.ts');
  if (!existsSync(entry)) return [];
  const tsconfig = join(root, 'tsconfig.client.json');
  const bundleAs = async (format, platform) => {
    const { outputFiles } = await build({
      ...OPTIONS,
      absWorkingDir: root,
      entryPoints: [entry],
      tsconfig,
      format,
      platform,
    });
    return outputFiles[0].contents;
  };
  // In the first one, what is of Node.js fails the build. The second one names its exports as
  // Node.js finds them.
  const [module, script] = await Promise.all([bundleAs('esm', 'browser'), bundleAs('cjs', 'node')]);
  const types = declarationsOf(entry, tsconfig);
  return [
    { path: 'client/index.mjs', contents: module },
    { path: 'client/index.cjs', contents: script },
    ...['ts', 'mts', 'cts'].map((ending) => ({ path: `client/index.d.${ending}`, contents: types })),
  ];
}
