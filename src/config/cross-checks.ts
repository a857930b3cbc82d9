// What must hold between variables. Each rule names the variables it looks at, so that a text which is wrong by
// itself is not complained about twice.
import type { Environment, VariableName } from './environment';
import type { Problem } from './problems';

export interface CrossProblem extends Problem {
  readonly involves: readonly VariableName[];
}

/** `given` returns a variable's text when it was set, undefined when its default is in effect. */
export function crossProblems(
  texts: Readonly<Environment>,
  given: (name: VariableName) => string | undefined,
): CrossProblem[] {
  const value = (name: VariableName): number => Number(texts[name]);
  const rule = (involves: VariableName[], broken: boolean, allowed: string): CrossProblem[] => {
    if (!broken) return [];
    const variable = involves[0];
    const text =
      given(variable) === undefined ? `"${texts[variable]}" (the default)` : `"${texts[variable]}"`;
    return [{ variable, given: text, allowed, involves }];
  };
  return [
    ...rule(
      ['NODE_COUNT', 'MAX_PORTS'],
      value('NODE_COUNT') > value('MAX_PORTS'),
      `at most MAX_PORTS (${texts.MAX_PORTS}): every node claims a port of its own in the range`,
    ),
    ...rule(
      ['MAX_PORTS', 'BASE_PORT'],
      value('BASE_PORT') + value('MAX_PORTS') - 1 > 65_535,
      `at most ${65_536 - value('BASE_PORT')} with BASE_PORT ${texts.BASE_PORT}: the range ends at port 65535`,
    ),
    ...rule(
      ['REPRAM_MIN_TTL', 'REPRAM_MAX_TTL'],
      value('REPRAM_MIN_TTL') > value('REPRAM_MAX_TTL'),
      `at most REPRAM_MAX_TTL (${texts.REPRAM_MAX_TTL} seconds)`,
    ),
    ...rule(
      ['REPRAM_DEFAULT_TTL', 'REPRAM_MIN_TTL'],
      given('REPRAM_DEFAULT_TTL') !== undefined && value('REPRAM_DEFAULT_TTL') < value('REPRAM_MIN_TTL'),
      `at least REPRAM_MIN_TTL (${texts.REPRAM_MIN_TTL} seconds)`,
    ),
    ...rule(
      ['REPRAM_DEFAULT_TTL', 'REPRAM_MAX_TTL'],
      given('REPRAM_DEFAULT_TTL') !== undefined && value('REPRAM_DEFAULT_TTL') > value('REPRAM_MAX_TTL'),
      `at most REPRAM_MAX_TTL (${texts.REPRAM_MAX_TTL} seconds)`,
    ),
  ];
}
