// Reads a Dockerfile as far as the checks need it: stages, and their instructions with continued
// lines joined.

export interface Instruction {
  readonly name: string;
  readonly text: string;
}

export interface Stage {
  readonly base: string;
  readonly instructions: readonly Instruction[];
}

/** Throws when something other than comments and ARG stands before the first FROM. */
export function stagesOf(dockerfile: string): Stage[] {
  const stages: { base: string; instructions: Instruction[] }[] = [];
  const lines = dockerfile.replace(/^\s*#.*\n/gm, '').replace(/\\\n\s*/g, '');
  for (const line of lines.split('\n').filter((each) => each.trim() !== '')) {
    const [, name, text] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    if (name === 'FROM') stages.push({ base: text, instructions: [] });
    else stages[stages.length - 1].instructions.push({ name, text });
  }
  return stages;
}

/** The texts of one kind of instruction, in order. */
export function textsOf(stage: Stage, name: string): string[] {
  return stage.instructions.filter((each) => each.name === name).map(({ text }) => text);
}

/**
 * The JSON array of an exec form, with or without options and CMD before it. Throws when it is a
 * shell form.
 */
export function execForm(text: string): string[] {
  return JSON.parse(text.replace(/^[^[]*(?=\[)/, '')) as string[];
}
