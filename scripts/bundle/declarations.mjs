// The types of an entry and of what it imports, as the text of one module: what tsc declares for
// each file, one after the other. Only what the entry exports is exported.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const ts = createRequire(import.meta.url)('typescript');

const IMPORT = /^import .*?;\n/gms;
const NAMES = /^export (type )?\{([^}]*)\} from '[^']*';\n/gm;

/** @returns the declarations of each file, by the path of the file without its ending */
function emit(entry, tsconfig) {
  const { config, error } = ts.readConfigFile(tsconfig, ts.sys.readFile);
  if (error) throw new Error(ts.formatDiagnostic(error, HOST));
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, dirname(tsconfig));
  const emitted = {
    ...options,
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    sourceMap: false,
  };
  const program = ts.createProgram([entry], { ...emitted, rootDir: dirname(entry), outDir: dirname(entry) });
  const wrong = ts.getPreEmitDiagnostics(program);
  if (wrong.length > 0) throw new Error(ts.formatDiagnostics(wrong, HOST));
  const texts = new Map();
  program.emit(undefined, (path, text) => texts.set(path.replace(/\.d\.ts$/, ''), text));
  return texts;
}

const HOST = {
  getCanonicalFileName: (path) => path,
  getCurrentDirectory: () => process.cwd(),
  getNewLine: () => '\n',
};

export function declarationsOf(entry, tsconfig) {
  const texts = emit(entry, tsconfig);
  const index = texts.get(join(dirname(entry), 'index'));
  const parts = [...texts]
    .filter(([path]) => !path.endsWith('/index'))
    .map(([, text]) =>
      text
        .replace(IMPORT, '')
        .replace(/^export \{\};\n/gm, '')
        .replace(/^export (?=\w)/gm, ''),
    );
  const exported = [...index.matchAll(NAMES)].map(([, type = '', names]) => `export ${type}{${names}};\n`);
  return [...parts, ...exported].join('');
}
