// The time-to-live a client asked for, and the one that takes effect. Pure; seconds throughout.

import { givenText } from '../../http/given-text';

export interface TtlRules {
  readonly minSeconds: number;
  readonly maxSeconds: number;
  readonly defaultSeconds: number;
}

export type TtlReading =
  { readonly kind: 'ttl'; readonly seconds: number } | { readonly kind: 'invalid'; readonly given: string };

/** Plain decimal notation: no sign, exponent, hexadecimal or words. */
export const DECIMAL = /^(?:\d+\.?\d*|\.\d+)$/;

/**
 * Reads the query parameter, else the header, else takes the default. Fractions round up to whole
 * seconds. The result is raised to the minimum and lowered to the maximum. Zero and everything that
 * is not a decimal number is invalid. So is a header given twice, which Node.js joins with a comma,
 * also where the parameter goes before it.
 */
export function readTtl(
  parameter: string | undefined,
  header: string | undefined,
  rules: TtlRules,
): TtlReading {
  if (parameter !== undefined && header?.includes(',') === true) return { kind: 'invalid', given: header };
  const given = parameter ?? header;
  const asked = secondsOf(given);
  if (asked === 0) return { kind: 'invalid', given: given ?? '' };
  return { kind: 'ttl', seconds: clamp(Math.ceil(asked ?? rules.defaultSeconds), rules) };
}

/** Null when nothing was given, 0 when it is no time-to-live. */
function secondsOf(given: string | undefined): number | null {
  if (given === undefined) return null;
  return DECIMAL.test(given) ? Number(given) : 0;
}

function clamp(seconds: number, rules: TtlRules): number {
  return Math.min(Math.max(seconds, rules.minSeconds), rules.maxSeconds);
}

/** The sentence that tells a client what was wrong and what is allowed. */
export function ttlAdvice(given: string, rules: TtlRules): string {
  const shown = givenText(given);
  return (
    `ttl (or X-TTL) was ${shown}; allowed is a positive decimal number of seconds such as 600 or 0.5. ` +
    `Below ${rules.minSeconds} it is raised, above ${rules.maxSeconds} lowered.`
  );
}
