// Documents and code tell the same: variables, error codes and routes, both ways.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { controllerRoutes } from './controller-routes';
import { difference, listedRoutes, listedTerms } from './documents';
import { PROJECT_ROOT, readProjectFile, typescriptBelow } from './project-files';

const AGREED = { undocumented: [], unknown: [] };
const VARIABLE = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/;
const PACKAGE = /^(@[a-z-]+\/)?[a-z][a-z-]*$/;
const ERROR_CODE = /^[a-z]+(-[a-z]+)*$/;

function documentText(path: string): string {
  if (!existsSync(join(PROJECT_ROOT, path))) throw new Error(`${path} is missing`);
  return readProjectFile(path).text;
}

/** The names in an exported list of {name}, or the keys of an exported record. */
function exportedNames(path: string, name: string): string[] {
  if (!existsSync(join(PROJECT_ROOT, path))) throw new Error(`${path} is missing; it should export ${name}`);
  const members = jest.requireActual<Record<string, object | undefined>>(join(PROJECT_ROOT, path));
  const member = members[name];
  if (member === undefined) throw new Error(`${path} does not export ${name}`);
  if (!Array.isArray(member)) return Object.keys(member);
  return (member as readonly { readonly name: string }[]).map((each) => each.name);
}

describe('documents and code', () => {
  it('docs/configuration.md lists exactly the variables that are read', () => {
    const known = exportedNames('src/config/variables.ts', 'KNOWN_VARIABLES');
    const deprecated = exportedNames('src/config/variables.ts', 'DEPRECATED_VARIABLES');
    const listed = listedTerms(documentText('docs/configuration.md'), VARIABLE);
    expect(difference([...known, ...deprecated], listed)).toEqual(AGREED);
  });

  it('docs/errors.md lists exactly the codes that answers can carry', () => {
    const codes = exportedNames('src/http/problem-codes.ts', 'PROBLEM_CODES');
    expect(difference(codes, listedTerms(documentText('docs/errors.md'), ERROR_CODE))).toEqual(AGREED);
  });

  it('docs/dependencies.md lists exactly the packages of package.json', () => {
    const { devDependencies } = JSON.parse(documentText('package.json')) as Record<string, object>;
    const packages = Object.keys(devDependencies);
    const listed = listedTerms(documentText('docs/dependencies.md'), PACKAGE);
    expect(difference(packages, listed)).toEqual(AGREED);
  });

  it('README.md lists exactly the routes that the controllers serve', () => {
    const controllers = typescriptBelow('src').filter(({ path }) => path.endsWith('.controller.ts'));
    expect(
      difference(controllers.flatMap(controllerRoutes), listedRoutes(documentText('README.md'))),
    ).toEqual(AGREED);
  });
});

describe('the reader of documents', () => {
  it('finds terms in first columns and headings, and nowhere else', () => {
    const markdown = [
      '## `HEADING_ONE`',
      'Prose may name `PROSE_ONE`.',
      '| name | default |',
      '|---|---|',
      '| `ROW_ONE`, `ROW_TWO` | `CELL_ONE` |',
      '```',
      '| `CODE_ONE` | x |',
      '```',
    ].join('\n');
    expect(listedTerms(markdown, VARIABLE)).toEqual(['HEADING_ONE', 'ROW_ONE', 'ROW_TWO']);
  });

  it('finds routes, with several methods and paths in one row', () => {
    const markdown = [
      '| `PUT /data/{key}` | `GET /not-here` |',
      '| `GET\\|HEAD /data/{key}` | |',
      '| `GET /keys?prefix=&limit=` | |',
      '| `GET /health/live`, `/health/ready` | |',
      '| `GET /` | |',
    ].join('\n');
    expect(listedRoutes(markdown)).toEqual([
      'PUT /data/{}',
      'GET /data/{}',
      'GET /keys',
      'GET /health/live',
      'GET /health/ready',
      'GET /',
    ]);
  });

  it('reports what only one side has', () => {
    expect(difference(['both', 'code'], ['both', 'document'])).toEqual({
      undocumented: ['code'],
      unknown: ['document'],
    });
  });
});

describe('the reader of controllers', () => {
  const routes = (text: string): string[] => controllerRoutes({ path: 'a.controller.ts', text });

  it('joins the paths of controllers and methods, by text, list, object and constant', () => {
    expect(routes("@Controller('data')\nclass A { @Put('*') put() {} @Get(':key') get() {} }")).toEqual([
      'PUT /data/{}',
      'GET /data/{}',
    ]);
    expect(routes("@Controller(['a', 'v1/a'])\nclass A { @Get() @HttpCode(200) get() {} }")).toEqual([
      'GET /a',
      'GET /v1/a',
    ]);
    expect(
      routes("const P = ['b'] as const;\n@Controller({ path: P })\nclass A { @Get(['', 'c']) get() {} }"),
    ).toEqual(['GET /b', 'GET /b/c']);
    expect(routes('@Controller()\nexport class A { @Get() root() {} }')).toEqual(['GET /']);
  });

  it('leaves out the files of a page', () => {
    expect(routes("@Controller()\nclass A { @Get(['', ...files()]) page() {} }")).toEqual(['GET /']);
  });

  it('takes catch-alls, HEAD and other classes for no routes', () => {
    expect(
      routes(
        "@Controller('a')\nclass A { @All('*') any() {} @Head('b') head() {} }\nclass B { @Get('c') c() {} }",
      ),
    ).toEqual([]);
  });

  it('says where a path cannot be read', () => {
    expect(() => routes('@Controller(base())\nclass A { @Get() get() {} }')).toThrow(
      'a.controller.ts: the route path base() is neither text nor a constant of the file',
    );
  });
});
