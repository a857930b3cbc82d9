// JSON from strangers. JSON.parse stops the whole process for as long as it takes, and what costs
// is not bytes but values: a megabyte of brackets takes it 0.8 s, of texts 0.05 s (Node.js 20, half
// a processor). So the text is looked through first, a character at a time, and what has too many
// values or too many levels is not parsed.

export interface JsonBounds {
  /** UTF-16 units of the text. */
  readonly unitsMax: number;
  /** Objects and lists within each other. */
  readonly depthMax: number;
  /** Members, items, objects and lists, all together. */
  readonly valuesMax: number;
}

const [QUOTE, BACKSLASH, COMMA, COLON] = Array.from('"\\,:', codeOf);
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = Array.from('[]{}', codeOf);

/** What the text says; undefined where it is no JSON, or is beyond the bounds. Never throws. */
export function parseWithin(text: string, bounds: JsonBounds): unknown {
  if (!isWithin(text, bounds)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isWithin(text: string, { unitsMax, depthMax, valuesMax }: JsonBounds): boolean {
  if (text.length > unitsMax) return false;
  let [depth, values] = [0, 0];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfText(text, at);
    else if (code === COMMA || code === COLON) values += 1;
    else if (code === OPEN_LIST || code === OPEN_OBJECT) {
      values += 1;
      depth += 1;
    } else if (code === CLOSE_LIST || code === CLOSE_OBJECT) depth -= 1;
    if (depth > depthMax || values > valuesMax) return false;
  }
  return true;
}

/** Of the text that begins at `start`: where its closing quotation mark is, or the end of all. */
function endOfText(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at;
}

function codeOf(character: string): number {
  return character.charCodeAt(0);
}
