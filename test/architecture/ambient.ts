// Finds where code reaches for the world by itself: clocks, randomness, timers, the process,
// packages. Works on the syntax tree, so words in comments, strings and property names are no
// findings.
import ts from 'typescript';
import type { ProjectFile } from './project-files';

const AMBIENT: ReadonlySet<string> = new Set([
  ...[
    'Date',
    'performance',
    'crypto',
    'process',
    'console',
    'Buffer',
    'global',
    'globalThis',
    'require',
    'eval',
  ],
  ...['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate'],
  ...[
    'queueMicrotask',
    'fetch',
    'WebSocket',
    'TextEncoder',
    'TextDecoder',
    'structuredClone',
    'Worker',
    'Intl',
  ],
]);

/** Names this file gives to things of its own. */
function declaredNames(source: ts.SourceFile): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    const isBinding = ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isBindingElement(node);
    const isNamed =
      ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node) || ts.isImportSpecifier(node);
    if ((isBinding || isNamed) && node.name !== undefined && ts.isIdentifier(node.name))
      names.add(node.name.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return names;
}

/** Whether `identifier` refers to a variable, rather than naming a member of something. */
function isReference(identifier: ts.Identifier): boolean {
  const { parent } = identifier;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === identifier;
  if (ts.isQualifiedName(parent)) return parent.left === identifier;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === identifier;
  if (ts.isBindingElement(parent)) return parent.initializer === identifier;
  return (
    !(ts.isTypeElement(parent) || ts.isClassElement(parent) || ts.isEnumMember(parent)) ||
    parent.name !== identifier
  );
}

function isMathRandom(node: ts.Node): boolean {
  const takes = (object: ts.Node, member: string | undefined): boolean =>
    ts.isIdentifier(object) && object.text === 'Math' && member === 'random';
  if (ts.isPropertyAccessExpression(node)) return takes(node.expression, node.name.text);
  if (ts.isElementAccessExpression(node)) {
    const { argumentExpression: member } = node;
    return takes(node.expression, ts.isStringLiteralLike(member) ? member.text : undefined);
  }
  if (!ts.isBindingElement(node)) return false;
  const { initializer } = node.parent.parent as ts.VariableDeclaration;
  return initializer !== undefined && takes(initializer, (node.propertyName ?? node.name).getText());
}

/**
 * The package or built-in that an import, export-from, import type or dynamic import names; null
 * within the project.
 */
function foreignImport(node: ts.Node): string | null {
  let named: ts.Node | undefined;
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) named = node.moduleSpecifier;
  else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
    named = node.arguments[0];
  else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) named = node.argument.literal;
  if (named === undefined) return null;
  const text = ts.isStringLiteralLike(named) ? named.text : named.getText();
  return text.startsWith('.') ? null : text;
}

/** "path:line reaches for X" for each place where the file looks outside what it is handed. */
export function ambientUses(file: ProjectFile): string[] {
  const source = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.ES2022, true);
  const own = declaredNames(source);
  const found: string[] = [];
  const report = (node: ts.Node, what: string): void => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
    found.push(`${file.path}:${line + 1} reaches for ${what}`);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && AMBIENT.has(node.text) && !own.has(node.text) && isReference(node))
      report(node, node.text);
    if (isMathRandom(node)) report(node, 'Math.random');
    const foreign = foreignImport(node);
    if (foreign !== null) report(node, foreign);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
