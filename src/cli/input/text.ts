// Words of the command line as text.
import { InputError } from '../cli-error';

/** What Node.js makes of bytes that are no UTF-8. */
const REPLACEMENT = '\uFFFD';

/** @throws InputError where other bytes were typed than the text has */
export function checkText(field: string, text: string, allowed: string): void {
  if (text.includes(REPLACEMENT)) throw new InputError(field, text, allowed);
}
