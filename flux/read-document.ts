// Reads a JSON document that somebody wrote by hand or exported from a form.
import { readFileSync } from 'node:fs';

/**
 * Far more than any specification has. Functions that walk a document need a bound on how deep it
 * is.
 */
const DEPTH_MAX = 64;
/** Editors on Windows begin files with it, and JSON.parse does not take it. */
const BYTE_ORDER_MARK = '\uFEFF';

export type DocumentReading =
  | { readonly kind: 'document'; readonly document: unknown }
  /** `problem` is a line for people and names the file. */
  | { readonly kind: 'unreadable'; readonly problem: string };

/** @param file its path, or `-` for standard input */
export function readDocument(file: string): DocumentReading {
  try {
    const text = readFileSync(file === '-' ? 0 : file, 'utf8');
    const document: unknown = JSON.parse(text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text);
    if (isDeeper(document, DEPTH_MAX)) throw new Error(`nested deeper than ${DEPTH_MAX} levels`);
    return { kind: 'document', document };
  } catch (error) {
    return { kind: 'unreadable', problem: `${file}: ${(error as Error).message}\n` };
  }
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((part) => isDeeper(part, levels - 1));
}
