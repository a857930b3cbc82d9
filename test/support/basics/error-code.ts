import { RepramError } from '../../../src/client';

/** The code of what it throws; null when it throws nothing. */
export function errorCode(act: () => unknown): string | null {
  try {
    act();
    return null;
  } catch (error) {
    if (error instanceof RepramError) return error.code;
    throw error;
  }
}
