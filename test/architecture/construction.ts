// What the classes of a file are made of, measured on the syntax tree.
import ts from 'typescript';
import type { ProjectFile } from './project-files';

export interface Made {
  /** "src/core/store/store.ts Store". */
  readonly what: string;
  /** Parameters of the constructor, or members of a bag of parts. */
  readonly count: number;
}

/** Constructors, and the interfaces called `...Parts` that are handed to them. */
export function madeOf({ path, text }: ProjectFile): Made[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  const made: Made[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isConstructorDeclaration(node)) {
      const name = node.parent.name?.getText(source) ?? 'class';
      made.push({ what: `${path} ${name}`, count: node.parameters.length });
    }
    if (ts.isInterfaceDeclaration(node) && node.name.text.endsWith('Parts'))
      made.push({ what: `${path} ${node.name.text}`, count: node.members.length });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return made;
}
