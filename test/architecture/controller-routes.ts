// Reads the routes out of the controllers' decorators, without starting anything.
import ts from 'typescript';
import { normalRoute } from './documents';
import type { ProjectFile } from './project-files';

const METHODS: ReadonlySet<string> = new Set(['Get', 'Put', 'Post', 'Patch', 'Delete']);

interface Called {
  readonly name: string;
  readonly argument: ts.Expression | undefined;
}

function decoratorsOf(node: ts.Node): Called[] {
  if (!ts.canHaveDecorators(node)) return [];
  return (ts.getDecorators(node) ?? []).flatMap(({ expression }) =>
    ts.isCallExpression(expression)
      ? [{ name: expression.expression.getText(), argument: expression.arguments.at(0) }]
      : [],
  );
}

/** Initializers of the file's top-level constants. */
function constantsOf(source: ts.SourceFile): ReadonlyMap<string, ts.Expression> {
  const constants = new Map<string, ts.Expression>();
  for (const statement of source.statements.filter(ts.isVariableStatement)) {
    for (const { name, initializer } of statement.declarationList.declarations) {
      if (initializer !== undefined) constants.set(name.getText(), initializer);
    }
  }
  return constants;
}

/** The path or paths a routing decorator was given. */
function pathsIn(
  argument: ts.Expression | undefined,
  constants: ReadonlyMap<string, ts.Expression>,
): string[] {
  if (argument === undefined) return [''];
  if (ts.isAsExpression(argument)) return pathsIn(argument.expression, constants);
  if (ts.isStringLiteralLike(argument)) return [argument.text];
  // `...files()` adds the names of files that a page consists of; they are served, but are no API.
  if (ts.isSpreadElement(argument)) return [];
  if (ts.isArrayLiteralExpression(argument))
    return argument.elements.flatMap((each) => pathsIn(each, constants));
  if (ts.isIdentifier(argument) && constants.has(argument.text)) {
    return pathsIn(constants.get(argument.text), constants);
  }
  if (ts.isObjectLiteralExpression(argument)) {
    const path = argument.properties.find((property) => property.name?.getText() === 'path');
    return pathsIn(
      path !== undefined && ts.isPropertyAssignment(path) ? path.initializer : undefined,
      constants,
    );
  }
  const file = argument.getSourceFile().fileName;
  throw new Error(`${file}: the route path ${argument.getText()} is neither text nor a constant of the file`);
}

/**
 * "PUT /data/{}" for each route of each controller class in the file; catch-alls (`@All`) are no
 * routes.
 */
export function controllerRoutes(file: ProjectFile): string[] {
  const source = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.ES2022, true);
  const constants = constantsOf(source);
  const routes: string[] = [];
  for (const node of source.statements.filter(ts.isClassDeclaration)) {
    const controller = decoratorsOf(node).find(({ name }) => name === 'Controller');
    if (controller === undefined) continue;
    const bases = pathsIn(controller.argument, constants);
    for (const { name, argument } of node.members.flatMap(decoratorsOf)) {
      if (!METHODS.has(name)) continue;
      const paths = pathsIn(argument, constants);
      routes.push(...bases.flatMap((base) => paths.map((path) => normalRoute(name, `${base}/${path}`))));
    }
  }
  return routes;
}
