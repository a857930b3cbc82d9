// What a client sent, for the message that says what is wrong with it.

const SHOWN_MAX = 40;

/** In quotes, and cut short. */
export function givenText(text: string): string {
  return JSON.stringify(text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}...` : text);
}
