// Loads the product's core with pieces of its text replaced. The core imports nothing but itself,
// so a loader of a few lines is enough; every load has its own modules and leaves the real ones
// alone.
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
type Exports = Record<string, unknown>;
type Body = (exported: Exports, requireFrom: (name: string) => Exports) => void;

export class CoreLoader {
  /** Compiled texts; most files are the same in all mutants. */
  private readonly compiled = new Map<string, string>();

  /**
   * Throws when a piece to replace is not there exactly once: then the core has changed, and the
   * mutant must follow.
   */
  load(edits: readonly Edit[]): CoreFactory {
    const modules = new Map<string, Exports>();
    const load = (path: string): Exports => {
      const known = modules.get(path);
      if (known !== undefined) return known;
      const exported: Exports = {};
      modules.set(path, exported);
      const requireFrom = (name: string): Exports => load(`${join(dirname(path), name)}.ts`);
      const params = ['exports', 'require'];
      const run = compileFunction(this.compile(path, edits), params, { filename: path }) as Body;
      run(exported, requireFrom);
      return exported;
    };
    const { CoreNode: Mutated } = load(join(CORE, 'node', 'core-node.ts')) as {
      CoreNode: new (options: CoreNodeOptions) => CoreNode;
    };
    return (options) => new Mutated(options);
  }

  private compile(path: string, edits: readonly Edit[]): string {
    const source = readFileSync(path, 'utf8');
    const text = edits.filter(({ file }) => file === relative(CORE, path)).reduce(edited, source);
    let code = this.compiled.get(text);
    if (code === undefined) {
      code = transformSync(text, { ...swc, filename: path }).code;
      this.compiled.set(text, code);
    }
    return code;
  }
}

function edited(text: string, { file, find, replace }: Edit): string {
  const places = text.split(find).length - 1;
  if (places !== 1) throw new Error(`src/core/${file} has ${places} times: ${find}`);
  return text.replace(find, () => replace);
}
