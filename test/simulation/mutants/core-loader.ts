// Loads the product's core with pieces of its text replaced. The core imports nothing but itself,
// so a loader of a few lines is enough. Modules that lead to no edited text are shared by all
// mutants, and so is what the engine has learnt of them; sharing them is safe, for no module of the
// core has a state.
import { readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { compileFunction } from 'node:vm';
import { transformSync } from '@swc/core';
import swc from '../../../scripts/swc.cjs';
import type { CoreNode, CoreNodeOptions } from '../../../src/core/node/core-node';
import type { CoreFactory } from '../world/simulated-core';

/** One piece of text below src/core, and what stands there instead. */
export interface Edit {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

const CORE = resolve(__dirname, '..', '..', '..', 'src', 'core');
const CORE_NODE = join(CORE, 'node', 'core-node.ts');

interface Module {
  readonly exported: Record<string, unknown>;
  /** Paths of all that it imports, directly or not, itself included. */
  readonly reach: Set<string>;
}
type Modules = Map<string, Module>;
type Body = (exported: Module['exported'], requireFrom: (name: string) => Module['exported']) => void;

export class CoreLoader {
  private readonly unedited: Modules = new Map();

  /**
   * Throws when a piece to replace is not there exactly once: then the core has changed, and the
   * mutant must follow.
   */
  load(edits: readonly Edit[]): CoreFactory {
    load(CORE_NODE, [], this.unedited);
    const edited = edits.map(({ file }) => join(CORE, file));
    const modules = new Map(
      [...this.unedited].filter(([, { reach }]) => !edited.some((path) => reach.has(path))),
    );
    const { CoreNode: Mutated } = load(CORE_NODE, edits, modules).exported as {
      CoreNode: new (options: CoreNodeOptions) => CoreNode;
    };
    return (options) => new Mutated(options);
  }
}

/** `modules` are those loaded already. */
function load(path: string, edits: readonly Edit[], modules: Modules): Module {
  const known = modules.get(path);
  if (known !== undefined) return known;
  const module = { exported: {}, reach: new Set([path]) };
  modules.set(path, module);
  const requireFrom = (name: string): Module['exported'] => {
    const { exported, reach } = load(`${join(dirname(path), name)}.ts`, edits, modules);
    for (const further of reach) module.reach.add(further);
    return exported;
  };
  const run = compileFunction(compiled(path, edits), ['exports', 'require'], { filename: path }) as Body;
  run(module.exported, requireFrom);
  return module;
}

function compiled(path: string, edits: readonly Edit[]): string {
  const source = readFileSync(path, 'utf8');
  const text = edits.filter(({ file }) => file === relative(CORE, path)).reduce(edited, source);
  return transformSync(text, { ...swc, filename: path }).code;
}

function edited(text: string, { file, find, replace }: Edit): string {
  const places = text.split(find).length - 1;
  if (places !== 1) throw new Error(`src/core/${file} has ${places} times: ${find}`);
  return text.replace(find, () => replace);
}
