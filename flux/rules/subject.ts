// What the rules about the software look at: a component as its nodes see it.
import { error, warning, type Finding } from './finding';
import type { ComponentView } from './spec-view';

/** A component with the environment its nodes see, defaults filled in. */
export interface Subject {
  readonly component: ComponentView;
  readonly given: Readonly<Record<string, string>>;
  readonly texts: Readonly<Record<string, string>>;
}

/** At the variable where it is set, else at the list that lacks it. */
export function ofVariable(
  { component, given }: Subject,
  name: string,
  rule: string,
  finding = warning,
): Finding {
  const item = component.environment.filter(({ key }) => key === name).at(-1);
  const place = item?.place ?? `${component.place}.environmentParameters`;
  return item === undefined
    ? finding(place, undefined, `${name}: ${rule}`)
    : finding(place, name.includes('SECRET') ? name : `${name}=${given[name]}`, rule);
}

/** For what keeps REPRAM from starting: the platform would take the money all the same. */
export function refusedVariable(subject: Subject, name: string, allowed: string): Finding {
  return ofVariable(subject, name, `REPRAM will not start; allowed: ${allowed}`, error);
}
