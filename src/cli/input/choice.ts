// One of a few words.
import { InputError } from '../cli-error';

export function parseChoice<Choice extends string>(
  field: string,
  text: string,
  choices: readonly Choice[],
): Choice {
  const choice = choices.find((each) => each === text);
  if (choice !== undefined) return choice;
  throw new InputError(field, text, `one of ${choices.join(', ')}`);
}
