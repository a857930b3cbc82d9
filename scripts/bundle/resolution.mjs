// Plugins of the bundler: which imports lead elsewhere than to the code itself.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/**
 * Nest asks for these where they are installed. In a bundle they never are; it takes the error for
 * a no.
 */
const OPTIONAL = [
  ...['@nestjs/microservices', '@nestjs/websockets', '@nestjs/platform-express', '@nestjs/swagger'],
  ...['@nestjs/mongoose', '@nestjs/typeorm', '@nestjs/sequelize', '@mikro-orm/core'],
  ...['@fastify/static', '@fastify/view', 'bufferutil', 'utf-8-validate'],
];

/**
 * Fastify would take these for a route with a schema. None has one (src/http/fastify-options.ts).
 */
const UNUSED = ['@fastify/ajv-compiler', '@fastify/fast-json-stringify-compiler'];

/**
 * Nest would take all of these, with every validator. It is handed what is needed of them instead.
 */
const HANDED = ['class-validator', 'class-transformer'];

const pattern = (names) => new RegExp(`^(?:${names.join('|')})(?:/|$)`);

export const optional = {
  name: 'optional',
  setup({ onResolve }) {
    onResolve({ filter: pattern([...OPTIONAL, ...UNUSED]) }, ({ path }) => ({ path, external: true }));
    onResolve({ filter: pattern(HANDED) }, ({ path, importer }) =>
      /node_modules.@nestjs/.test(importer) ? { path, external: true } : undefined,
    );
  },
};

/** The exports of `file`, each of which loads it when it is first read. */
function standIn(names, isFunction, file) {
  const load = `const load = () => require(${JSON.stringify(file)});`;
  const call = isFunction ? 'module.exports = (...args) => load()(...args);' : '';
  const define = `for (const name of ${JSON.stringify(names)})
    Object.defineProperty(module.exports, name, { enumerable: true, get: () => load()[name] });`;
  return [load, call, define].join('\n');
}

/**
 * Packages that are loaded, each from its own file in dist/packages/, when something of them is
 * first used.
 */
export function deferred(root, packages) {
  const { resolve } = createRequire(join(root, 'package.json'));
  const load = createRequire(import.meta.url);
  return {
    name: 'deferred',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: new RegExp(`^(?:${packages.join('|')})$`) }, ({ path }) => ({
        path,
        namespace: 'deferred',
      }));
      onLoad({ filter: /.*/, namespace: 'deferred' }, ({ path }) => {
        const loaded = load(resolve(path));
        const names = Object.keys(loaded).filter((name) => name !== '__esModule');
        return {
          contents: standIn(names, typeof loaded === 'function', `./packages/${path}.js`),
          resolveDir: root,
        };
      });
      onResolve({ filter: /^\.\/packages\//, namespace: 'deferred' }, ({ path }) => ({
        path,
        external: true,
      }));
    },
  };
}

/** What the entry of a node imports: its program, by the code that was compiled beforehand. */
export const compiledBeforehand = {
  name: 'compiled-beforehand',
  setup({ onResolve, onLoad }) {
    const loader = join(import.meta.dirname, 'load-compiled.cjs');
    onResolve({ filter: /^\.\/node-process$/ }, ({ path }) => ({ path, namespace: 'compiled-beforehand' }));
    onLoad({ filter: /.*/, namespace: 'compiled-beforehand' }, () => ({
      contents: `module.exports = require(${JSON.stringify(loader)}).load('node-program');`,
      resolveDir: import.meta.dirname,
    }));
  },
};

/** Nest's logger, with a formatter of dates that costs nothing until it is used. */
export const lateFormatter = {
  name: 'late-formatter',
  setup({ onLoad }) {
    const late = JSON.stringify(join(import.meta.dirname, 'late-date-time-format.cjs'));
    onLoad({ filter: /console-logger\.service\.js$/ }, ({ path }) => ({
      contents: `const Intl = require(${late});\n${readFileSync(path, 'utf8')}`,
    }));
  },
};
