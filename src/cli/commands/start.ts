// `repram start` with arguments never comes here (src/cli.ts): only its help does, and options that
// stand in front of it.
import { CliError } from '../cli-error';

export function start(): Promise<never> {
  const advice = 'settings are environment variables, see repram start --help';
  const message = 'start takes no option';
  return Promise.reject(new CliError({ ending: 'usage', code: 'usage', message, advice }));
}
