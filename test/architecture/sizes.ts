// How long files and functions are, measured on the syntax tree.
import ts from 'typescript';
import type { ProjectFile } from './project-files';

export interface Size {
  /** "src/core/node/core-node.ts" or "src/core/node/core-node.ts handle". */
  readonly what: string;
  readonly lines: number;
}

export function fileSize(file: ProjectFile): Size {
  return { what: file.path, lines: file.text.split('\n').length - (file.text.endsWith('\n') ? 1 : 0) };
}

type FunctionWithBody = ts.FunctionLikeDeclaration & { readonly body: ts.Node };

function isFunctionWithBody(node: ts.Node): node is FunctionWithBody {
  return ts.isFunctionLike(node) && 'body' in node && node.body !== undefined;
}

/** `describe` blocks only group tests; the tests in them are measured one by one. */
function isDescribeCallback(node: ts.Node): boolean {
  const call = node.parent;
  return ts.isCallExpression(call) && /^describe\b/.test(call.expression.getText());
}

function nameOf(node: FunctionWithBody, source: ts.SourceFile): string {
  const named = node.name ?? (ts.isVariableDeclaration(node.parent) ? node.parent.name : undefined);
  const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
  return (
    named?.getText(source) ?? (ts.isConstructorDeclaration(node) ? 'constructor' : `function at line ${line}`)
  );
}

/**
 * Every function, method, accessor, constructor and arrow with a body, with the lines from its
 * first to its last.
 */
export function functionSizes(file: ProjectFile): Size[] {
  const source = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.ES2022, true);
  const sizes: Size[] = [];
  const visit = (node: ts.Node): void => {
    if (isFunctionWithBody(node) && !isDescribeCallback(node)) {
      const first = source.getLineAndCharacterOfPosition(node.getStart(source)).line;
      const last = source.getLineAndCharacterOfPosition(node.end).line;
      sizes.push({ what: `${file.path} ${nameOf(node, source)}`, lines: last - first + 1 });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return sizes;
}

/** The smallest size that at least `share` (0 to 1) of all sizes do not exceed; 0 of none. */
export function percentile(sizes: readonly Size[], share: number): number {
  const sorted = sizes.map(({ lines }) => lines).sort((a, b) => a - b);
  return sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
}
