// Which of the encodings that a file is kept in a client gets (RFC 9110, 12.5.3).

/** The encodings that files are kept in besides their own bytes, the smallest first. */
export const ENCODINGS = ['br', 'gzip'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/**
 * The one of `offered` that the client likes best, the first of equals. Null for the bytes as they
 * are: the client said nothing, likes them better, or takes nothing that is there.
 */
export function preferredEncoding(
  acceptEncoding: string | undefined,
  offered: readonly Encoding[],
): Encoding | null {
  const weights = weightsOf(acceptEncoding ?? '');
  const rest = weights.get('*') ?? 0;
  const weightOf = (name: string): number => weights.get(name) ?? rest;
  let best: Encoding | null = null;
  for (const encoding of offered) {
    if (weightOf(encoding) > (best === null ? 0 : weightOf(best))) best = encoding;
  }
  const ownBytes = weights.get('identity') ?? 0;
  return best !== null && weightOf(best) >= ownBytes ? best : null;
}

/** A name that is listed twice has its last weight; one whose weight cannot be read has none. */
function weightsOf(header: string): ReadonlyMap<string, number> {
  const parts = header.toLowerCase().split(',', 50);
  return new Map(
    parts.map((part) => {
      const [name = '', ...parameters] = part.split(';').map((each) => each.trim());
      const weight = parameters.find((each) => /^q\s*=/.test(each))?.replace(/^q\s*=\s*/, '') ?? '1';
      return [
        name === 'x-gzip' ? 'gzip' : name,
        /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(weight) ? Number(weight) : 0,
      ];
    }),
  );
}
