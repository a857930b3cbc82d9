// What is odd about a cluster secret, without saying what it is. A secret that can be guessed keeps
// no attacker out. Somebody who gets between two hosts once can try guesses against what was sent,
// each for a fifth of a second of a processor.

/**
 * Bits below which it is worth a line. A random one of 32 hexadecimal digits has about 115 by this
 * estimate.
 */
const BITS_MIN = 90;
/**
 * What a letter of a word is worth when the words are any (C. E. Shannon, Prediction and Entropy of
 * Printed English).
 */
const BITS_PER_LETTER_OF_WORDS = 2.3;

const REMEDY = '`openssl rand -hex 32` makes one that nobody guesses';

/**
 * Generous: frequency of its characters times length, which believes in no dictionary. Less where
 * it seems to be words.
 */
export function secretBits(secret: string): number {
  const characters = Array.from(secret);
  const counts = new Map<string, number>();
  for (const character of characters) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits += count * Math.log2(characters.length / count);
  const isWords = /^[\p{L}\s_.-]+$/u.test(secret) && !changesCaseOften(secret);
  return Math.floor(isWords ? Math.min(bits, BITS_PER_LETTER_OF_WORDS * characters.length) : bits);
}

/** As the letters of base64 do, and those of words do not. */
function changesCaseOften(letters: string): boolean {
  const changes = letters.match(/\p{Ll}(?=\p{Lu})|\p{Lu}(?=\p{Ll})/gu)?.length ?? 0;
  return changes > letters.length / 3;
}

/** One line for each thing. The secret itself is never shown. `variable` is where it came from. */
export function secretAdvice(variable: string, secret: string, cluster: string): string[] {
  const advice: string[] = [];
  const bits = secretBits(secret);
  if (secret === cluster)
    advice.push(`${variable} is the name of the cluster, which everybody is told; ${REMEDY}`);
  else if (bits < BITS_MIN) {
    const size = `${secret.length} character${secret.length === 1 ? '' : 's'}, some ${bits} bits`;
    advice.push(`${variable} can be guessed (${size}, and ${BITS_MIN} are wanted): ${REMEDY}`);
  }
  return advice;
}

/**
 * A file that others than its owner may read or write. `mode` is as stat gives it. Null where that
 * is fine, or not told.
 */
export function secretFileAdvice(variable: string, mode: number): string | null {
  const octal = (mode & 0o777).toString(8).padStart(4, '0');
  if ((mode & 0o022) !== 0)
    return `${variable} can be changed by others than its owner (mode ${octal}): chmod 600`;
  if ((mode & 0o004) !== 0)
    return `${variable} can be read by everybody on this machine (mode ${octal}): chmod 600`;
  return null;
}
