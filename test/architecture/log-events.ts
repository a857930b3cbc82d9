// The events that the sources log: the first argument of log.info('port-claimed', ...), the second
// of logOnce(level, event, ...), and the kinds of the core's notifications.
import ts from 'typescript';
import type { ProjectFile } from './project-files';

const LEVELS: ReadonlySet<string> = new Set(['trace', 'debug', 'info', 'warn', 'error']);
/** The one place that logs events it is handed: the kinds of notifications. */
const FORWARDS = 'src/runtime/notification-log.ts';

/**
 * Events named in one file. Throws where an event is neither text nor a choice of texts in a
 * constant of the file.
 */
export function loggedEvents(file: ProjectFile): string[] {
  if (file.path === FORWARDS) return [];
  const source = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.ES2022, true);
  const events: string[] = [];
  const visit = (node: ts.Node): void => {
    const argument = ts.isCallExpression(node) ? eventArgument(node) : undefined;
    if (argument !== undefined) events.push(...texts(argument, source));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return events;
}

function eventArgument({ expression, arguments: given }: ts.CallExpression): ts.Expression | undefined {
  if (!ts.isPropertyAccessExpression(expression)) return undefined;
  const { name, expression: object } = expression;
  if (name.text === 'logOnce') return given[1];
  const isLog = /(^|\.)log$/.test(object.getText());
  return isLog && LEVELS.has(name.text) ? given[0] : undefined;
}

function texts(expression: ts.Expression, source: ts.SourceFile): string[] {
  if (ts.isStringLiteral(expression)) return [expression.text];
  if (ts.isConditionalExpression(expression))
    return [...texts(expression.whenTrue, source), ...texts(expression.whenFalse, source)];
  const constant = ts.isIdentifier(expression) ? initializerOf(expression.text, source) : undefined;
  if (constant !== undefined) return texts(constant, source);
  throw new Error(`${source.fileName}: the event ${expression.getText()} is not a text`);
}

function initializerOf(name: string, source: ts.SourceFile): ts.Expression | undefined {
  let found: ts.Expression | undefined;
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && node.name.getText() === name) found ??= node.initializer;
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** The `kind`s of the type `name` in a file. */
export function kindsOf(name: string, file: ProjectFile): string[] {
  const source = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.ES2022, true);
  const type = source.statements.find((each) => ts.isTypeAliasDeclaration(each) && each.name.text === name);
  if (type === undefined) throw new Error(`${file.path} has no type ${name}`);
  return [...type.getText().matchAll(/\bkind: '([a-z-]+)'/g)].map((match) => match[1]);
}
