// The variables of this environment, as a node that is started here would read them.
import { documentPath } from '../../config/document-path';
import { findings, type Finding, type Scene } from './finding';

const { ok, warning, problem } = findings('settings');

export function checkSettings({ settings }: Scene): Finding[] {
  const advice = `See ${documentPath('configuration.md')}.`;
  const warned = settings.warnings.map((text) => warning(`${text}.`, advice));
  if (settings.ok) return warned.length > 0 ? warned : [ok('The variables of this environment are sound.')];
  const wrong = settings.problems.map(({ variable, given, allowed }) => {
    return problem(
      `${variable} is ${given}, so no node starts with it.`,
      `Set it to what is allowed: ${allowed}.`,
    );
  });
  return [...wrong, ...warned];
}
