// Shell blocks of a document that say how they are to be tested: ```bash run, ```bash once or
// ```bash start. Lines `# prints: TEXT` tell what the commands print.

export interface ShellBlock {
  /** `run`: until it succeeds. `once`: a single time. `start`: a launcher that stays. */
  readonly kind: 'run' | 'once' | 'start';
  readonly script: string;
  readonly prints: readonly string[];
}

/** In the document's order. Throws on an unknown kind. */
export function shellBlocks(markdown: string): ShellBlock[] {
  return [...markdown.matchAll(/^```bash (\S+)\n([\s\S]*?)^```$/gm)].map(([, kind, script]) => {
    if (kind !== 'run' && kind !== 'once' && kind !== 'start')
      throw new Error(`unknown kind of block: ${kind}`);
    const prints = [...script.matchAll(/^# prints: (.*)$/gm)].map((match) => match[1]);
    return { kind, script, prints };
  });
}

/** The documented ports 8081 to 8090 as those from `base` on. */
export function onPorts(script: string, base: number): string {
  return script.replace(/\b80(8[1-9]|90)\b/g, (port) => String(base + Number(port) - 8081));
}

/** The variables before `npm start`. Throws when the block does anything else. */
export function startVariables(script: string): Record<string, string> {
  const [, assignments] = /^((?:[A-Z_]+=\S+ )*)npm start\n$/.exec(script) ?? [];
  if ((assignments as string | undefined) === undefined) throw new Error(`not an npm start: ${script}`);
  const pairs = [...assignments.matchAll(/(\w+)=(\S+)/g)].map(([, name, value]): [string, string] => [
    name,
    value,
  ]);
  return Object.fromEntries(pairs);
}
