// The checker's front: everything there is to say about one specification.
import { errorsOf, type Finding, warning } from './finding';
import { PLATFORM_ERRORS } from './platform-errors';
import { platformWarnings } from './platform-warnings';
import { softwareFindings } from './software';
import { specView } from './spec-view';
import { isServer, storeFindings } from './store-component';
import { isEarlierVersion, structureErrors } from './structure';

/** `document`: what JSON.parse returned, whatever it is. */
export function checkSpec(document: unknown): Finding[] {
  const spec = specView(document);
  const nodes = spec.components.filter((component) => !isServer(component));
  const software = nodes.flatMap((component) => softwareFindings(component, spec.keys.name));
  if (isEarlierVersion(document)) {
    const rule =
      'the platform still takes it; of its own rules only those of versions 7 and 8 are checked here: take 8';
    return [warning('$.version', spec.keys.version, rule), ...errorsOf(software)];
  }
  return [
    ...structureErrors(document),
    ...PLATFORM_ERRORS.flatMap((rule) => rule(spec)),
    ...platformWarnings(spec),
    ...software,
    ...storeFindings(spec),
  ];
}
