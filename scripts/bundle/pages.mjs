// The pages for browsers: what Vite makes of pages/, and of each file that compresses a copy for
// each encoding, made once here and never while a node answers. The tools are loaded when they are
// needed, because most builds find that nothing changed.
import { readFileSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const COMPRESSIBLE = new Set(['.html', '.css', '.js', '.svg', '.json']);
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
const GZIP = { level: constants.Z_BEST_COMPRESSION };

async function withCompressed({ path, contents }) {
  const bytes = Buffer.from(contents);
  if (!COMPRESSIBLE.has(extname(path))) return [{ path, contents: bytes }];
  const [brotli, gzipped] = await Promise.all([
    promisify(brotliCompress)(bytes, BROTLI),
    promisify(gzip)(bytes, GZIP),
  ]);
  const packed = [
    { path: `${path}.br`, contents: brotli },
    { path: `${path}.gz`, contents: gzipped },
  ];
  return [{ path, contents: bytes }, ...packed.filter(({ contents }) => contents.length < bytes.length)];
}

/**
 * The files of dist/pages by their path in dist/, and the paths of the modules that are in them.
 */
export async function pages(root) {
  const { build } = await import('vite');
  const { output } = await build({
    configFile: join(root, 'pages', 'vite.config.mts'),
    build: { write: false },
  });
  const files = output.map((file) => ({
    path: `pages/${file.fileName}`,
    contents: file.type === 'chunk' ? file.code : file.source,
  }));
  const modules = output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
  return {
    files: (await Promise.all(files.map(withCompressed))).flat(),
    inputs: [...new Set(modules.map((path) => relative(root, path)))].sort(),
  };
}

/** The types of what a node answers, as the text of a module, from the description of the API. */
export async function typesOf(description) {
  const { default: openapiTypes, astToString } = await import('openapi-typescript');
  const document = JSON.parse(readFileSync(description, 'utf8'));
  return `// Made by the build of dist/openapi.json.\n${astToString(await openapiTypes(document))}`;
}
