// The texts of all variables as an object that class-validator checks. Its rules come from the
// table of variables.
import { ValidateBy, Validator } from 'class-validator';
import { KNOWN_VARIABLES } from './variables';
import type { NamedVariable, VariableName, VariableTexts } from './variables';

export interface RefusedText {
  readonly name: VariableName;
  readonly allowed: string;
}

/** Has a property for each variable. */
class Environment {
  constructor(texts: Readonly<VariableTexts>) {
    Object.assign(this, texts);
  }

  refusedTexts(): RefusedText[] {
    return new Validator().validateSync(this).map(({ property, constraints }) => ({
      name: property as VariableName,
      allowed: Object.values(constraints ?? {}).join('; '),
    }));
  }
}

function ruleOf({ takes }: NamedVariable, allowed: string): PropertyDecorator {
  return ValidateBy({
    name: 'allowed',
    validator: {
      validate: (text: unknown) => typeof text === 'string' && takes.isAllowed(text),
      defaultMessage: () => allowed,
    },
  });
}

for (const variable of KNOWN_VARIABLES) {
  const { allowed } = variable.takes;
  if (allowed !== null) ruleOf(variable, allowed)(Environment.prototype, variable.name);
}

/** The variables whose text is not one they take, in the order of the table. */
export function refusedTexts(texts: Readonly<VariableTexts>): RefusedText[] {
  return new Environment(texts).refusedTexts();
}
