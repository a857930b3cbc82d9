// The checker's front: everything there is to say about one specification.
import { type Finding, warning } from './finding';
import { PLATFORM_ERRORS } from './platform-errors';
import { platformWarnings } from './platform-warnings';
import { softwareWarnings } from './software-warnings';
import { specView } from './spec-view';
import { isEarlierVersion, structureErrors } from './structure';

/** `document`: what JSON.parse returned, whatever it is. */
export function checkSpec(document: unknown): Finding[] {
  const spec = specView(document);
  if (isEarlierVersion(document)) {
    const rule = 'the platform still takes it; only versions 7 and 8 are checked here: take 8';
    return [warning('$.version', spec.keys.version, rule)];
  }
  return [
    ...structureErrors(document),
    ...PLATFORM_ERRORS.flatMap((rule) => rule(spec)),
    ...platformWarnings(spec),
    ...spec.components.flatMap((component) => softwareWarnings(component, spec.keys.name)),
  ];
}
